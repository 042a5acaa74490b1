//! Hostile input, and what must hold of all that reads it.
//!
//! A [`target::Target`] is one thing that is fuzzed: its property, the inputs to start from, which are made of the cases, and
//! a way to change an input that keeps its form. The same targets are run in two ways: `make fuzz` gives them to libFuzzer
//! (`libfuzzer/`), which goes on from inputs that reach new code; `make test` runs them over their first inputs, over those
//! that once broke something (`found/`), and over a few changes of each case, with the same numbers on every machine.
//!
//! There are several ways to make input. [`mutate::bytes`] breaks the text, [`mutate::value`] keeps it JSON and puts something
//! else into one place, [`lines::change`] changes YAML as people write it, and [`rewrite::otherwise`] writes the same JSON in
//! another way, so that nothing may change. All are driven by a [`random::Random`] that starts from a number.

pub mod answers;
pub mod dictionary;
pub mod growth;
pub mod judging;
pub mod lines;
pub mod mutate;
pub mod random;
pub mod rewrite;
pub mod seeds;
pub mod target;
pub mod targets;
