//! ARM templates and plans of Terraform through the policies, with findings at their place.
#![allow(clippy::unwrap_used)] // a test may

use std::sync::Arc;

use isolation_admission::{Admission, Configuration, Input, Selection, configured, native};
use isolation_azure::{Parameters, Settled, resources};
use isolation_report::{Report, Source};

fn text(name: &str) -> String {
    std::fs::read_to_string(format!("{}/tests/inputs/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// What the policies say of a text of Azure's.
fn judged(text: &str, given: Option<&str>) -> (Report, Vec<String>) {
    let given: Vec<_> = given.map(|text| ("main.parameters.json", text)).into_iter().collect();
    judged_with(text, &given)
}

/// The same of a template with files of parameters.
fn judged_with(text: &str, files: &[(&str, &str)]) -> (Report, Vec<String>) {
    judged_under(Configuration::default(), text, files)
}

/// The same with settings.
fn judged_under(configuration: Configuration, text: &str, files: &[(&str, &str)]) -> (Report, Vec<String>) {
    judged_by(&["isolated-clusters", "supported-extensions"], configuration, text, files)
}

/// The same by these policies.
fn judged_by(
    policies: &[&str],
    configuration: Configuration,
    text: &str,
    files: &[(&str, &str)],
) -> (Report, Vec<String>) {
    let mut parameters = Parameters::default();
    parameters.add("main.json", text);
    files.iter().for_each(|(name, text)| parameters.add(name, text));
    let source = Arc::new(Source::new("main.json", text));
    let read = resources(&source, &parameters.settle()).unwrap();
    let notes = read.notes.into_iter().map(|note| note.what).collect();
    let input = Input { sources: vec![source], items: read.items, faults: read.not_evaluated };
    let modules = native::Modules::new().unwrap();
    let only = policies.iter().map(|policy| (*policy).to_owned());
    let selection = Selection { only: only.collect(), ..Selection::default() };
    let mut admission = Admission::new("default");
    for policy in configured(&Arc::new(configuration), &selection, modules.available(), &input.kinds()).unwrap() {
        admission.add(policy.equip(&modules));
    }
    let admission = admission.over(&input, &[]);
    let judged = input.items.iter().map(|item| admission.judge(item)).collect();
    (admission.report(&input, judged), notes)
}

/// `RULE TYPE NAME: PATH @ what stands at the place`
fn lines(report: &Report) -> Vec<String> {
    let mut lines: Vec<_> = report
        .findings
        .iter()
        .map(|finding| {
            let place = &finding.location.place;
            let there = place.source.text.get(place.span.clone()).unwrap_or_default();
            let rule = finding.rule.as_ref().map(|rule| rule.id.clone()).unwrap_or_default();
            format!("{rule} {}: {} @ {there}", finding.object, finding.location.path)
        })
        .collect();
    lines.sort();
    lines
}

#[test]
fn a_template_is_judged_as_far_as_it_says_what_it_makes() {
    let (report, notes) = judged(&text("main.json"), None);
    assert_eq!(
        lines(&report),
        [
            r#"NI601 Microsoft.ContainerService/managedClusters shop: properties.networkProfile.outboundType @ "[parameters('outboundType')]""#,
            r#"NI604 Microsoft.ContainerService/managedClusters shop: properties.bootstrapProfile.artifactSource @ "properties""#,
            r#"NI609 Microsoft.ContainerService/managedClusters/agentPools win: properties.osType @ "Windows""#,
            r#"NI617 Microsoft.ContainerRegistry/registries shopacr: sku.name @ "[variables('sku')]""#,
            r#"NI619 Microsoft.ContainerRegistry/registries/cacheRules aks-managed-mcr: properties.targetRepository @ "/*""#,
            r#"NI621 Microsoft.Network/natGateways gateway:  @ "condition""#,
            r#"NI622 Microsoft.Network/virtualNetworks/subnets nodes: properties.defaultOutboundAccess @ true"#,
        ]
    );
    // The channel is a parameter without a value: the default of the inner template must not take its place.
    let unknown: Vec<_> = report.not_evaluated.iter().map(|problem| problem.what.clone()).collect();
    assert_eq!(unknown.len(), 1, "{unknown:#?}");
    assert!(unknown[0].contains("properties.autoUpgradeProfile.nodeOSUpgradeChannel"), "{unknown:#?}");
    assert!(notes.iter().any(|note| note.contains("vnetSubnetID")), "{notes:#?}");
    let fix = |rule: &str| {
        let found = report.findings.iter().find(|finding| finding.rule.as_ref().is_some_and(|known| known.id == rule));
        found.and_then(|finding| finding.fix.clone()).map(|fix| fix.text)
    };
    assert_eq!(fix("NI604").as_deref(), Some(r#"Write "artifactSource": "Cache""#));
}

#[test]
fn a_file_of_parameters_says_what_the_template_leaves_open() {
    let (report, _) = judged(&text("main.json"), Some(&text("main.parameters.json")));
    let lines = lines(&report);
    assert!(lines.iter().all(|line| !line.starts_with("NI601")), "{lines:#?}");
    assert!(lines.iter().any(|line| line.starts_with("NI607")), "{lines:#?}");
    assert!(report.not_evaluated.is_empty(), "{:#?}", report.not_evaluated);
}

#[test]
fn a_plan_is_judged_in_terraform_s_words() {
    let (report, notes) = judged(&text("plan.json"), None);
    let found = lines(&report);
    for line in [
        r#"NI601 azurerm_kubernetes_cluster shop: network_profile[0].outbound_type @ "loadBalancer""#,
        r#"NI603 azurerm_kubernetes_cluster shop: private_cluster_enabled @ false"#,
        r#"NI608 azurerm_kubernetes_cluster shop: network_profile[0].network_plugin @ "kubenet""#,
        r#"NI610 azurerm_kubernetes_cluster shop: default_node_pool[0].node_public_ip_enabled @ true"#,
        r#"NI601 Microsoft.ContainerService/managedClusters isolated: properties.networkProfile.outboundType @ "userDefinedRouting""#,
        // What is deleted, or replaced, and what is no longer isolated.
        r#"NI601 azurerm_kubernetes_cluster opened: network_profile[0].outbound_type @ "loadBalancer""#,
        r#"NI624 azurerm_kubernetes_cluster opened: network_profile[0].outbound_type @ "loadBalancer""#,
    ] {
        assert!(found.contains(&line.to_owned()), "{line}\n{found:#?}");
    }
    let deleted: Vec<_> = found.iter().filter(|line| line.starts_with("NI620 ")).collect();
    assert_eq!(deleted.len(), 2, "{found:#?}");
    assert!(
        deleted[0].starts_with("NI620 Microsoft.ContainerRegistry/registries/cacheRules aks-managed-mcr: "),
        "{deleted:?}"
    );
    assert!(deleted[1].starts_with("NI620 azurerm_container_registry_cache_rule aks-managed-mcr: "), "{deleted:?}");
    assert_eq!(found.len(), 9, "{found:#?}");
    // What is known after the plan is applied is neither missing nor fine.
    let unknown: Vec<_> = report.not_evaluated.iter().map(|problem| problem.what.clone()).collect();
    assert_eq!(unknown.len(), 1, "{unknown:#?}");
    assert!(unknown[0].contains("public_network_access_enabled"), "{unknown:#?}");
    assert!(notes.iter().any(|note| note.contains("container_registry_id")), "{notes:#?}");
}

#[test]
fn what_is_not_azure_s_is_left_to_other_readers() {
    for other in [
        r#"{"apiVersion": "v1", "kind": "List", "items": []}"#,
        r#"[{"op": "add", "path": "/x"}]"#,
        r#"{"kind": "Pod"}"#,
        "[]",
        "kind: Pod",
        r#"{"id": "/subscriptions/x", "type": "Contoso.Web/sites"}"#,
        // Objects that say that they are something else.
        r#"{"kind": "Pod", "$schema": "deploymentTemplate.json#", "resources": [], "apiVersion": "v1"}"#,
        r#"{"id": "/subscriptions/x", "type": "Microsoft.Network/natGateways", "kind": "Pod", "apiVersion": "v1"}"#,
        r#"{"format_version": "1.2", "resource_changes": [], "kind": "Pod", "apiVersion": "v1"}"#,
        "",
    ] {
        assert!(resources(&Arc::new(Source::new("x", other)), &Settled::default()).is_none(), "{other}");
    }
}

/// A template with these resources.
fn template(resources: &str) -> String {
    format!(
        r#"{{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","contentVersion":"1.0.0.0","resources":{resources}}}"#
    )
}

/// What is not evaluated, and the notes.
fn unread(text: &str) -> (Vec<String>, Vec<String>) {
    let (report, notes) = judged(text, None);
    (report.not_evaluated.into_iter().map(|problem| problem.what).collect(), notes)
}

const GATEWAY: &str = r#"{"type":"Microsoft.Network/natGateways","apiVersion":"2024-05-01","name":"gateway","properties":{"publicIpAddresses":[{"id":"a"}]}}"#;

/// Readers of JSON differ in these, and one that passes a resource over says nothing of it.
#[test]
fn what_cannot_be_read_of_a_template_is_said() {
    let with = |tag: &str| template(&format!("[{}]", GATEWAY.replacen('{', &format!("{{\"tags\":{tag},"), 1)));
    assert_eq!(lines(&judged(&with("{}"), None).0).len(), 1);
    let deep = "[".repeat(200) + &"]".repeat(200);
    for tag in [r#""\ud800""#, "1e999", r#"{"a":1,"a":2}"#, &deep] {
        let (not_evaluated, _) = unread(&with(tag));
        let [what] = not_evaluated.as_slice() else { panic!("{tag}: {not_evaluated:?}") };
        assert!(what.starts_with("not JSON: "), "{what}");
    }
}

#[test]
fn a_template_that_stands_elsewhere_or_is_made_later_is_said() {
    let deployment = |properties: &str| {
        template(&format!(
            r#"[{{"type":"Microsoft.Resources/deployments","apiVersion":"2024-03-01","name":"net","properties":{properties}}}]"#
        ))
    };
    let linked = unread(&deployment(r#"{"mode":"Incremental","templateLink":{"relativePath":"net.json"}}"#));
    assert_eq!(
        linked,
        (
            vec![],
            vec!["Microsoft.Resources/deployments net: its template is linked, so it is not judged here".to_owned()]
        )
    );
    for link in [r#"{"uri":"https://example.com/net.json"}"#, r#"{"relativePath":"a","Id":"/x"}"#, "{}", "\"x\""] {
        let (not_evaluated, _) = unread(&deployment(&format!(r#"{{"templateLink":{link}}}"#)));
        assert_eq!(not_evaluated, ["Microsoft.Resources/deployments net: its template is linked and not at hand"]);
    }
    for properties in [r#"{"template":"[variables('net')]"}"#, r#""[variables('all')]""#, "{}"] {
        let (not_evaluated, _) = unread(&deployment(properties));
        assert_eq!(not_evaluated, ["Microsoft.Resources/deployments net: its template is not written here"]);
    }
    // Bicep keeps a template in a variable that it reads from a file.
    let kept = format!(r#""variables":{{"$fxv#0":{}}},"resources""#, template(&format!("[{GATEWAY}]")));
    let kept = deployment(r#"{"template":"[variables('$fxv#0')]"}"#).replacen("\"resources\"", &kept, 1);
    assert_eq!(lines(&judged(&kept, None).0).len(), 1);
    let mut nested = template(&format!("[{GATEWAY}]"));
    for _ in 0..7 {
        nested = deployment(&format!(r#"{{"template":{nested}}}"#));
    }
    assert_eq!(lines(&judged(&nested, None).0).len(), 1);
    let (not_evaluated, _) = unread(&deployment(&format!(r#"{{"template":{nested}}}"#)));
    assert_eq!(not_evaluated, ["Microsoft.Resources/deployments net: its template is nested too deeply to be read"]);
}

/// Children with symbolic names, and what loops and variables make.
#[test]
fn resources_are_found_however_a_template_makes_them() {
    let network = |more: &str, properties: &str| {
        template(&format!(
            r#"[{{"type":"Microsoft.Network/virtualNetworks","apiVersion":"2024-05-01","name":"net"{more},"properties":{properties}}}]"#
        ))
    };
    let open = r#"{"name":"nodes","properties":{"defaultOutboundAccess":true}}"#;
    let child = r#","resources":{"nodes":{"type":"subnets","apiVersion":"2024-05-01","name":"nodes","properties":{"defaultOutboundAccess":true}}}"#;
    let variables = format!(r#""variables":{{"subnets":[{open}]}},"resources""#);
    for text in [
        network("", &format!(r#"{{"subnets":[{open}]}}"#)),
        network(child, "{}"),
        network("", &format!(r#"{{"copy":[{{"name":"subnets","count":3,"input":{open}}}]}}"#)),
        network("", &format!(r#"{{"Copy":[{{"Name":"subnets","Count":3,"Input":{open}}}]}}"#)),
        network("", r#"{"subnets":"[variables('subnets')]"}"#).replacen("\"resources\"", &variables, 1),
    ] {
        let (report, _) = judged(&text, None);
        let found: Vec<_> =
            lines(&report).iter().map(|line| line.split(" @").next().unwrap_or_default().to_owned()).collect();
        assert_eq!(
            found,
            ["NI622 Microsoft.Network/virtualNetworks/subnets nodes: properties.defaultOutboundAccess"],
            "{text}"
        );
    }
    let looped = r#"{"copy":[{"name":"subnets","count":2,"input":{"name":"[concat('n', copyIndex('subnets'))]","properties":{"defaultOutboundAccess":"[parameters('open')]"}}}]}"#;
    let (not_evaluated, _) = unread(&network("", looped));
    assert!(not_evaluated.iter().any(|what| what.contains("properties.defaultOutboundAccess")), "{not_evaluated:?}");
    let (not_evaluated, _) = unread(&network("", r#"{"subnets":"[parameters('subnets')]"}"#));
    assert_eq!(
        not_evaluated,
        ["Microsoft.Network/virtualNetworks net: its subnets are known only when it is deployed"]
    );
}

/// The same of objects, and of a template in a variable that has itself in it.
#[test]
fn a_template_that_grows_out_of_itself_is_read_to_an_end() {
    let with = |variables: &str, properties: &str| {
        let gateway = format!(
            r#"[{{"type":"Microsoft.Network/natGateways","apiVersion":"1","name":"a","properties":{properties}}}]"#
        );
        let variables = format!(r#""variables":{variables},"resources""#);
        template(&gateway).replacen("\"resources\"", &variables, 1)
    };
    assert!(unread(&with(r#"{"a":{"publicIpAddresses":["[variables('a')]"]}}"#, r#""[variables('a')]""#)).0.is_empty());

    let many = [r#""[variables('a')]""#; 10].join(",");
    let (not_evaluated, _) = unread(&with(&format!(r#"{{"a":{{"b":[{many}]}}}}"#), r#""[variables('a')]""#));
    let exhausted = "The template: its expressions make far more than is written, so not all of them were read";
    assert!(not_evaluated.iter().any(|what| what == exhausted), "{not_evaluated:?}");

    let deployment = r#"{"type":"Microsoft.Resources/deployments","apiVersion":"1","name":"d","properties":{"template":"[variables('t')]"}}"#;
    let many = [deployment; 10].join(",");
    let text = template(&format!("[{many}]")).replacen(
        "\"resources\"",
        &format!(r#""variables":{{"t":{{"resources":[{many}]}}}},"resources""#),
        1,
    );
    let (not_evaluated, _) = unread(&text);
    assert!(not_evaluated.iter().any(|what| what.contains("too many times")), "{} of them", not_evaluated.len());
    assert!(not_evaluated.len() < 2_000, "{}", not_evaluated.len());
}

/// What a deployment gives to a template in it is known there as far as it is around it.
#[test]
fn a_parameter_has_what_it_is_given_where_it_is_given() {
    let inner = template(
        r#"[{"type":"Microsoft.Network/virtualNetworks/subnets","apiVersion":"1","name":"nodes","properties":"[parameters('all').inside]"}]"#,
    );
    let outer = |open: &str| {
        let deployment = format!(
            r#"[{{"type":"Microsoft.Resources/deployments","apiVersion":"1","name":"d","properties":{{"expressionEvaluationOptions":{{"scope":"inner"}},"parameters":{{"all":{{"value":{{"inside":{{"defaultOutboundAccess":{open}}}}}}}}},"template":{inner}}}}}]"#
        );
        template(&deployment).replacen("\"resources\"", r#""variables":{"open":true},"resources""#, 1)
    };
    assert_eq!(lines(&judged(&outer(r#""[variables('open')]""#), None).0).len(), 1);
    let (not_evaluated, _) = unread(&outer(r#""[variables('other')]""#));
    assert!(not_evaluated.iter().any(|what| what.contains("defaultOutboundAccess")), "{not_evaluated:?}");
}

/// A condition keeps a resource out only where nobody who deploys the template can change it, and only that resource.
#[test]
fn a_condition_counts_as_far_as_azure_keeps_to_it() {
    let file = |name: &str, value: &str| {
        format!(
            r#"{{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#","parameters":{{"{name}":{{"value":{value}}}}}}}"#
        )
    };
    let declared = r#""parameters":{"open":{"type":"bool","defaultValue":false},"alias":{"type":"bool","defaultValue":"[parameters('open')]"}},"variables":{"open":"[parameters('open')]"},"resources""#;
    let with = |resource: &str| template(&format!("[{resource}]")).replacen("\"resources\"", declared, 1);
    let gateway = |condition: &str| GATEWAY.replacen('{', &format!(r#"{{"condition":{condition},"#), 1);
    let notes = |text: &str, files: &[(&str, &str)]| {
        let (report, _) = judged_with(text, files);
        report.findings.into_iter().map(|finding| finding.notes.join(" ")).collect::<Vec<_>>()
    };
    for certain in ["false", r#""[false()]""#, r#""[if(true(), false(), parameters('open'))]""#] {
        assert_eq!(notes(&with(&gateway(certain)), &[]), Vec::<String>::new(), "{certain}");
    }
    // Whoever deploys it may say otherwise, unless a file of parameters says what is deployed.
    for open in
        ["parameters('open')", "parameters('Alias')", "variables('open')", "if(parameters('open'),true(),false())"]
    {
        let text = with(&gateway(&format!(r#""[{open}]""#)));
        let [note] = notes(&text, &[]).try_into().unwrap();
        assert!(note.starts_with("its condition is false with the default values"), "{open}: {note}");
        assert_eq!(notes(&text, &[("main.parameters.json", &file("open", "false"))]), Vec::<String>::new(), "{open}");
        assert_eq!(notes(&text, &[("main.parameters.json", &file("open", "true"))]), [""], "{open}");
    }
    // A file below may be a test's, so the template may be deployed without it.
    let text = with(&gateway(r#""[parameters('open')]""#));
    assert_eq!(notes(&text, &[("test/main.parameters.json", &file("open", "false"))]).len(), 1);
    // What a deployment gives to the template in it is as open as what it is made of, and nothing else of it is.
    let module = |inner: &str, given: &str, condition: &str| {
        let inner = template(&format!("[{}]", gateway(inner))).replacen(
            "\"resources\"",
            r#""parameters":{"on":{"type":"bool","defaultValue":false}},"resources""#,
            1,
        );
        with(&format!(
            r#"{{"type":"Microsoft.Resources/deployments","apiVersion":"1","name":"d","condition":{condition},"properties":{{"expressionEvaluationOptions":{{"scope":"inner"}},"parameters":{{{given}}},"template":{inner}}}}}"#
        ))
    };
    let on = r#""[parameters('on')]""#;
    assert_eq!(notes(&module(on, r#""on":{"value":"[parameters('open')]"}"#, "true"), &[]).len(), 1);
    assert_eq!(notes(&module("true", "", r#""[parameters('open')]""#), &[]).len(), 1);
    assert_eq!(notes(&module(on, r#""on":{"value":false}"#, "true"), &[]), Vec::<String>::new());
    assert_eq!(notes(&module(on, "", "true"), &[]), Vec::<String>::new());
    assert_eq!(notes(&module("true", "", "false"), &[]), Vec::<String>::new());
}

/// Azure deploys the children of what it does not deploy, and `existing` means nothing to it in a list.
#[test]
fn what_is_not_deployed_says_nothing_of_its_children() {
    let subnet =
        r#"{"type":"subnets","apiVersion":"2024-05-01","name":"nodes","properties":{"defaultOutboundAccess":true}}"#;
    let network = |more: &str| {
        format!(r#"{{{more},"type":"Microsoft.Network/virtualNetworks","apiVersion":"2024-05-01","name":"net""#)
    };
    let found = |text: &str| lines(&judged(text, None).0).len();
    for more in [r#""condition":false"#, r#""existing":true"#] {
        assert_eq!(found(&template(&format!(r#"{{"net":{},"resources":[{subnet}]}}}}"#, network(more)))), 1, "{more}");
    }
    let within = r#""properties":{"subnets":[{"name":"nodes","properties":{"defaultOutboundAccess":true}}]}}"#;
    let existing = format!("{},{within}", network(r#""existing":true"#));
    assert_eq!(found(&template(&format!(r#"{{"net":{existing}}}"#))), 0);
    assert_eq!(found(&template(&format!("[{existing}]"))), 1);
    // A deployment that is not made makes nothing.
    let deployment = format!(
        r#"{{"type":"Microsoft.Resources/deployments","apiVersion":"1","name":"d","condition":false,"properties":{{"template":{}}}}}"#,
        template(&format!("[{GATEWAY}]"))
    );
    assert_eq!(found(&template(&format!("[{deployment}]"))), 0);
}

/// Azure takes keys in any case.
#[test]
fn keys_count_in_any_case() {
    let expected = lines(&judged(&template(&format!("[{GATEWAY}]")), None).0);
    assert_eq!(expected.len(), 1);
    let found = |text: &str| {
        let lines = lines(&judged(text, None).0);
        lines.iter().map(|line| line.split(" @").next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    let odd = GATEWAY.replace("\"type\"", "\"Type\"").replace("\"name\"", "\"NAME\"");
    let odd = odd.replace("\"properties\"", "\"Properties\"").replace("publicIp", "PublicIP");
    let nested = format!(
        r#"{{"TYPE":"microsoft.resources/Deployments","Name":"d","Properties":{{"Template":{{"RESOURCES":[{odd}]}}}}}}"#
    );
    for text in [template(&format!("[{odd}]")), template(&format!("[{nested}]"))] {
        assert_eq!(found(&text), found(&template(&format!("[{GATEWAY}]"))), "{text}");
        let text = text.replace("\"resources\"", "\"Resources\"");
        assert_eq!(found(&text), found(&template(&format!("[{GATEWAY}]"))), "{text}");
    }
    let network = r#"{"type":"Microsoft.Network/virtualNetworks","name":"n","PROPERTIES":{"Subnets":[{"Name":"s","properties":{"defaultOutboundAccess":true}}]}}"#;
    assert_eq!(lines(&judged(&template(&format!("[{network}]")), None).0).len(), 1);
    let twice = GATEWAY.replacen('{', "{\"Type\":\"Microsoft.Network/routeTables\",", 1);
    let (not_evaluated, _) = unread(&template(&format!("[{twice}]")));
    assert_eq!(not_evaluated, ["Microsoft.Network/natGateways gateway: two of its keys differ only in their case"]);
}

/// Every file that a template may be deployed with counts, and what two of them say alike is said once.
#[test]
fn a_template_is_judged_with_each_of_its_files_of_parameters() {
    let cluster = r#"{"type":"Microsoft.ContainerService/managedClusters","apiVersion":"2025-08-01","name":"shop","properties":{"networkProfile":{"outboundType":"[parameters('o')]"},"agentPoolProfiles":[{"name":"a","count":"[parameters('n')]","enableNodePublicIP":true}]}}"#;
    let declared = r#""parameters":{"o":{"type":"string","defaultValue":"none"},"n":{"type":"int"}},"resources""#;
    let text = template(&format!("[{cluster}]")).replacen("\"resources\"", declared, 1);
    let file = |values: &str| {
        format!(
            r#"{{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#","parameters":{{{values}}}}}"#
        )
    };
    let open = file(r#""o":{"value":"loadBalancer"},"n":{"value":1}"#);
    let (dev, test) =
        (file(r#""o":{"value":"none"},"n":{"value":2}"#), file(r#""o":{"value":"none"},"n":{"value":3}"#));
    let files =
        [("main.abc.parameters.json", open.as_str()), ("dev.parameters.json", &dev), ("test.parameters.json", &test)];
    for files in [files, [files[2], files[1], files[0]]] {
        let (report, _) = judged_with(&text, &files);
        let with: Vec<_> = report
            .findings
            .iter()
            .filter(|finding| finding.rule.as_ref().is_some_and(|rule| rule.id == "NI601" || rule.id == "NI610"))
            .map(|finding| (finding.rule.as_ref().unwrap().id.as_str(), finding.notes.join(" ")))
            .collect();
        assert_eq!(with.len(), 3, "{with:?}");
        assert!(with.contains(&("NI601", "deployed with main.abc.parameters.json".to_owned())), "{with:?}");
    }
    // One of another folder does not count, and says so itself.
    let mut parameters = Parameters::default();
    parameters.add("main.json", &text);
    parameters.add("../app2/main.parameters.json", &open);
    let source = Arc::new(Source::new("../app2/main.parameters.json", open.as_str()));
    let read = resources(&source, &parameters.settle()).unwrap();
    assert_eq!(read.notes.len(), 1, "{:?}", read.notes);
    assert!(parameters.settle().of("main.json").0.is_empty());
    // Azure fetches this one when it deploys: the default is not what counts.
    let vault = file(r#""O":{"Reference":{"keyVault":{"id":"x"},"secretName":"o"}}"#);
    let (report, _) = judged_with(&text, &[("main.parameters.json", &vault)]);
    assert!(
        report.not_evaluated.iter().any(|problem| problem.what.contains("outboundType")),
        "{:?}",
        report.not_evaluated
    );
}

/// What is not known is told, or taken for something that is there, and what no rule reads is neither.
#[test]
fn an_id_that_only_a_deployment_knows_is_one_that_is_there() {
    let found = |of_type: &str, properties: &str| {
        let text = template(&format!(
            r#"[{{"type":"{of_type}","apiVersion":"2025-08-01","name":"shop","properties":{properties}}}]"#
        ));
        let (report, notes) = judged(&text, None);
        let rules: Vec<_> = lines(&report).iter().map(|line| line.get(..5).unwrap_or_default().to_owned()).collect();
        (rules, report.not_evaluated.into_iter().map(|problem| problem.help).collect::<Vec<_>>(), notes)
    };
    let cluster = |more: &str| {
        let isolated = r#""networkProfile":{"outboundType":"none","networkPlugin":"azure"},"apiServerAccessProfile":{"enablePrivateCluster":true},"bootstrapProfile":{"artifactSource":"Cache"},"autoUpgradeProfile":{"nodeOSUpgradeChannel":"NodeImage"},"servicePrincipalProfile":{"clientId":"msi"}"#;
        found("Microsoft.ContainerService/managedClusters", &format!("{{{isolated},{more}}}"))
    };
    let only = |rules: &[&str]| (rules.iter().map(|rule| (*rule).to_owned()).collect::<Vec<_>>(), vec![], vec![]);
    let prefix = r#""agentPoolProfiles":[{"name":"a","nodePublicIPPrefixID":"[resourceId('Microsoft.Network/publicIPPrefixes','p')]"}]"#;
    assert_eq!(cluster(prefix), only(&["NI610"]));
    let zone = |of_type: &str| {
        cluster(&format!(
            r#""ingressProfile":{{"webAppRouting":{{"enabled":true,"nginx":{{"defaultIngressControllerType":"None"}},"dnsZoneResourceIds":["[resourceId('Microsoft.Network/{of_type}','contoso.com')]"]}}}}"#
        ))
    };
    assert_eq!(zone("dnsZones"), only(&["NI613"]));
    assert_eq!(zone("privateDnsZones"), only(&[]));
    let addon = r#""addonProfiles":{"omsagent":{"enabled":false,"config":{"logAnalyticsWorkspaceResourceID":"[resourceId('x','y')]"}}}"#;
    assert_eq!(cluster(addon), only(&[]));
    let (rules, help, notes) = cluster(
        r#""agentPoolProfiles":[{"name":"a","vnetSubnetID":"[reference('net').outputs.subnet.value]","osType":"[reference('net').os]"}]"#,
    );
    assert_eq!((rules.len(), notes.len()), (0, 1), "{notes:?}");
    assert_eq!(help, ["Check it again after deployment, with the output of az"]);
    let (_, help, _) = cluster(r#""agentPoolProfiles":[{"name":"a","osType":"[parameters('os')]"}]"#);
    assert!(help[0].starts_with("Give the parameter a value"), "{help:?}");
    let frontend = |inside: &str| {
        let properties = format!(r#"{{"frontendIPConfigurations":[{{"name":"f","properties":{{{inside}}}}}]}}"#);
        found("Microsoft.Network/loadBalancers", &properties)
    };
    assert_eq!(frontend(r#""publicIPAddress":{"id":"[resourceId('x','y')]"}"#), only(&["NI621"]));
    assert_eq!(frontend(r#""subnet":{"id":"[resourceId('x','y')]"}"#), only(&[]));
    let subnet =
        r#"{"defaultOutboundAccess":false,"natGateway":{"id":"[resourceId('Microsoft.Network/natGateways','n')]"}}"#;
    assert_eq!(found("Microsoft.Network/virtualNetworks/subnets", subnet), only(&["NI622"]));
    // A proxy is one, whatever its address is.
    let proxy = r#""httpProxyConfig":{"httpProxy":"[parameters('proxy')]","trustedCa":"[parameters('ca')]"}"#;
    assert_eq!(cluster(proxy), only(&["NI623"]));
    // Readers of JSON disagree about these.
    let (rules, help, _) = cluster(r#""agentPoolProfiles":[{"name":"a","osType":"Linux","OSType":"Windows"}]"#);
    assert!(rules.is_empty() && help.len() == 1, "{rules:?} {help:?}");
}

/// azurerm fills in much of a cluster that nobody writes, and a plan says only then that it is not known.
#[test]
fn what_the_provider_fills_in_is_not_doubtful() {
    let plan = |more: &str, unknown: &str| {
        format!(
            r#"{{"format_version":"1.2","resource_changes":[{{"address":"a","mode":"managed","type":"azurerm_kubernetes_cluster","provider_name":"azurerm","change":{{"actions":["create"],"before":null,"after":{{"name":"shop","node_os_upgrade_channel":"NodeImage","private_cluster_enabled":true,"bootstrap_profile":[{{"artifact_source":"Cache"}}],"identity":[{{}}],"network_profile":[{{"network_plugin":"azure","outbound_type":"none"}}],"default_node_pool":[{{"name":"a"{more}}}]}},"after_unknown":{{{unknown}}}}}}}]}}"#
        )
    };
    let filled = r#""windows_profile":true,"kubernetes_version":true,"network_profile":[{"load_balancer_profile":true,"nat_gateway_profile":true}],"default_node_pool":[{"os_sku":true,"orchestrator_version":true}]"#;
    let (report, notes) = judged(&plan("", filled), None);
    assert_eq!((lines(&report), report.not_evaluated.len(), notes.len()), (vec![], 0, 0), "{:?}", report.not_evaluated);
    let (report, notes) = judged(&plan("", r#""default_node_pool":[{"node_public_ip_prefix_id":true}]"#), None);
    assert_eq!((lines(&report).len(), notes.len()), (1, 1), "{:?}", lines(&report));
    let (report, _) = judged(&plan("", r#""default_node_pool":[{"node_public_ip_enabled":true}]"#), None);
    assert_eq!(report.not_evaluated.len(), 1, "{:?}", report.not_evaluated);
    // What is unknown in a block is not missing, and a block that nobody writes is.
    for (key, whole, rule) in
        [("outbound_type", "network_profile", "NI601"), ("artifact_source", "bootstrap_profile", "NI604")]
    {
        let inside = plan("", &format!(r#""{whole}":[{{"{key}":true}}]"#)).replace(&format!(r#""{key}":"#), r#""x":"#);
        let inside = inside.replace(r#"[{"x":true}]"#, &format!(r#"[{{"{key}":true}}]"#));
        let (report, _) = judged(&inside, None);
        assert_eq!((lines(&report), report.not_evaluated.len()), (vec![], 1), "{inside}");
        let absent = plan("", &format!(r#""{whole}":true"#)).replace(&format!(r#""{whole}":["#), r#""x":["#);
        let (report, _) = judged(&absent, None);
        let found = lines(&report);
        assert!(found.len() == 1 && found[0].starts_with(rule), "{found:?}");
        assert!(report.not_evaluated.is_empty(), "{:?}", report.not_evaluated);
    }
    let balancer = |frontend: &str| {
        let text = format!(
            r#"{{"format_version":"1.2","resource_changes":[{{"address":"a","mode":"managed","type":"azurerm_lb","provider_name":"azurerm","change":{{"actions":["create"],"before":null,"after":{{"name":"lb","frontend_ip_configuration":[{{"name":"f"}}]}},"after_unknown":{{"id":true,"frontend_ip_configuration":[{{"id":true,"private_ip_address":true,{frontend}"public_ip_prefix_id":true}}]}}}}}}]}}"#
        );
        let (report, _) = judged(&text, None);
        (lines(&report).len(), report.not_evaluated.len())
    };
    assert_eq!(balancer(r#""subnet_id":true,"#), (0, 0));
    assert_eq!(balancer(r#""public_ip_address_id":true,"#), (1, 0));
}

/// A plan with one resource of azapi.
fn azapi(of_type: &str, action: &str, after: &str, unknown: &str) -> String {
    let (before, after) = if action == "delete" { (after, "null") } else { ("null", after) };
    format!(
        r#"{{"format_version":"1.2","resource_changes":[{{"address":"{of_type}.a","mode":"managed","type":"{of_type}","name":"a","change":{{"actions":["{action}"],"before":{before},"after":{after},"after_unknown":{unknown}}}}}]}}"#
    )
}

/// The rules of findings, and how many things were not evaluated.
fn rules(text: &str) -> (Vec<String>, usize) {
    let (report, _) = judged(text, None);
    let rules = lines(&report).iter().map(|line| line.get(..5).unwrap_or_default().to_owned()).collect();
    (rules, report.not_evaluated.len())
}

/// Azapi takes the id of a resource in place of its name and parent.
#[test]
fn a_name_is_also_at_the_end_of_an_id() {
    const RULES: &str =
        "/subscriptions/0/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/a/cacheRules";
    let target = r#""body":{"properties":{"targetRepository":"other/*"}}"#;
    let update = |of: &str| {
        let of_type = "Microsoft.ContainerRegistry/registries/cacheRules@2025-04-01";
        rules(&azapi("azapi_update_resource", "create", &format!(r#"{{"type":"{of_type}",{of},{target}}}"#), "{}")).0
    };
    assert_eq!(update(&format!(r#""resource_id":"{RULES}/aks-managed-mcr","name":null"#)), ["NI619"]);
    assert_eq!(update(r#""name":"aks-managed-mcr","parent_id":"/x""#), ["NI619"]);
    assert!(update(&format!(r#""resource_id":"{RULES}/docker-hub""#)).is_empty());
}

/// A request may write or delete a resource as any other does.
#[test]
fn a_request_of_azapi_describes_what_it_writes() {
    const CLUSTER: &str = "/subscriptions/0/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/shop";
    let sent = |plan: &str, of_type: &str, id: &str, method: &str, more: &str| {
        let after = format!(r#"{{"type":"{of_type}@2025-08-01","resource_id":"{id}","method":"{method}"{more}}}"#);
        rules(&azapi("azapi_resource_action", plan, &after, "{}")).0
    };
    let cluster =
        |method: &str, more: &str| sent("create", "Microsoft.ContainerService/managedClusters", CLUSTER, method, more);
    let open = r#","body":{"properties":{"networkProfile":{"outboundType":"loadBalancer"}}}"#;
    assert!(cluster("PUT", open).contains(&"NI601".to_owned()));
    // Of what it does not change it says nothing.
    assert_eq!(cluster("PATCH", open), ["NI601"]);
    assert_eq!(cluster("PATCH", &format!(r#","action":"","when":"apply"{open}"#)), ["NI601"]);
    for nothing in [r#","action":"start""#, r#","action":"/rotateClusterCertificates/""#, r#","when":"destroy""#] {
        assert!(cluster("PUT", &format!("{open}{nothing}")).is_empty(), "{nothing}");
    }
    assert!(cluster("POST", open).is_empty() && cluster("GET", "").is_empty());
    let pool = r#","action":"agentPools/a","body":{"properties":{"enableNodePublicIP":true}}"#;
    assert_eq!(cluster("PUT", pool), ["NI610"]);
    let extension = r#","action":"providers/Microsoft.KubernetesConfiguration/extensions/dapr","body":{"properties":{"extensionType":"microsoft.dapr"}}"#;
    assert_eq!(cluster("PUT", extension), ["NI401"]);
    for (of_type, id) in [
        ("Microsoft.Resources/resourceGroups", "/subscriptions/0/resourceGroups/g"),
        ("Microsoft.Resources/subscriptions", "/subscriptions/0"),
    ] {
        let action = CLUSTER.strip_prefix(id).unwrap();
        let found = sent("create", of_type, id, "PUT", &format!(r#","action":"{action}"{open}"#));
        assert!(found.contains(&"NI601".to_owned()), "{of_type}: {found:?}");
    }
    let after = format!(
        r#"{{"type":"Microsoft.ContainerService/managedClusters@2025-08-01","resource_id":"{CLUSTER}"{open}}}"#
    );
    assert_eq!(rules(&azapi("azapi_resource_action", "create", &after, r#"{"method":true}"#)).0, ["NI601"]);
    const RULE: &str = "/subscriptions/0/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/a/cacheRules/aks-managed-mcr";
    let of_rule = "Microsoft.ContainerRegistry/registries/cacheRules";
    for (plan, more, is_sent) in [
        ("create", "", true),
        ("no-op", r#","when":"apply""#, true),
        ("create", r#","when":"destroy""#, false),
        ("delete", r#","when":"destroy""#, true),
        ("delete", r#","when":"apply""#, false),
    ] {
        let found = sent(plan, of_rule, RULE, "DELETE", more);
        assert_eq!(found.first().map(String::as_str), is_sent.then_some("NI620"), "{plan} {more}");
    }
    assert!(cluster("DELETE", "").is_empty());
    let registry = RULE.strip_suffix("/cacheRules/aks-managed-mcr").unwrap();
    let by_action = r#","action":"cacheRules/aks-managed-mcr""#;
    let found = sent("create", "Microsoft.ContainerRegistry/registries", registry, "DELETE", by_action);
    assert_eq!(found, ["NI620"]);
}

/// A registry whose name only a deployment knows may be one that the settings list.
#[test]
fn a_registry_may_be_one_that_is_listed() {
    let under = |text: &str| {
        let settings = "isolated-clusters: {registries: [shopacr]}";
        let configuration = Configuration::read(Source::new("isolation.yaml", settings)).unwrap();
        let (report, _) = judged_under(configuration, text, &[]);
        let rules: Vec<_> = lines(&report).iter().map(|line| line.get(..5).unwrap_or_default().to_owned()).collect();
        (rules.join(" "), report.not_evaluated.into_iter().map(|problem| problem.what).collect::<Vec<_>>())
    };
    let registry = |name: &str| {
        let name = serde_json::Value::from(name);
        let text = template(&format!(
            r#"[{{"type":"Microsoft.ContainerRegistry/registries","apiVersion":"2025-04-01","name":{name},"sku":{{"name":"Premium"}},"properties":{{"publicNetworkAccess":"Enabled","policies":{{"azureADAuthenticationAsArmPolicy":{{"status":"enabled"}}}}}}}}]"#
        ));
        under(&text).0
    };
    for name in
        ["shopacr", "[parameters('acr')]", "[concat('shop', uniqueString('x'))]", "[toLower(parameters('acr'))]"]
    {
        assert_eq!(registry(name), "NI617", "{name}");
    }
    for name in ["other", "[concat('acr', uniqueString('x'))]"] {
        assert_eq!(registry(name), "", "{name}");
    }
    let open =
        r#""sku":"Premium","public_network_access_enabled":true,"azuread_authentication_as_arm_policy_enabled":true"#;
    let plan = |name: &str, unknown: &str| {
        under(&azapi("azurerm_container_registry", "create", &format!("{{{name}{open}}}"), unknown)).0
    };
    assert_eq!(plan("", r#"{"name":true}"#), "NI617");
    assert_eq!(plan(r#""name":"other","#, "{}"), "");
    let of_azapi = r#"{"type":"Microsoft.ContainerRegistry/registries@2025-04-01","body":{"sku":{"name":"Premium"},"properties":{"publicNetworkAccess":"Enabled"}}}"#;
    assert!(under(&azapi("azapi_resource", "create", of_azapi, r#"{"name":true}"#)).0.contains("NI617"));
    // So may the one that a cluster names.
    let isolated = r#""networkProfile":{"outboundType":"none","networkPlugin":"azure"},"apiServerAccessProfile":{"enablePrivateCluster":true},"autoUpgradeProfile":{"nodeOSUpgradeChannel":"NodeImage"},"servicePrincipalProfile":{"clientId":"msi"}"#;
    let cluster = |id: &str| {
        let id = serde_json::Value::from(id);
        under(&template(&format!(
            r#"[{{"type":"Microsoft.ContainerService/managedClusters","apiVersion":"2025-08-01","name":"shop","properties":{{{isolated},"bootstrapProfile":{{"artifactSource":"Cache","containerRegistryId":{id}}}}}}}]"#
        )))
    };
    for id in ["[parameters('acr')]", "[resourceId('Microsoft.ContainerRegistry/registries', parameters('acr'))]"] {
        let (rules, doubts) = cluster(id);
        assert!(rules.is_empty() && doubts.len() == 1, "{id}: {rules} {doubts:?}");
        assert!(doubts[0].contains("names another registry is known only when it is deployed"), "{doubts:?}");
    }
    assert_eq!(cluster("[resourceId('Microsoft.ContainerRegistry/registries', 'shopacr')]"), (String::new(), vec![]));
    let (rules, doubts) =
        cluster("[resourceId('Microsoft.ContainerRegistry/registries', concat('x', parameters('a')))]");
    assert_eq!((rules.as_str(), doubts.len()), ("NI605", 0), "{doubts:?}");
    let planned = r#"{"name":"shop","node_os_upgrade_channel":"NodeImage","private_cluster_enabled":true,"identity":[{}],"bootstrap_profile":[{"artifact_source":"Cache"}],"network_profile":[{"network_plugin":"azure","outbound_type":"none"}]}"#;
    let unknown = r#"{"bootstrap_profile":[{"container_registry_id":true}]}"#;
    let (rules, doubts) = under(&azapi("azurerm_kubernetes_cluster", "create", planned, unknown));
    assert!(rules.is_empty() && doubts.len() == 1, "{rules} {doubts:?}");
}

/// Azure takes comments in templates, which move nothing. To kubectl they are none.
#[test]
fn comments_of_templates_are_blanks() {
    let plain = template(&format!("[{GATEWAY}]"));
    let of = |text: &str| lines(&judged(text, None).0);
    let expected = of(&plain);
    assert_eq!(expected.len(), 1);
    for (from, to) in [
        ("{", "// Made for a test.\r\n{"),
        ("{", "\u{feff}/* \"}\" */ {"),
        ("\"resources\"", "/* \u{e4} **/ \"resources\""),
        ("\"name\"", "// \"name\": \"other\",\n\"name\""),
        ("\"gateway\"", "/* \"other\" */ \"gateway\" // it\n"),
    ] {
        let text = plain.replacen(from, to, 1);
        assert_eq!(of(&text), expected, "{text}");
    }
    // What is in a text is no comment, and what is in a comment is none.
    let named = plain.replacen(r#""name":"gateway""#, r#""name":"a //b /* c" /* "x": " */"#, 1);
    assert!(of(&named)[0].contains(" * c: "), "{:?}", of(&named));
    let open = r#""parameters":{"o":{"value":"loadBalancer"}}"#;
    let file = format!(
        r#"{{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#", // one
        {open} /* all */}}"#
    );
    let cluster = template(
        r#"[{"type":"Microsoft.ContainerService/managedClusters","apiVersion":"2025-08-01","name":"shop","properties":{"networkProfile":{"outboundType":"[parameters('o')]"}}}]"#,
    );
    let declared = r#"/* its */ "parameters":{"o":{"type":"string","defaultValue":"none"}},"resources""#;
    let cluster = cluster.replacen("\"resources\"", declared, 1);
    let (report, _) = judged_with(&cluster, &[("main.parameters.json", &file)]);
    assert!(lines(&report).iter().any(|line| line.starts_with("NI601")), "{:?}", lines(&report));
    let kept = |text: &str| resources(&Arc::new(Source::new("x", text)), &Settled::default()).is_some();
    let hidden = plain.replacen("\"resources\"", "// a\r\"resources\"", 1);
    for other in [
        // To Azure a carriage return ends a comment.
        hidden.as_str(),
        &plain.replacen('{', "{ /* never ends", 1),
        &plain.replacen('{', "{ / one", 1),
        "// a\n{\"kind\": \"Pod\"}",
        "[ // a\n{\"id\": \"/x\", \"type\": \"Microsoft.Network/natGateways\"}]",
        &plain.replacen('{', "{ // b\n \"apiVersion\": \"v1\", \"kind\": \"Pod\",", 1),
    ] {
        assert!(!kept(other), "{other}");
    }
}

/// Where an extension goes is what Azure guarantees, and nothing else that it says.
#[test]
fn an_extension_of_another_cluster_is_not_judged() {
    let rules = |text: &str, files: &[(&str, &str)]| {
        let (report, _) = judged_with(text, files);
        lines(&report).iter().map(|line| line.get(..5).unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    let on = |scope: &str| {
        let declared = r#""parameters":{"id":{"type":"string","defaultValue":"Microsoft.Kubernetes/connectedClusters/arc"},"name":{"type":"string","defaultValue":"arc"}},"resources""#;
        let both = ["extensions", "fluxConfigurations"].map(|kind| {
            format!(
                r#"{{"type":"Microsoft.KubernetesConfiguration/{kind}","apiVersion":"2023-05-01","name":"flux"{scope},"properties":{{"extensionType":"microsoft.flux"}}}}"#
            )
        });
        template(&format!("[{}]", both.join(","))).replacen("\"resources\"", declared, 1)
    };
    for scope in [
        r#","scope":"Microsoft.Kubernetes/connectedClusters/arc""#,
        r#","scope":"[format('Microsoft.Kubernetes/connectedClusters/{0}', parameters('name'))]""#,
        r#","scope":"[resourceId('Microsoft.Kubernetes/connectedClusters', 'arc')]""#,
        r#","Scope":"/subscriptions/x/resourceGroups/y/providers/microsoft.kubernetes/connectedclusters/arc""#,
    ] {
        assert_eq!(rules(&on(scope), &[]), Vec::<String>::new(), "{scope}");
    }
    let file = r#"{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#","parameters":{"id":{"value":"Microsoft.Kubernetes/connectedClusters/b"}}}"#;
    let given = on(r#","scope":"[parameters('id')]""#);
    assert_eq!(rules(&given, &[("main.parameters.json", file)]), Vec::<String>::new());
    for scope in [
        "",
        r#","scope":"Microsoft.ContainerService/managedClusters/connectedClusters""#,
        // Whoever deploys it says where.
        r#","scope":"[parameters('id')]""#,
        r#","scope":"[parameters('other')]""#,
        r#","scope":"[concat(parameters('other'), 'Microsoft.Kubernetes/connectedClusters/arc')]""#,
        r#","scope":["Microsoft.Kubernetes/connectedClusters/arc"]"#,
        r#","dependsOn":["[resourceId('Microsoft.Kubernetes/connectedClusters', 'arc')]"]"#,
    ] {
        assert_eq!(rules(&on(scope), &[]), ["NI401", "NI402"], "{scope}");
    }
    let old = |cluster: &str| {
        template(&format!(
            r#"[{{"type":"{cluster}/providers/extensions","apiVersion":"2023-05-01","name":"c/Microsoft.KubernetesConfiguration/flux","properties":{{"extensionType":"microsoft.flux"}}}}]"#
        ))
    };
    assert_eq!(rules(&old("Microsoft.ContainerService/managedClusters"), &[]), ["NI401"]);
    assert_eq!(rules(&old("microsoft.containerservice/ManagedClusters"), &[]), ["NI401"]);
    let below = template(
        r#"[{"type":"Microsoft.ContainerService/managedClusters","apiVersion":"2023-01-01","name":"c","condition":false,"resources":[{"type":"Providers/FluxConfigurations","apiVersion":"2023-05-01","name":"Microsoft.KubernetesConfiguration/flux","properties":{}}]}]"#,
    );
    assert_eq!(rules(&below, &[]), ["NI402"]);
    assert_eq!(rules(&old("Microsoft.Kubernetes/connectedClusters"), &[]), Vec::<String>::new());

    let live = |cluster: &str, more: &str| {
        format!(
            r#"[{{"id":"/subscriptions/x/resourceGroups/y/providers/{cluster}/providers/Microsoft.KubernetesConfiguration/extensions/flux","type":"Microsoft.KubernetesConfiguration/extensions","name":"flux"{more},"properties":{{"extensionType":"microsoft.flux"}}}}]"#
        )
    };
    assert_eq!(rules(&live("Microsoft.Kubernetes/connectedClusters/arc", ""), &[]), Vec::<String>::new());
    let says = r#","scope":"Microsoft.Kubernetes/connectedClusters/arc","kind":"connectedClusters""#;
    assert_eq!(rules(&live("Microsoft.ContainerService/managedClusters/shop", says), &[]), ["NI401"]);

    let plan = |of_type: &str, more: &str| {
        format!(
            r#"{{"format_version":"1.2","resource_changes":[{{"address":"a","mode":"managed","type":"{of_type}","provider_name":"p","change":{{"actions":["create"],"before":null,"after":{{"type":"Microsoft.KubernetesConfiguration/extensions@2023-05-01","name":"flux"{more},"body":{{"properties":{{"extensionType":"microsoft.flux"}}}}}}}}}}]}}"#
        )
    };
    let arc = "/subscriptions/x/resourceGroups/y/providers/Microsoft.Kubernetes/connectedClusters/arc";
    let below = "/providers/Microsoft.KubernetesConfiguration/extensions/flux";
    let parent = |id: &str| plan("azapi_resource", &format!(r#","parent_id":"{id}""#));
    assert_eq!(rules(&parent(arc), &[]), Vec::<String>::new());
    let update = plan("azapi_update_resource", &format!(r#","resource_id":"{arc}{below}""#));
    assert_eq!(rules(&update, &[]), Vec::<String>::new());
    let managed = "/subscriptions/x/resourceGroups/y/providers/Microsoft.ContainerService/managedClusters/shop";
    assert_eq!(rules(&parent(managed), &[]), ["NI401"]);
    // Only the plan's application knows it.
    assert_eq!(rules(&plan("azapi_resource", ""), &[]), ["NI401"]);
}

/// What azurerm makes of AKS Automatic has no outbound type, so it has a way out whatever else it says.
#[test]
fn a_cluster_of_aks_automatic_is_judged_in_its_own_words() {
    let plan = |fields: &str, unknown: &str| {
        format!(
            r#"{{"format_version":"1.2","resource_changes":[{{"address":"a","mode":"managed","type":"azurerm_kubernetes_automatic_cluster","provider_name":"azurerm","change":{{"actions":["create"],"before":null,"after":{{"name":"shop","identity":[{{"type":"SystemAssigned"}}],"api_server_access":[]{fields}}},"after_unknown":{{"id":true,"hosted_system":true{unknown}}}}}}}]}}"#
        )
    };
    let kind = "azurerm_kubernetes_automatic_cluster shop: ";
    let said = |text: &str| {
        let (report, _) = judged(text, None);
        let lines: Vec<_> = lines(&report).iter().map(|line| line.replace(kind, "")).collect();
        (lines, report.not_evaluated.into_iter().map(|problem| problem.what).collect::<Vec<_>>(), report.findings)
    };
    let missing =
        [r#"NI601 network_profile.outbound_type @ "after""#, r#"NI604 bootstrap_profile.artifact_source @ "after""#];
    let (found, not_evaluated, findings) =
        said(&plan(r#","private_cluster":[]"#, r#","web_app_routing_ingress":true"#));
    // AKS Automatic has its API server in the network, which is enough by default.
    assert_eq!(found, missing);
    assert!(not_evaluated.is_empty(), "{not_evaluated:?}");
    let mut fixes: Vec<_> = findings.iter().filter_map(|finding| Some(finding.fix.as_ref()?.text.as_str())).collect();
    fixes.sort_unstable();
    assert_eq!(
        fixes,
        [
            r#"Use azurerm_kubernetes_cluster, which can be isolated, and there: Write artifact_source = "Cache""#,
            r#"Use azurerm_kubernetes_cluster, which can be isolated, and there: Write outbound_type = "none""#,
        ]
    );
    let private =
        r#","private_cluster":[{"public_fully_qualified_domain_name_enabled":true,"private_dns_zone_id":"System"}]"#;
    let public = r#","service_mesh":[{"revisions":["asm-1-27"],"external_ingress_gateway_enabled":true}],"web_app_routing_ingress":[{"default_nginx_controller":"External","istio_enabled":false}]"#;
    assert_eq!(
        said(&plan(&format!("{private}{public}"), "")).0,
        [
            missing[0],
            "NI603 private_cluster[0].public_fully_qualified_domain_name_enabled @ true",
            missing[1],
            r#"NI613 service_mesh[0].external_ingress_gateway_enabled @ true"#,
            r#"NI613 web_app_routing_ingress[0].default_nginx_controller @ "External""#,
        ]
    );
    let istio =
        r#","private_cluster":[{}],"web_app_routing_ingress":[{"default_nginx_controller":null,"istio_enabled":true}]"#;
    assert_eq!(said(&plan(istio, "")).0, missing);
    let (found, not_evaluated, _) = said(&plan(
        r#","private_cluster":[{}],"service_mesh":[{}]"#,
        r#","private_cluster":[{"private_dns_zone_id":true}],"service_mesh":[{"external_ingress_gateway_enabled":true}]"#,
    ));
    assert_eq!(found, missing);
    let [what] = not_evaluated.as_slice() else { panic!("{not_evaluated:?}") };
    assert!(what.contains("the value of service_mesh[0].external_ingress_gateway_enabled is known only"), "{what}");
}

/// A machine has the fields of a pool in objects of its own.
#[test]
fn a_machine_is_judged_as_its_pool_is() {
    let of_type = "Microsoft.ContainerService/managedClusters/agentPools/machines";
    let in_template = |properties: &str| {
        template(&format!(
            r#"[{{"type":"{of_type}","apiVersion":"2026-03-02-preview","name":"shop/pool/one","properties":{properties}}}]"#
        ))
    };
    let open = r#"{"network":{"enableNodePublicIP":true,"nodePublicIPPrefixID":"/p","nodePublicIPTags":[{"ipTagType":"RoutingPreference","tag":"Internet"}]},"operatingSystem":{"osType":"Windows"},"kubernetes":{"orchestratorVersion":"1.29"}}"#;
    let paths = |text: &str| {
        let lines = lines(&judged(text, None).0);
        lines.iter().map(|line| line.split(" @").next().unwrap_or_default().replace(of_type, "")).collect::<Vec<_>>()
    };
    assert_eq!(
        paths(&in_template(open)),
        [
            "NI609  one: properties.operatingSystem.osType",
            "NI610  one: properties.network.enableNodePublicIP",
            "NI610  one: properties.network.nodePublicIPPrefixID",
            "NI610  one: properties.network.nodePublicIPTags",
            "NI614  one: properties.kubernetes.orchestratorVersion",
        ]
    );
    let planned = format!(
        r#"{{"format_version":"1.2","resource_changes":[{{"address":"a","mode":"managed","type":"azapi_resource","provider_name":"p","change":{{"actions":["create"],"before":null,"after":{{"name":"one","type":"{of_type}@2026-03-02-preview","body":{{"properties":{open}}}}}}}}}]}}"#
    );
    assert_eq!(paths(&planned), paths(&in_template(open)));
    // az aks machine list
    let live = |fields: &str| {
        format!(r#"[{{"id":"/subscriptions/x","type":"{of_type}","name":"one","properties":{fields}}}]"#)
    };
    assert_eq!(paths(&live(open)), paths(&in_template(open)));
    let closed = r#"{"network":{"ipAddresses":[{"family":"IPv4","ip":"10.0.0.4"}],"enableNodePublicIP":false,"nodePublicIPTags":[],"vnetSubnetID":"/s"},"operatingSystem":{"osType":"Linux","osSKU":"AzureLinux"},"kubernetes":{"orchestratorVersion":"1.34"},"mode":"User"}"#;
    for text in [live(closed), in_template(closed)] {
        assert_eq!(paths(&text), Vec::<String>::new());
    }
    // What is not known is said, and a prefix is one, whatever its id is.
    let (report, _) = judged(
        &in_template(
            r#"{"network":{"nodePublicIPPrefixID":"[resourceId('Microsoft.Network/publicIPPrefixes','p')]"},"operatingSystem":{"osType":"[parameters('os')]"}}"#,
        ),
        None,
    );
    assert_eq!(lines(&report).len(), 1, "{:?}", lines(&report));
    assert_eq!(report.not_evaluated.len(), 1, "{:?}", report.not_evaluated);
    let (not_evaluated, _) =
        unread(&in_template(r#"{"network":"[parameters('network')]","hardware":"[parameters('hardware')]"}"#));
    assert_eq!(not_evaluated.len(), 1, "{not_evaluated:?}");
    let (not_evaluated, _) = unread(&in_template(r#"{"network":{"nodePublicIPTags":"[parameters('tags')]"}}"#));
    assert_eq!(not_evaluated.len(), 1, "{not_evaluated:?}");
}

/// Parts of a cluster, and a list that only names it, say nothing of the rest.
#[test]
fn what_is_only_a_part_lacks_nothing() {
    let plan = |of_type: &str, fields: &str| {
        format!(
            r#"{{"format_version":"1.2","resource_changes":[{{"address":"a","mode":"managed","type":"{of_type}","provider_name":"p","change":{{"actions":["create"],"before":null,"after":{fields}}}}}]}}"#
        )
    };
    let update = |outbound: &str| {
        format!(
            r#"{{"type":"Microsoft.ContainerService/managedClusters@2025-08-01","body":{{"properties":{{"networkProfile":{{"outboundType":"{outbound}"}}}}}}}}"#
        )
    };
    let said = |text: &str| {
        let (report, _) = judged(text, None);
        (
            lines(&report).iter().map(|line| line.get(..5).unwrap_or_default().to_owned()).collect::<Vec<_>>(),
            report.not_evaluated,
        )
    };
    assert_eq!(said(&plan("azapi_update_resource", &update("none"))).0, Vec::<String>::new());
    assert_eq!(said(&plan("azapi_update_resource", &update("loadBalancer"))).0, ["NI601"]);
    assert!(said(&plan("azapi_resource", &update("none"))).0.len() > 1);
    let listed = r#"[{"id":"/subscriptions/x","type":"Microsoft.ContainerService/managedClusters","name":"shop","properties":null},{"id":"/subscriptions/y","type":"Microsoft.Web/sites","name":"web","properties":null}]"#;
    let (rules, not_evaluated) = said(listed);
    assert!(rules.is_empty() && not_evaluated.len() == 1, "{rules:?} {not_evaluated:?}");
    let registry = r#"{"name":"a","sku":"Premium","public_network_access_enabled":false,"azuread_authentication_as_arm_policy_enabled":false}"#;
    assert_eq!(said(&plan("azurerm_container_registry", registry)).0, ["NI618"]);
    let flux =
        r#"{"name":"f","cluster_id":"/x","namespace":"flux","git_repository":[{"url":"https://example.com/x"}]}"#;
    assert_eq!(said(&plan("azurerm_kubernetes_flux_configuration", flux)).0, ["NI402"]);
    for network in [
        plan("azurerm_virtual_network", r#"{"name":"v","subnet":[{"name":"a","default_outbound_access_enabled":true}]}"#),
        plan("azapi_resource", r#"{"type":"Microsoft.Network/virtualNetworks@2024-05-01","body":{"properties":{"subnets":[{"name":"a","properties":{"defaultOutboundAccess":true}}]}}}"#),
        r#"{"id":"/subscriptions/x","type":"Microsoft.Network/virtualNetworks","name":"v","subnets":[{"name":"a","defaultOutboundAccess":true}]}"#.to_owned(),
    ] {
        assert_eq!(said(&network).0, ["NI622"], "{network}");
    }
    let windows = |password: &str| {
        let (rules, _) = said(&plan(
            "azurerm_kubernetes_cluster",
            &format!(
                r#"{{"name":"a","windows_profile":[{{"admin_username":"azureuser","admin_password":"{password}"}}]}}"#
            ),
        ));
        rules.iter().any(|rule| rule == "NI609")
    };
    assert!(windows("x") && !windows(""));
}

/// Parameters whose value is a JSON text, as a file.
fn values(parameters: &str) -> String {
    format!(
        r#"{{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#","parameters":{{{parameters}}}}}"#
    )
}

/// A template with these parameters and one isolated cluster, whose pool has this, too.
fn with_pool(parameters: &str, pool: &str) -> String {
    let cluster = format!(
        r#"[{{"type":"Microsoft.ContainerService/managedClusters","apiVersion":"2025-08-01","name":"shop","properties":{{"networkProfile":{{"outboundType":"none","networkPlugin":"azure"}},"apiServerAccessProfile":{{"enablePrivateCluster":true}},"bootstrapProfile":{{"artifactSource":"Cache"}},"autoUpgradeProfile":{{"nodeOSUpgradeChannel":"NodeImage"}},"servicePrincipalProfile":{{"clientId":"msi"}},"agentPoolProfiles":[{{"name":"a",{pool}}}]}}}}]"#
    );
    template(&cluster).replacen("\"resources\"", &format!(r#""parameters":{{{parameters}}},"resources""#), 1)
}

/// The same template as a deployment of another, with these properties.
fn deployed(template_text: &str, properties: &str) -> String {
    template(&format!(
        r#"[{{"type":"Microsoft.Resources/deployments","apiVersion":"1","name":"d","properties":{{"expressionEvaluationOptions":{{"scope":"inner"}},"template":{template_text}{properties}}}}}]"#
    ))
}

/// How many findings and how much that is not evaluated.
fn counts((report, _): (Report, Vec<String>)) -> (usize, usize) {
    (report.findings.len(), report.not_evaluated.len())
}

/// Azure takes null for a value that nobody gives: <https://github.com/Azure/bicep/pull/11532>.
#[test]
fn what_is_null_is_not_given() {
    let pool = r#""enableNodePublicIP":"[parameters('public')]""#;
    let open = with_pool(r#""public":{"type":"bool","defaultValue":true}"#, pool);
    assert_eq!(counts(judged(&open, Some(&values(r#""public":{"value":null}"#)))), (1, 0));
    assert_eq!(counts(judged(&open, Some(&values(r#""public":{"value":false}"#)))), (0, 0));
    for (given, found) in [("null", 1), (r#""[null()]""#, 1), ("false", 0), (r#""[if(true(),null(),false())]""#, 1)] {
        let text = deployed(&open, &format!(r#","parameters":{{"public":{{"value":{given}}}}}"#));
        assert_eq!(counts(judged(&text, None)), (found, 0), "{given}");
    }
    // What has no default value cannot be deployed so, and another file has the value.
    let required = with_pool(r#""public":{"type":"bool"}"#, pool);
    let (null, yes) = (values(r#""public":{"value":null}"#), values(r#""public":{"value":true}"#));
    assert_eq!(counts(judged(&required, Some(&null))), (0, 1));
    let files = [("a.parameters.json", null.as_str()), ("b.parameters.json", &yes)];
    assert_eq!(counts(judged_with(&required, &files)), (1, 0));
    // Its name still counts: Azure refuses a file with other parameters.
    let other = values(r#""another":{"value":null}"#);
    assert_eq!(counts(judged_with(&open, &[("c.parameters.json", &other)])), (1, 0));
}

#[test]
fn a_parameter_that_may_be_null_is_null() {
    let pool = r#""nodePublicIPPrefixID":"[parameters('prefix')]","windowsProfile":"[parameters('windows')]""#;
    let types = r##""definitions":{"prefix":{"$ref":"#/definitions/optional"},"optional":{"type":"string","nullable":true},"circle":{"$ref":"#/definitions/circle"}},"resources""##;
    let declared = |prefix: &str| {
        let parameters = format!(r#""windows":{{"type":"object","nullable":true}},"prefix":{{{prefix}}}"#);
        with_pool(&parameters, pool).replacen("\"resources\"", types, 1)
    };
    for nullable in [r#""type":"string","nullable":true"#, r##""$ref":"#/definitions/prefix""##] {
        let text = declared(nullable);
        assert_eq!(counts(judged(&text, None)), (0, 0), "{nullable}");
        assert_eq!(counts(judged(&deployed(&text, ""), None)), (0, 0), "{nullable}");
        let given = values(r#""prefix":{"value":"/subscriptions/s/p"}"#);
        assert_eq!(counts(judged(&text, Some(&given))), (1, 0), "{nullable}");
    }
    let default = r#""type":"string","nullable":true,"defaultValue":"/subscriptions/s/p""#;
    assert_eq!(counts(judged(&declared(default), None)), (1, 0));
    // One without a value may be anything: whether it names something is not known.
    for required in [r#""type":"string""#, r##""$ref":"#/definitions/circle""##, r#""type":"string","nullable":false"#]
    {
        let (report, _) = judged(&declared(required), None);
        let [problem] = report.not_evaluated.as_slice() else { panic!("{required}: {:?}", report.not_evaluated) };
        assert!(report.findings.is_empty() && problem.what.contains("NI610"), "{}", problem.what);
        assert!(
            problem.what.contains("whether properties.agentPoolProfiles[0].nodePublicIPPrefixID names"),
            "{}",
            problem.what
        );
    }
}

/// What a deployment gives to the template in it takes the place of the default value, known or not.
#[test]
fn no_default_value_takes_the_place_of_an_argument() {
    let inner = with_pool(
        r#""public":{"type":"bool","defaultValue":false}"#,
        r#""enableNodePublicIP":"[parameters('public')]""#,
    );
    for (properties, found) in [
        (r#","parameters":"[variables('all')]""#, (1, 0)),
        (r#","parameters":{"public":"[variables('all').public]"}"#, (1, 0)),
        (r#","parameters":{"PUBLIC":{"value":"[variables('all').public.value]"}}"#, (1, 0)),
        (r#","parameters":{"public":{"reference":{"keyVault":{"id":"/v"},"secretName":"s"}}}"#, (0, 1)),
        (r#","parameters":{"public":"[reference('x').all]"}"#, (0, 1)),
        (r#","parameters":"[reference('x').all]""#, (0, 1)),
        (r#","parametersLink":{"uri":"https://example.com/p.json"}"#, (0, 1)),
        (r#","parameters":{}"#, (0, 0)),
        ("", (0, 0)),
    ] {
        let variables = r#""variables":{"all":{"public":{"value":true}}},"resources":[{"type":"Microsoft.Resources"#;
        let text = deployed(&inner, properties).replacen(r#""resources":[{"type":"Microsoft.Resources"#, variables, 1);
        assert_eq!(counts(judged(&text, None)), found, "{properties}");
    }
    // What is known of an id that a module gets is known in it.
    let inner = with_pool(r#""prefix":{"type":"string"}"#, r#""nodePublicIPPrefixID":"[parameters('prefix')]""#);
    let given = r#","parameters":{"prefix":{"value":"[resourceId('Microsoft.Network/publicIPPrefixes','it''s')]"}}"#;
    assert_eq!(counts(judged(&deployed(&inner, given), None)), (1, 0));
}

/// Azure drops what an old version of its API lacks: the cluster would not be isolated.
#[test]
fn a_cluster_in_an_old_version_of_the_api_cannot_be_isolated() {
    let found = |text: &str| {
        let (report, _) = judged(text, None);
        let finding = report
            .findings
            .first()
            .map(|finding| (finding.value.clone().unwrap_or_default(), finding.fix.as_ref().unwrap().text.clone()));
        (lines(&report), finding, report.not_evaluated.len())
    };
    let with = |version: &str| {
        with_pool("", r#""osType":"Linux""#).replacen(
            r#""apiVersion":"2025-08-01""#,
            &format!(r#""apiVersion":{version}"#),
            1,
        )
    };
    for new in [r#""2025-02-01""#, r#""2024-05-02-preview""#, r#""[concat('2025-', '02-01')]""#] {
        assert_eq!(found(&with(new)), (vec![], None, 0), "{new}");
    }
    for old in ["2025-01-01", "2023-07-02-preview"] {
        let (lines, finding, _) = found(&with(&format!(r#""{old}""#)));
        assert_eq!(lines, [format!(r#"NI615 Microsoft.ContainerService/managedClusters shop: apiVersion @ "{old}""#)],);
        assert_eq!(finding, Some((old.to_owned(), "Write version 2025-08-01 or newer".to_owned())));
    }
    // Which one it is decides, so an unknown one is no new one.
    assert_eq!(found(&with(r#""[parameters('version')]""#)), (vec![], None, 1));
    // What is not a cluster may be older.
    assert_eq!(found(&template(&format!("[{}]", GATEWAY.replace("2024-05-01", "2020-05-01")))).0.len(), 1);
    let plan = |version: &str| {
        format!(
            r#"{{"format_version":"1.2","resource_changes":[{{"address":"azapi_resource.aks","mode":"managed","type":"azapi_resource","name":"aks","provider_name":"registry.terraform.io/azure/azapi","change":{{"actions":["create"],"before":null,"after":{{"type":"Microsoft.ContainerService/managedClusters@{version}","name":"shop","body":{{"properties":{{"networkProfile":{{"outboundType":"none","networkPlugin":"azure"}},"apiServerAccessProfile":{{"enablePrivateCluster":true}},"bootstrapProfile":{{"artifactSource":"Cache"}},"autoUpgradeProfile":{{"nodeOSUpgradeChannel":"NodeImage"}},"servicePrincipalProfile":{{"clientId":"msi"}}}}}}}},"after_unknown":{{}}}}}}]}}"#
        )
    };
    assert_eq!(found(&plan("2025-02-01")).0, Vec::<String>::new());
    assert_eq!(
        found(&plan("2024-09-01")).0,
        [
            r#"NI615 Microsoft.ContainerService/managedClusters shop: type @ "Microsoft.ContainerService/managedClusters@2024-09-01""#
        ]
    );
}

/// Each turn of a loop is judged, where it is known how often it runs; one stands for all where it is not.
#[test]
fn loops_are_read_turn_by_turn() {
    let with = |parameters: &str, copy: &str, properties: &str| {
        let pool = format!(
            r#"[{{"type":"Microsoft.ContainerService/managedClusters/agentPools","apiVersion":"2025-08-01","copy":{copy},"name":"[concat('shop/p', copyIndex())]","properties":{properties}}}]"#
        );
        template(&pool).replacen("\"resources\"", &format!(r#""parameters":{{{parameters}}},"resources""#), 1)
    };
    let names = |text: &str, files: &[(&str, &str)]| {
        let (report, notes) = judged_with(text, files);
        let found: Vec<_> = report.findings.iter().map(|finding| finding.object.name.clone()).collect();
        (found.join(" "), report.not_evaluated.len(), notes.len())
    };
    let expected = |names: &str, not_evaluated, notes| (names.to_owned(), not_evaluated, notes);
    let windows = r#"{"osType":"Windows"}"#;
    for (count, found) in [
        ("0", ""),
        ("2", "p0 p1"),
        (r#""[length(createArray('a', 'b', 'c'))]""#, "p0 p1 p2"),
        (r#""[length(coalesce(null(), createArray()))]""#, ""),
        // One for all.
        (r#""[reference('x').count]""#, "p…"),
        ("801", "p…"),
    ] {
        let text = with("", &format!(r#"{{"name":"l","count":{count}}}"#), windows);
        assert_eq!(names(&text, &[]), expected(found, 0, 0), "{count}");
        assert_eq!(names(&deployed(&text, ""), &[]), expected(found, 0, 0), "{count}");
    }
    let pools = r#""pools":{"type":"array","nullable":true}"#;
    let copy = r#"{"name":"l","count":"[length(coalesce(parameters('pools'), createArray()))]"}"#;
    let each = r#"{"osType":"[parameters('pools')[copyIndex()].os]","nodePublicIPPrefixID":"[tryGet(parameters('pools')[copyIndex('l')], 'prefix')]"}"#;
    let text = with(pools, copy, each);
    // None by default, but anyone may give some.
    assert_eq!(names(&text, &[]), expected("", 0, 2));
    let given = |pools: &str| values(&format!(r#""pools":{{"value":{pools}}}"#));
    let file = given("[]");
    assert_eq!(names(&text, &[("main.parameters.json", &file)]), expected("", 0, 0));
    let file = given(r#"[{"os":"Linux"},{"os":"Windows"},{"os":"Linux","prefix":"/p"}]"#);
    assert_eq!(names(&text, &[("main.parameters.json", &file)]), expected("p1 p2", 0, 0));
    let (report, _) = judged(&with(pools, copy, windows), None);
    let [finding] = report.findings.as_slice() else { panic!("{:?}", lines(&report)) };
    assert!(finding.notes.concat().contains("its loop has no turns"), "{:?}", finding.notes);
    // Loops of properties and of variables.
    let cluster = |variables: &str, pools: &str| {
        let text = with_pool("", r#""osType":"Linux""#);
        let text = text.replacen(r#""agentPoolProfiles":[{"name":"a","osType":"Linux"}]"#, pools, 1);
        let text = text.replacen("\"resources\"", &format!(r#""variables":{variables},"resources""#), 1);
        lines(&judged(&text, None).0)
            .iter()
            .filter_map(|line| Some(line.split(" @").next()?.to_owned()))
            .collect::<Vec<_>>()
    };
    let second = ["NI609 Microsoft.ContainerService/managedClusters shop: properties.agentPoolProfiles[1].osType"];
    let systems = r#"{"os":["Linux","Windows"]}"#;
    let made = r#""copy":[{"name":"agentPoolProfiles","count":"[length(variables('os'))]","input":{"osType":"[variables('os')[copyIndex('agentPoolProfiles')]]"}}]"#;
    assert_eq!(cluster(systems, made), second);
    let variable = r#"{"os":["Linux","Windows"],"copy":[{"name":"pools","count":"[length(variables('os'))]","input":{"osType":"[variables('os')[copyIndex('pools')]]"}}]}"#;
    assert_eq!(cluster(variable, r#""agentPoolProfiles":"[variables('pools')]""#), second);
    let mapped =
        r#""agentPoolProfiles":"[map(variables('os'), lambda('o', createObject('osType', lambdaVariables('o'))))]""#;
    assert_eq!(cluster(systems, mapped), second);
}

/// A resource whose condition is not known may be deployed, and a finding says that nobody knows.
#[test]
fn a_condition_that_is_not_known_is_said() {
    let notes = |condition: &str| {
        let gateway = GATEWAY.replacen('{', &format!(r#"{{"condition":"{condition}","#), 1);
        let (report, _) = judged(&template(&format!("[{gateway}]")), None);
        report.findings.into_iter().map(|finding| finding.notes.join(" ")).collect::<Vec<_>>()
    };
    for unknown in
        ["[reference('x').on]", "[equals(reference('x').mode, 'a')]", "[contoso.isOn()]", "[parameters('none')]"]
    {
        let [note] = notes(unknown).try_into().unwrap();
        assert_eq!(note, "whether it is deployed, or how often, is known only then", "{unknown}");
    }
    assert_eq!(notes("[not(empty('x'))]"), [""]);
    for off in
        ["[equals('a', 'b')]", "[not(empty(''))]", "[and(false(), reference('x').on)]", "[contains(createArray(), 1)]"]
    {
        assert_eq!(notes(off), Vec::<String>::new(), "{off}");
    }
}

/// Templates stand in other resources than deployments, too.
#[test]
fn a_template_in_another_resource_is_read_or_said() {
    let holder = |of_type: &str, properties: &str| {
        template(&format!(r#"[{{"type":"{of_type}","apiVersion":"1","name":"h","properties":{properties}}}]"#))
    };
    let open = template(&format!("[{GATEWAY}]"));
    let own = template(&format!("[{}]", GATEWAY.replace(r#""name":"gateway""#, r#""name":"[[parameters('name')]""#)));
    let other = own.replace("Microsoft.Network/natGateways", "Microsoft.Insights/diagnosticSettings");
    let rule = |inner: &str| {
        format!(r#"{{"policyRule":{{"then":{{"details":{{"deployment":{{"properties":{{"template":{inner}}}}}}}}}}}}}"#)
    };
    for (of_type, is_deployed) in [
        ("Microsoft.Resources/deploymentStacks", true),
        ("Microsoft.Resources/deployments", true),
        ("microsoft.authorization/PolicyDefinitions", false),
        ("Microsoft.Resources/templateSpecs/versions", false),
        ("Microsoft.Blueprint/blueprints/artifacts", false),
    ] {
        let holding = |inner: &str| match of_type {
            "microsoft.authorization/PolicyDefinitions" => holder(of_type, &rule(inner)),
            "Microsoft.Resources/templateSpecs/versions" => holder(of_type, &format!(r#"{{"mainTemplate":{inner}}}"#)),
            _ => holder(of_type, &format!(r#"{{"template":{inner}}}"#)),
        };
        let (report, _) = judged(&holding(&open), None);
        let notes: Vec<_> = report.findings.iter().map(|finding| finding.notes.join(" ")).collect();
        let expected = if is_deployed { "" } else { "whether it is deployed, or how often, is known only then" };
        assert_eq!(notes, [expected], "{of_type}");
        let unread = unread(&holding(&own));
        let said = if is_deployed { (1, 0) } else { (0, 1) };
        assert_eq!((unread.0.len(), unread.1.len()), said, "{of_type}: {unread:?}");
        assert!(unread.0.iter().chain(&unread.1).all(|what| what.contains("expressions of its own")), "{unread:?}");
        assert_eq!(counts(judged(&holding(&other), None)), (0, 0), "{of_type}");
    }
    let linked = holder(
        "Microsoft.Resources/templateSpecs/versions",
        &format!(r#"{{"linkedTemplates":[{{"path":"a","template":{open}}}]}}"#),
    );
    assert_eq!(counts(judged(&linked, None)), (1, 0));
    let kept = holder("Microsoft.Resources/templateSpecs/versions", r#"{"mainTemplate":"[reference('x')]"}"#);
    assert_eq!(unread(&kept).1.len(), 1);
    let link =
        holder("Microsoft.Resources/deploymentStacks", r#"{"templateLink":{"uri":"https://example.com/a.json"}}"#);
    assert_eq!(unread(&link).0.len(), 1);
}

/// Without a scope of its own a template within another knows only the parameters around it.
#[test]
fn parameters_are_those_of_the_template_around() {
    let pool = r#""enableNodePublicIP":"[parameters('public')]""#;
    let inner = with_pool(r#""public":{"type":"bool","defaultValue":false}"#, pool);
    let within = |more: &str| {
        let outer = deployed(&inner, "").replacen(r#""expressionEvaluationOptions":{"scope":"inner"},"#, more, 1);
        let declared =
            r#""parameters":{"public":{"type":"bool","defaultValue":true}},"resources":[{"type":"Microsoft.Resources"#;
        outer.replacen(r#""resources":[{"type":"Microsoft.Resources"#, declared, 1)
    };
    assert_eq!(counts(judged(&within(""), None)), (1, 0));
    assert_eq!(counts(judged(&within(r#""expressionEvaluationOptions":{"scope":"Outer"},"#), None)), (1, 0));
    assert_eq!(counts(judged(&within(r#""expressionEvaluationOptions":{"scope":"inner"},"#), None)), (0, 0));
}

#[test]
fn a_template_in_a_plan_is_said() {
    let plan = |of_type: &str, after: &str, unknown: &str| {
        format!(
            r#"{{"format_version":"1.2","resource_changes":[{{"address":"a.b","mode":"managed","type":"{of_type}","name":"b","change":{{"actions":["create"],"before":null,"after":{after},"after_unknown":{unknown}}}}}]}}"#
        )
    };
    let (template, other) = (template(&format!("[{GATEWAY}]")), template("[]"));
    let content = |template: &str| format!(r#"{{"template_content":{}}}"#, serde_json::Value::from(template));
    let of_group = "azurerm_resource_group_template_deployment";
    let count = |text: String| unread(&text).0.len();
    assert_eq!(count(plan(of_group, &content(&template), "{}")), 1);
    assert_eq!(count(plan(of_group, &content(&other), "{}")), 0);
    assert_eq!(count(plan(of_group, "{}", r#"{"template_content":true}"#)), 1);
    let body = format!(
        r#"{{"type":"Microsoft.Resources/deploymentStacks@2024-03-01","body":{{"properties":{{"template":{template}}}}}}}"#
    );
    assert_eq!(count(plan("azapi_resource", &body, "{}")), 1);
    assert_eq!(count(plan("azapi_resource", &body.replace(&template, &other), "{}")), 0);
    assert_eq!(count(plan("azurerm_resource_group", &content(&template), "{}")), 0);
}

/// Azure does not apply default outbound access there. What is not known exempts nothing.
#[test]
fn subnets_of_azure_s_own_services_are_not_for_machines() {
    let delegated = |name: &str| format!(r#""delegations":[{{"name":"a","properties":{{"serviceName":"{name}"}}}}]"#);
    let subnet = |name: &str, properties: &str| {
        template(&format!(
            r#"[{{"type":"Microsoft.Network/virtualNetworks/subnets","apiVersion":"2024-05-01","name":"{name}","properties":{{{properties}}}}}]"#
        ))
    };
    let aks = delegated("Microsoft.ContainerService/managedClusters");
    for (name, properties, expected) in [
        ("v/api", aks.clone(), 0),
        ("[concat(parameters('v'), '/GatewaySubnet')]", String::new(), 0),
        ("v/gatewaysubnet", String::new(), 1),
        ("[parameters('name')]", String::new(), 1),
        ("v/pods", format!(r#"{aks},"natGateway":{{"id":"/x"}}"#), 1),
        ("v/nodes", delegated("[parameters('service')]"), 1),
        ("v/nodes", r#""delegations":"[parameters('delegations')]""#.to_owned(), 1),
        ("v/private", r#""delegations":"[parameters('delegations')]","defaultOutboundAccess":false"#.to_owned(), 0),
    ] {
        assert_eq!(counts(judged(&subnet(name, &properties), None)), (expected, 0), "{name} {properties}");
    }
    let network = format!(
        r#"[{{"type":"Microsoft.Network/virtualNetworks","apiVersion":"2024-05-01","name":"v","properties":{{"subnets":[
            {{"name":"api","properties":{{{aks}}}}},{{"name":"AzureBastionSubnet","properties":{{}}}},{{"name":"nodes","properties":{{}}}}]}}}}]"#
    );
    assert_eq!(counts(judged(&template(&network), None)), (1, 0));
    let plan = r#"{"format_version":"1.2","resource_changes":[{"address":"azurerm_virtual_network.v","mode":"managed","type":"azurerm_virtual_network","change":{"actions":["create"],"before":null,"after":{"name":"v","subnet":[
            {"name":"api","default_outbound_access_enabled":true,"delegation":[{"name":"a","service_delegation":[{"name":"Microsoft.ContainerService/managedClusters"}]}]},
            {"name":"RouteServerSubnet","default_outbound_access_enabled":true},
            {"name":"nodes","default_outbound_access_enabled":true}]},"after_unknown":{}}}]}"#;
    assert_eq!(counts(judged(plan, None)), (1, 0));
    // Two deployments that differ in nothing but the delegation.
    let both = r#""parameters":{"s":{"type":"string"}},"resources""#;
    let both = subnet("v/x", &delegated("[parameters('s')]")).replacen("\"resources\"", both, 1);
    let values = |service: &str| {
        format!(
            r#"{{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#","parameters":{{"s":{{"value":"{service}"}}}}}}"#
        )
    };
    let (api, web) = (values("Microsoft.ContainerService/managedClusters"), values("Microsoft.Web/serverFarms"));
    let files = [("main.a.parameters.json", api.as_str()), ("main.b.parameters.json", web.as_str())];
    assert_eq!(counts(judged_with(&both, &files)), (1, 0));
}

/// What the policies for workloads say.
fn of_workloads(text: &str, files: &[(&str, &str)]) -> (Report, Vec<String>) {
    judged_by(&["internal-load-balancers", "private-storage"], Configuration::default(), text, files)
}

/// A template with one resource of an extension, which is declared so.
fn extended(declared: &str, more: &str, resource: &str) -> String {
    format!(
        r#"{{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","languageVersion":"2.1-experimental",
            {declared},{more}"resources":{{"front":{resource}}}}}"#
    )
}

const IMPORTS: &str = r#""imports":{"k8s":{"provider":"Kubernetes","version":"1.0.0","config":{"kubeConfig":"[parameters('kubeConfig')]","namespace":"shop"}}}"#;

/// A service in Bicep's words, with these fields beside its name and those of its specification.
fn service(metadata: &str, spec: &str) -> String {
    format!(
        r#"{{"import":"k8s","type":"core/Service@v1","properties":{{"metadata":{{"name":"front"{metadata}}},"spec":{{"ports":[{{"port":80}}],{spec}}}}}}}"#
    )
}

const INTERNAL: &str = r#","annotations":{"service.beta.kubernetes.io/azure-load-balancer-internal":"true"}"#;

/// What Bicep's Kubernetes extension deploys is judged as a manifest is.
#[test]
fn objects_in_a_template_are_judged() {
    let open = service("", r#""type":"LoadBalancer""#);
    let expected = "NI201 Service shop/front: properties.metadata.annotations[service.beta.kubernetes.io/azure-load-balancer-internal] @ \"metadata\"";
    let extensions = IMPORTS.replace("imports", "extensions").replace("provider", "name");
    for (declared, resource) in [(IMPORTS, open.clone()), (&extensions, open.replace("import", "extension"))] {
        assert_eq!(lines(&of_workloads(&extended(declared, "", &resource), &[]).0), [expected]);
    }
    // A module, and a loop whose turns make the same.
    let module = template(&format!(
        r#"[{{"type":"Microsoft.Resources/deployments","apiVersion":"2022-09-01","name":"app","properties":{{"expressionEvaluationOptions":{{"scope":"inner"}},"template":{}}}}}]"#,
        extended(IMPORTS, "", &open)
    ));
    let looped = open.replacen('{', r#"{"copy":{"name":"l","count":3},"#, 1);
    for text in [module, extended(IMPORTS, "", &looped)] {
        assert_eq!(lines(&of_workloads(&text, &[]).0), [expected], "{text}");
    }
    // What it shows is in the type, and of a class without namespace.
    let class = r#"{"import":"k8s","type":"storage.k8s.io/StorageClass@v1","properties":{"metadata":{"name":"shares"},"provisioner":"file.csi.azure.com"}}"#;
    let default = IMPORTS.replace("shop", "default");
    assert_eq!(
        lines(&of_workloads(&extended(&default, "", class), &[]).0),
        [r#"NI301 StorageClass shares: properties.parameters.networkEndpointType @ "properties""#]
    );
    let graph = IMPORTS.replace("Kubernetes", "MicrosoftGraph");
    let existing = open.replacen('{', r#"{"existing":true,"#, 1);
    for (declared, resource) in
        [(IMPORTS, service(INTERNAL, r#""type":"LoadBalancer""#)), (&graph, open.clone()), (IMPORTS, existing)]
    {
        let (report, notes) = of_workloads(&extended(declared, "", &resource), &[]);
        assert_eq!((lines(&report).len(), report.not_evaluated.len(), notes.len()), (0, 0, 0), "{resource}");
    }
}

/// No default takes the place of what is not known of an object, and what no rule reads is not asked for.
#[test]
fn what_is_not_known_of_an_object_is_said() {
    let more = r#""parameters":{"type":{"type":"string"},"internal":{"type":"string","defaultValue":"true"},"name":{"type":"string"}},"#;
    let by_parameter =
        service(&INTERNAL.replace("\"true\"", "\"[parameters('internal')]\""), r#""type":"[parameters('type')]""#);
    let text = extended(IMPORTS, more, &by_parameter);
    let (report, _) = of_workloads(&text, &[]);
    let unknown: Vec<_> = report.not_evaluated.iter().map(|problem| &*problem.what).collect();
    assert_eq!(unknown, ["Service shop/front: the value of properties.spec.type is known only when it is deployed"]);
    let file = |internal: &str| {
        format!(
            r#"{{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#","parameters":{{"type":{{"value":"LoadBalancer"}},"internal":{{"value":"{internal}"}}}}}}"#
        )
    };
    let (one, two) = (file("true"), file("false"));
    let files = [("main.one.parameters.json", &*one), ("main.two.parameters.json", &*two)];
    let (report, _) = of_workloads(&text, &files);
    assert_eq!((lines(&report).len(), report.not_evaluated.len()), (1, 0), "{:?}", lines(&report));
    let named = service("", r#""type":"ClusterIP""#).replace("\"front\"", "\"[parameters('name')]\"");
    let deployment = r#"{"import":"k8s","type":"apps/Deployment@v1","properties":{"metadata":{"name":"a"},"spec":{"replicas":"[parameters('name')]",
        "template":{"spec":{"containers":[{"name":"a","image":"a","env":[{"name":"A","value":"[parameters('name')]"}]}]}}}}}"#;
    let secret = r#"{"import":"k8s","type":"core/Secret@v1","properties":{"metadata":{"name":"a"},"stringData":{"a":"[parameters('name')]"}}}"#;
    for resource in [&named, deployment, secret] {
        let (report, _) = of_workloads(&extended(IMPORTS, more, resource), &[]);
        assert_eq!((lines(&report).len(), report.not_evaluated.len()), (0, 0), "{resource}");
    }
    let model = deployment.replace("\"A\"", "\"STORAGE_URI\"");
    let kindless = named.replace("core/Service@v1", "Service");
    for resource in [&model, &kindless] {
        let (report, _) = of_workloads(&extended(IMPORTS, more, resource), &[]);
        assert_eq!(report.not_evaluated.len(), 1, "{resource}");
    }
}

#[test]
fn objects_in_a_plan_are_judged_or_said() {
    let plan = |of_type: &str, after: &str, more: &str| {
        format!(
            r#"{{"format_version":"1.2","resource_changes":[{{"address":"x.y","mode":"managed","type":"{of_type}","name":"y","change":{{"actions":["create"],"before":null,"after":{after},"after_unknown":{{}}}}}}]{more}}}"#
        )
    };
    let class = r#"{"manifest":{"apiVersion":"storage.k8s.io/v1","kind":"StorageClass","metadata":{"name":"shares"},"provisioner":"file.csi.azure.com","parameters":{"skuName":"a"}}}"#;
    assert_eq!(
        lines(&of_workloads(&plan("kubernetes_manifest", class, ""), &[]).0),
        [r#"NI301 StorageClass shares: manifest.parameters.networkEndpointType @ "parameters""#]
    );
    for (of_type, after, more, notes) in [
        ("helm_release", r#"{"chart":"a"}"#, "", 1),
        ("kubernetes_service_v1", "{}", r#","deferred_changes":[{"reason":"unknown"}]"#, 2),
        ("azurerm_key_vault", "{}", r#","deferred_changes":[]"#, 0),
        ("helm_release", "null", "", 0),
    ] {
        assert_eq!(of_workloads(&plan(of_type, after, more), &[]).1.len(), notes, "{of_type} {after}");
    }
}

/// What isolated-clusters says of templates beside each other, each with its file, and the notes.
fn of_templates(texts: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
    let mut parameters = Parameters::default();
    texts.iter().for_each(|(name, text)| parameters.add(name, text));
    let settled = parameters.settle();
    let mut input = Input::default();
    let mut notes = Vec::new();
    for (name, text) in texts {
        let source = Arc::new(Source::new(*name, *text));
        let read = resources(&source, &settled).unwrap();
        notes.extend(read.notes.into_iter().map(|note| note.what));
        input.items.extend(read.items);
        input.faults.extend(read.not_evaluated);
        input.sources.push(source);
    }
    let modules = native::Modules::new().unwrap();
    let selection = Selection { only: ["isolated-clusters".to_owned()].into(), ..Selection::default() };
    let mut admission = Admission::new("default");
    let configuration = Arc::new(Configuration::default());
    for policy in configured(&configuration, &selection, modules.available(), &input.kinds()).unwrap() {
        admission.add(policy.equip(&modules));
    }
    let admission = admission.over(&input, &[]);
    let judged = input.items.iter().map(|item| admission.judge(item)).collect();
    let report = admission.report(&input, judged);
    let found = report.findings.iter().map(|finding| {
        let rule = finding.rule.as_ref().map(|rule| rule.id.clone()).unwrap_or_default();
        format!("{rule} {}: {}", finding.location.place.source.name, finding.notes.join("; "))
    });
    let unknown = report.not_evaluated.iter().map(|problem| format!("? {}", problem.subject));
    (found.chain(unknown).collect(), notes)
}

/// A template that links another one, with these fields of the deployment.
fn linking(path: &str, parameters: &str, given: &str, more: &str) -> String {
    let deployment = format!(
        r#"[{{"type":"Microsoft.Resources/deployments","apiVersion":"2022-09-01","name":"linked"{more},
            "properties":{{"mode":"Incremental","templateLink":{{"relativePath":"{path}"}},"parameters":{given}}}}}]"#
    );
    template(&deployment).replacen("\"resources\"", &format!("\"parameters\":{parameters},\"resources\""), 1)
}

/// A subnet whose access a parameter decides, which has this default value.
fn subnet_by(default: &str) -> String {
    let subnet = r#"[{"type":"Microsoft.Network/virtualNetworks/subnets","apiVersion":"2024-05-01","name":"v/s",
        "properties":{"defaultOutboundAccess":"[parameters('open')]"}}]"#;
    let parameters = format!(r#""parameters":{{"open":{{"type":"bool"{default}}}}},"resources""#);
    template(subnet).replacen("\"resources\"", &parameters, 1)
}

#[test]
fn a_linked_template_gets_what_its_parent_gives() {
    let (closed, open) = (subnet_by(r#","defaultValue":false"#), subnet_by(r#","defaultValue":true"#));
    let given = |value: &str| format!(r#"{{"open":{{"value":{value}}}}}"#);
    let said = |texts: &[(&str, &str)]| of_templates(texts);
    let reported = |by: &str| (vec![format!("NI622 a/net/s.json: {by}")], Vec::<String>::new());
    let nothing = (Vec::<String>::new(), Vec::<String>::new());
    let to = |value: &str| linking("net/s.json", "{}", &given(value), "");
    assert_eq!(said(&[("a/main.json", &to("true")), ("a/net/s.json", &closed)]), reported("deployed by a/main.json"));
    assert_eq!(said(&[("./a/main.json", &to("false")), ("a/net/s.json", &open)]), nothing);
    // A default value that is not given counts, and so does one that anybody may replace.
    assert_eq!(
        said(&[("a/main.json", &linking("./net/../net/s.json", "{}", "{}", "")), ("a/net/s.json", &open)]),
        reported("deployed by a/main.json")
    );
    // Two that link it, and a file of parameters.
    let file = r#"{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#","parameters":{"open":{"value":true}}}"#;
    let texts = [
        ("a/main.json", &*to("false")),
        ("a/b/main.json", &linking("../net/s.json", "{}", &given("true"), "")),
        ("a/net/s.json", &*closed),
    ];
    assert_eq!(said(&texts), reported("deployed by a/b/main.json"));
    let texts = [("a/main.json", &*to("false")), ("a/net/s.json", &*closed), ("a/net/s.parameters.json", file)];
    assert_eq!(said(&texts), reported("deployed with a/net/s.parameters.json"));
    // Through another one, whose own default says something else.
    let middle =
        linking("s.json", r#"{"open":{"type":"bool","defaultValue":false}}"#, &given("\"[parameters('open')]\""), "");
    let first = linking("net/middle.json", "{}", &given("true"), "");
    let texts = [("a/main.json", &*first), ("a/net/middle.json", &*middle), ("a/net/s.json", &*closed)];
    assert_eq!(said(&texts), reported("deployed by a/net/middle.json"));
    // What is not known has no default, and what is not deployed gives nothing.
    let unknown = linking("net/s.json", r#"{"o":{"type":"bool"}}"#, &given("\"[parameters('o')]\""), "");
    let subject = vec!["? Microsoft.Network/virtualNetworks/subnets s".to_owned()];
    assert_eq!(said(&[("a/main.json", &unknown), ("a/net/s.json", &closed)]), (subject.clone(), Vec::new()));
    let all = linking("net/s.json", "{}", "\"[parameters('all')]\"", "");
    assert_eq!(said(&[("a/main.json", &all), ("a/net/s.json", &closed)]), (subject, Vec::new()));
    let off = linking("net/s.json", "{}", &given("false"), r#","condition":false"#);
    assert_eq!(said(&[("a/main.json", &off), ("a/net/s.json", &open)]).0.len(), 1);
    let perhaps =
        linking("net/s.json", "{}", &given("true"), r#","condition":"[equals(resourceGroup().location, 'x')]""#);
    let (found, _) = said(&[("a/main.json", &perhaps), ("a/net/s.json", &closed)]);
    assert_eq!(
        found,
        ["NI622 a/net/s.json: deployed by a/main.json; whether it is deployed, or how often, is known only then"]
    );
    // One that is not read, one that is itself, and those that link each other.
    let (found, notes) = said(&[("a/main.json", &to("true")), ("a/s.json", &closed)]);
    assert_eq!((found.len(), notes.len()), (0, 1));
    let (found, notes) = said(&[("a/main.json", &linking("main.json", "{}", "{}", ""))]);
    assert_eq!((found.len(), notes.len()), (0, 1));
    let (one, two) = (linking("two.json", "{}", "{}", ""), linking("one.json", "{}", "{}", ""));
    assert_eq!(said(&[("one.json", &one), ("two.json", &two)]), nothing);
}
