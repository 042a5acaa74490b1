//! Hostile input, made of the payloads of all cases.
//!
//! There are three ways to make it. [`mutate::bytes`] breaks the text, [`mutate::value`] keeps it JSON and puts something
//! else into one place, and [`rewrite::otherwise`] writes the same JSON in another way, so that nothing may change. All are
//! driven by a [`random::Random`] that starts from a number: the same number makes the same input, on every machine.
//!
//! `tests/hostile.rs` gives the results to every policy and says what must hold of the answers. It takes seconds;
//! `make fuzz` goes on for longer, with other numbers each round.

pub mod mutate;
pub mod random;
pub mod rewrite;
