//! Reports and their forms.

mod forms;
mod report;
