//! Modules that loop, crash, lie or remember, and what the host says of them.

// A helper of tests is a test to everybody but clippy.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::Duration;

use isolation_runtime::{CallError, Engine, EngineOptions, LoadError, Module, no_cluster};
use serde_json::{Value, json};

/// A short clock, so that the tests need not wait for policy-server's two seconds.
fn engine() -> Engine {
    Engine::new(EngineOptions { tick: Duration::from_millis(50), deadline_ticks: 2, cache: false }).unwrap()
}

fn module(wat: &str) -> Result<Module, LoadError> {
    Module::compile(&engine(), &wat::parse_str(wat).unwrap())
}

fn validate(wat: &str) -> Result<bool, CallError> {
    module(wat).unwrap().validate(&json!({}), &Value::Null, &no_cluster()).map(|answer| answer.accepted)
}

#[test]
fn a_module_that_loops_is_stopped() {
    assert!(matches!(validate(include_str!("fixtures/loops.wat")), Err(CallError::Deadline)));
    assert!(matches!(validate(include_str!("fixtures/loops_at_start.wat")), Err(CallError::Deadline)));
}

#[test]
fn a_module_that_traps_is_reported() {
    let error = validate(include_str!("fixtures/traps.wat")).unwrap_err();
    assert!(
        matches!(&error, CallError::Failed(text) if text.contains("unreachable") || text.contains("wasm")),
        "{error}"
    );
}

#[test]
fn a_module_that_answers_garbage_is_reported() {
    assert!(matches!(validate(include_str!("fixtures/garbage.wat")), Err(CallError::BadAnswer(_))));
    assert!(validate(include_str!("fixtures/out_of_bounds.wat")).is_err());
}

#[test]
fn an_error_of_the_module_reaches_the_caller() {
    let error = validate(include_str!("fixtures/reports_error.wat")).unwrap_err();
    assert!(error.to_string().contains("out of coffee"), "{error}");
}

#[test]
fn a_module_that_imports_what_nobody_provides_is_refused_when_it_is_loaded() {
    let error = module(include_str!("fixtures/unknown_import.wat")).unwrap_err();
    assert!(matches!(&error, LoadError::Imports(text) if text.contains("open_the_door")), "{error}");
}

#[test]
fn bytes_that_are_no_module_are_refused() {
    assert!(matches!(Module::compile(&engine(), b"PK\x03\x04"), Err(LoadError::NotAModule(_))));
    assert!(validate(include_str!("fixtures/no_entry.wat")).is_err());
}

#[test]
fn every_request_gets_a_fresh_instance() {
    let module = module(include_str!("fixtures/counts.wat")).unwrap();
    for _ in 0..3 {
        assert!(module.validate(&json!({}), &Value::Null, &no_cluster()).unwrap().accepted);
    }
}
