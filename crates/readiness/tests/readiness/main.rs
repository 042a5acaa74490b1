//! The report, as a document and as a page.

mod page;
mod readiness;
mod support;
