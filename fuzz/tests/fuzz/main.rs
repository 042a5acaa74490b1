//! What must hold of hostile input, in seconds: changed cases, the first inputs of every target, and what was once found.

mod hostile;
mod targets;
