//! Which nodes a pod requires: its node selector and its required node affinity.

use std::borrow::Cow;

use isolation::json::Kind;
use isolation::{Findings, Value};

/// How a requirement compares the label of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// One of the values.
    In,
    /// None of the values.
    NotIn,
    /// Any value.
    Exists,
    /// No value: the label is missing.
    DoesNotExist,
    /// Another operator, which no rule reads.
    Other,
}

/// One requirement for a node's labels.
#[derive(Debug)]
pub struct Requirement<'d> {
    /// Its place in the object: the selector's value, or the expression of the affinity.
    pub spot: Value<'d>,
    /// The label.
    pub key: Cow<'d, str>,
    /// How the label is compared.
    pub operator: Operator,
    /// The values that the operator compares with.
    pub values: Vec<Cow<'d, str>>,
}

/// Requirements that a node must meet together: the selector, or one term of the affinity.
pub type Term<'d> = [Requirement<'d>];

impl Requirement<'_> {
    /// Whether a node may have one of the label's values for which `counts` holds.
    pub fn admits(&self, counts: impl Fn(&str) -> bool) -> bool {
        self.operator == Operator::In && self.values.iter().any(|value| counts(value))
    }

    /// Whether a node must not have one of the label's values for which `counts` holds.
    pub fn excludes(&self, counts: impl Fn(&str) -> bool) -> bool {
        self.operator == Operator::NotIn && self.values.iter().any(|value| counts(value))
    }

    /// Whether a node must have one of the label's values for which `counts` holds.
    pub fn demands(&self, counts: impl Fn(&str) -> bool) -> bool {
        self.operator == Operator::In && !self.values.is_empty() && self.values.iter().all(|value| counts(value))
    }
}

/// Calls `found` with the selector of a pod's spec, and with every term of its required affinity. The terms are alternatives: a
/// pod with two may run on nodes of either, so each counts.
pub fn for_each_term<'d>(findings: &mut Findings, spec: Value<'d>, found: &mut dyn FnMut(&mut Findings, &Term<'d>)) {
    if let Some(selector) = findings.object(spec, "nodeSelector") {
        let mut term = Vec::new();
        for (key, value) in selector.entries() {
            if !value.is_null() && findings.expect(value, Kind::String) {
                let values = value.as_str().into_iter().collect();
                term.push(Requirement { spot: value, key, operator: Operator::In, values });
            }
        }
        found(findings, &term);
    }
    let required = ["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"];
    let Some(required) = findings.descend(spec, &required) else { return };
    for term in findings.objects(required, "nodeSelectorTerms") {
        let term = requirements(findings, term);
        found(findings, &term);
    }
}

/// Calls `found` with every preference of a pod's spec.
pub fn for_each_preference<'d>(
    findings: &mut Findings,
    spec: Value<'d>,
    found: &mut dyn FnMut(&mut Findings, &Requirement<'d>),
) {
    let Some(affinity) = findings.descend(spec, &["affinity", "nodeAffinity"]) else { return };
    for preference in findings.objects(affinity, "preferredDuringSchedulingIgnoredDuringExecution") {
        let Some(term) = findings.object(preference, "preference") else { continue };
        for requirement in requirements(findings, term) {
            found(findings, &requirement);
        }
    }
}

/// The requirements of an affinity's term.
fn requirements<'d>(findings: &mut Findings, term: Value<'d>) -> Vec<Requirement<'d>> {
    let mut expressions = findings.objects(term, "matchExpressions");
    // These compare fields of the node. Only its name is supported.
    expressions.extend(findings.objects(term, "matchFields"));
    let demanded = expressions.into_iter().filter_map(|expression| {
        let (_, key) = findings.text(expression, "key")?;
        let operator = match findings.text(expression, "operator") {
            Some((_, operator)) => match operator.as_ref() {
                "In" => Operator::In,
                "NotIn" => Operator::NotIn,
                "Exists" => Operator::Exists,
                "DoesNotExist" => Operator::DoesNotExist,
                _ => Operator::Other,
            },
            None => Operator::Other,
        };
        let values = findings.list(expression, "values").filter_map(|value| value.as_str()).collect();
        Some(Requirement { spot: expression, key, operator, values })
    });
    demanded.collect()
}
