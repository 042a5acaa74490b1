//! The formats of the document. Each writes what the document says and adds nothing; who calls decides where it goes.

pub mod html;
pub mod json;
pub mod markdown;
pub mod terminal;
mod text;
