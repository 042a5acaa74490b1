//! Texts of Azure's: ARM templates, plans of Terraform, what `az` prints. Every place is a part of the text; what is found does not
//! depend on the order of keys; and what is found in a template is found in it as a deployment of another, too.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::judging::{self, Judged};
use crate::mutate;
use crate::rewrite::turned;
use crate::target::{Target, change_text, choosing, chosen};
use crate::targets::manifests::{formats, places};

/// A configuration and a text.
pub const TARGET: Target = Target {
    name: "templates",
    check,
    change: |data, random| {
        change_text(data, random, |text, random| match random.below(4) {
            0 => mutate::text(text, random),
            _ => mutate::json(text, random),
        })
    },
    seeds,
    longest: 16_384,
};

const SCHEMA: &str = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";

fn check(data: &[u8]) -> Result<()> {
    let Some((choice, text)) = chosen(data) else { return Ok(()) };
    let Some(judged) = judging::judge_azure(choice, text)? else { return Ok(()) };
    places(text, &judged)?;
    formats(&judged).with_context(|| text.to_owned())?;
    let Ok(read) = serde_json::from_str::<Value>(text.trim_start_matches('\u{feff}')) else { return Ok(()) };
    let found = found(&judged);
    // What names a key twice or is deeper than readers go is not read at all; what makes too much is read in the order of the text
    // until there is no more room.
    let is_whole = |judged: &Judged| {
        let mut problems = judged.input.faults.iter();
        let reasons = ["not JSON", "far more", "too many times", "too deep"];
        problems.all(|problem| !reasons.iter().any(|why| problem.what.contains(why)))
    };
    if !is_whole(&judged) {
        return Ok(());
    }
    let is_template = read.get("$schema").and_then(Value::as_str).is_some_and(|schema| schema.contains("Template"));
    let mut ways = vec![("with keys in another order", turned(&read))];
    if is_template && read.get("resources").is_some() {
        let properties = json!({"expressionEvaluationOptions": {"scope": "inner"}, "template": read});
        let deployment = json!({"type": "Microsoft.Resources/deployments", "name": "d", "properties": properties});
        let around = json!({"$schema": SCHEMA, "resources": [deployment]});
        ways.push(("as a deployment of another template", around.to_string()));
    }
    for (way, other) in ways {
        let again = judging::judge_azure(choice, &other)?;
        let again = again.with_context(|| format!("{way} it is no text of Azure's:\n{text}\n{other}"))?;
        if !is_whole(&again) {
            continue;
        }
        let again = self::found(&again);
        ensure!(again == found, "{way} {again:?} is found, and {found:?} as it is written:\n{text}\n{other}");
    }
    Ok(())
}

/// What was found: the rule, the resource, the field; and what could not be evaluated. In their order.
fn found(judged: &Judged) -> Vec<String> {
    let findings = judged.report.findings.iter().map(|finding| {
        let rule = finding.rule.as_ref().map(|rule| rule.id.clone()).unwrap_or_default();
        format!("{rule} {} {}", finding.object, finding.location.path)
    });
    let mut found: Vec<String> = findings.collect();
    found.extend(judged.input.faults.iter().map(|problem| problem.what.clone()));
    found.sort();
    found
}

fn seeds() -> Result<Vec<Vec<u8>>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/azure/tests/inputs");
    let mut seeds = Vec::new();
    for name in ["main.json", "main.parameters.json", "plan.json"] {
        let text = std::fs::read_to_string(folder.join(name)).with_context(|| name.to_owned())?;
        let value: Value = serde_json::from_str(&text)?;
        // Each resource alone, too: short inputs are changed in more places.
        let resources = ["resources", "resource_changes"].iter().filter_map(|key| value.get(*key)?.as_array());
        for resource in resources.flatten() {
            let mut alone = value.clone();
            for key in ["resources", "resource_changes"] {
                if let Some(list) = alone.get_mut(key) {
                    *list = json!([resource]);
                }
            }
            seeds.push(choosing(2, &alone.to_string()));
        }
        seeds.push(choosing(0, &text));
    }
    for (variables, resource) in SHAPES {
        let text = format!(r#"{{"$schema":"{SCHEMA}","variables":{variables},"resources":[{resource}]}}"#);
        seeds.push(choosing(0, &text));
    }
    Ok(seeds)
}

/// Variables and a resource that is made of them.
const SHAPES: &[(&str, &str)] = &[
    (
        r#"{"v":{"defaultOutboundAccess":true},"s":[{"name":"a","properties":"[variables('v')]"}]}"#,
        r#"{"type":"Microsoft.Network/virtualNetworks","name":"n","properties":{"subnets":"[variables('s')]"}}"#,
    ),
    (
        r#"{"n":"[concat('a', variables('m'))]","m":"[format('{0}-{1}', 'b', parameters('p').x)]"}"#,
        r#"{"type":"Microsoft.Network/virtualNetworks","name":"[variables('n')]","properties":{"copy":[{"name":"subnets","count":2,"input":{"name":"[copyIndex()]","properties":{"defaultOutboundAccess":"[if(true(), true(), false())]"}}}]}}"#,
    ),
    (
        r#"{"t":{"resources":{"g":{"type":"Microsoft.Network/natGateways","name":"g","properties":{}}}}}"#,
        r#"{"type":"Microsoft.Resources/deployments","name":"d","properties":{"template":"[variables('t')]","parameters":{"a":{"value":["[variables('t')]"]}}}}"#,
    ),
    (
        r#"{"p":[{"os":"Windows","n":2},{"os":"Linux"}],"copy":[{"name":"q","count":"[length(variables('p'))]","input":{"osType":"[tryGet(variables('p')[copyIndex('q')],'os')]"}}]}"#,
        r#"{"type":"Microsoft.ContainerService/managedClusters/agentPools","name":"[format('c/{0}', copyIndex())]","copy":{"name":"r","count":"[length(filter(variables('p'), lambda('x', not(empty(lambdaVariables('x').os)))))]"},"properties":"[union(variables('q')[copyIndex()], if(equals(copyIndex(), 1), createObject('mode', 'User'), json('{}')))]"}"#,
    ),
    (
        r#"{"t":{"resources":[{"type":"Microsoft.Network/natGateways","name":"g","condition":"[contains(createArray('a'), toLower('A'))]","properties":{}}]}}"#,
        r#"{"type":"Microsoft.Resources/deploymentStacks","name":"s","properties":{"template":"[variables('t')]","parameters":"[shallowMerge(createArray(createObject('a', createObject('value', null()))))]"}}"#,
    ),
    (
        r#"{"a":{"b":"[variables('a')]"}}"#,
        r#"{"type":"Microsoft.ContainerService/managedClusters","name":"c","properties":"[variables('a')]"}"#,
    ),
];
