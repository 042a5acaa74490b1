//! Which nodes a pod demands: its node selector, and the node affinity that scheduling requires.

use std::borrow::Cow;

use isolation::json::Kind;
use isolation::{Findings, Value};

/// What is asked of the label of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// One of the values.
    In,
    /// None of the values.
    NotIn,
    /// Any value.
    Exists,
    /// Something else, which no rule looks at.
    Other,
}

/// One demand on a node's labels.
#[derive(Debug)]
pub struct Requirement<'d> {
    /// Where it stands: the selector's value, or the expression of the affinity.
    pub spot: Value<'d>,
    /// The label.
    pub key: Cow<'d, str>,
    /// What is asked of it.
    pub operator: Operator,
    /// The values that the operator compares with.
    pub values: Vec<Cow<'d, str>>,
}

/// Demands that a node must meet together: the selector, or one term of the affinity.
pub type Term<'d> = [Requirement<'d>];

impl Requirement<'_> {
    /// Whether nodes will do that have one of the label's values for which `counts` holds.
    pub fn admits(&self, counts: impl Fn(&str) -> bool) -> bool {
        self.operator == Operator::In && self.values.iter().any(|value| counts(value))
    }

    /// Whether nodes are ruled out that have one of the label's values for which `counts` holds.
    pub fn excludes(&self, counts: impl Fn(&str) -> bool) -> bool {
        self.operator == Operator::NotIn && self.values.iter().any(|value| counts(value))
    }

    /// Whether only nodes will do that have one of the label's values for which `counts` holds.
    pub fn demands(&self, counts: impl Fn(&str) -> bool) -> bool {
        self.operator == Operator::In && !self.values.is_empty() && self.values.iter().all(|value| counts(value))
    }
}

/// Calls `found` with every demand of a pod's spec and the others that go with it. The terms of an affinity are
/// alternatives: a pod with two of them can come to either kind of node, so each counts.
pub fn for_each_requirement<'d>(
    findings: &mut Findings,
    spec: Value<'d>,
    found: &mut dyn FnMut(&mut Findings, &Requirement<'d>, &Term<'d>),
) {
    let mut tell = |findings: &mut Findings, term: Vec<Requirement<'d>>| {
        for requirement in &term {
            found(findings, requirement, &term);
        }
    };
    if let Some(selector) = findings.object(spec, "nodeSelector") {
        let mut term = Vec::new();
        for (key, value) in selector.entries() {
            if !value.is_null() && findings.expect(value, Kind::String) {
                let values = value.as_str().into_iter().collect();
                term.push(Requirement { spot: value, key, operator: Operator::In, values });
            }
        }
        tell(findings, term);
    }
    let required = ["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"];
    let Some(required) = findings.descend(spec, &required) else { return };
    for term in findings.objects(required, "nodeSelectorTerms") {
        let term = requirements(findings, term);
        tell(findings, term);
    }
}

/// Calls `found` with every preference of a pod's spec, which decides where several nodes will do.
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

/// What a term of an affinity demands.
fn requirements<'d>(findings: &mut Findings, term: Value<'d>) -> Vec<Requirement<'d>> {
    let mut expressions = findings.objects(term, "matchExpressions");
    // These compare fields of the node, of which there is one: its name.
    expressions.extend(findings.objects(term, "matchFields"));
    let demanded = expressions.into_iter().filter_map(|expression| {
        let (_, key) = findings.text(expression, "key")?;
        let operator = match findings.text(expression, "operator") {
            Some((_, operator)) => match operator.as_ref() {
                "In" => Operator::In,
                "NotIn" => Operator::NotIn,
                "Exists" => Operator::Exists,
                _ => Operator::Other,
            },
            None => Operator::Other,
        };
        let values = findings.list(expression, "values").filter_map(|value| value.as_str()).collect();
        Some(Requirement { spot: expression, key, operator, values })
    });
    demanded.collect()
}
