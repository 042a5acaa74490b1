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
    pub field: Value<'d>,
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

/// What a pod requires of its node. The node must meet the selector and one of the terms.
#[derive(Debug)]
pub struct NodeSelection<'d> {
    /// The node selector.
    pub selector: Vec<Requirement<'d>>,
    /// The alternatives of the required affinity, without those that are empty: these match no node.
    pub terms: Vec<Vec<Requirement<'d>>>,
}

impl<'d> NodeSelection<'d> {
    /// Reads the selector of a pod's spec, and its required affinity.
    pub fn read(findings: &mut Findings, spec: Value<'d>) -> Self {
        let mut selector = Vec::new();
        if let Some(object) = findings.object(spec, "nodeSelector") {
            for (key, value) in object.entries() {
                if !value.is_null() && findings.expect(value, Kind::String) {
                    let values = value.as_str().into_iter().collect();
                    selector.push(Requirement { field: value, key, operator: Operator::In, values });
                }
            }
        }
        let required = ["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"];
        let mut terms = Vec::new();
        if let Some(required) = findings.descend(spec, &required) {
            for term in findings.objects(required, "nodeSelectorTerms") {
                terms.push(requirements(findings, term));
            }
        }
        terms.retain(|term| !term.is_empty());
        NodeSelection { selector, terms }
    }

    /// The selector and every term. A pod with two terms may run on nodes of either, so each counts where none is to be
    /// possible.
    pub fn each(&self) -> impl Iterator<Item = &Term<'d>> {
        std::iter::once(&self.selector).chain(&self.terms).map(Vec::as_slice)
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
        Some(Requirement { field: expression, key, operator, values })
    });
    demanded.collect()
}
