//! What is generated, what it must agree with, and what the documents say.

mod generated;
mod kwctl;
mod links;
mod package;
mod released;
mod schemas;
mod workflows;
