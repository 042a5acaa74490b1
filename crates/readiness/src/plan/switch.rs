//! The switch, and what keeps the cluster as it is afterwards.

use super::tasks::of_rules;
use super::{Context, Frame, PROTECT, SWITCH};
use crate::document::{State, Task};
use isolation_deploy::{Needed, needed};
use isolation_inventory::shell::word;

pub const STEP: Frame =
    Frame { id: SWITCH, title: "The switch", why: "Only when all steps before it are done.", tasks };

pub const PROTECTION: Frame = Frame {
    id: PROTECT,
    title: "Keep it isolated",
    why: "The next chart brings the next public image.",
    tasks: protect,
};

fn tasks(context: &Context<'_>) -> Vec<Task> {
    let cluster = context.cluster_arguments();
    let title = "Outbound type none";
    let state = match &context.azure.cluster {
        Some(known) if known.is_closed() => State::Done,
        _ => State::Later,
    };
    let mut tasks = vec![
        Task::in_state(state, title, 0)
            .note("To go back, run the same command with loadBalancer.")
            .run(format!("az aks update {cluster} --outbound-type none"))
            .verify(format!("az aks show {cluster} --query networkProfile.outboundType --output tsv"), "none")
            .verify("kubectl get pods -A --field-selector='status.phase!=Running,status.phase!=Succeeded'", "no pod that waits for an image")
            .verify(
                "kubectl run out --rm -it --restart=Never --image=mcr.microsoft.com/azurelinux/busybox:1.36 -- wget -T 5 -qO- https://example.com",
                "a timeout",
            ),
    ];
    let network: Vec<_> = context.problems_of(SWITCH).into_iter().filter(|problem| problem.rule == "NI622").collect();
    for mut task in of_rules(&network) {
        for subnet in &context.azure.subnets {
            task =
                task.run(format!("az network vnet subnet update --ids {} --default-outbound false", word(&subnet.id)));
        }
        task.state = State::Later;
        task.changes = 0;
        tasks.push(task.note("With the switch, not before: nodes need internet access until they are recreated."));
    }
    tasks
}

fn protect(context: &Context<'_>) -> Vec<Task> {
    let registry = word(&format!("{}/policies", context.registry));
    let (host, name) = (word(&context.registry), context.registry_name());
    // What is wrong with metadata is found by a test.
    let Needed { families, sections } = needed(context.kinds).unwrap_or_default();
    let families = Vec::from_iter(families);
    let deployed = |mode: &str| {
        let families =
            if families.is_empty() { String::new() } else { format!(" --family {}", word(&families.join(","))) };
        format!("isolation policies --registry {registry}{families} --mode {mode} | kubectl apply --server-side -f -")
    };
    let mut report = Task::in_state(State::Later, "Policies report violations", 0)
        .note("Kubewarden runs the policies. Install it first, in the namespace kubewarden, with its images in your registry.")
        .run(format!("isolation publish --registry {registry}"))
        .run_and_say(
            format!(
                "TOKEN=$(az acr token create --name policies --registry {name} --repository 'policies/*' content/read \
                 metadata/read --query 'credentials.passwords[0].value' --output tsv)"
            ),
            "with it, the policy server may pull the modules",
        )
        .run(format!(
            "kubectl create secret docker-registry network-isolation-registry -n kubewarden --docker-server={host} \
             --docker-username=policies --docker-password=\"$TOKEN\""
        ))
        .run(deployed("monitor"))
        .verify("kubectl get clusteradmissionpolicies", "every policy is active, in mode monitor");
    if !families.is_empty() || !sections.is_empty() {
        let sections: String = sections.iter().map(|policy| format!("{policy}: {{}}\n")).collect();
        let families =
            if families.is_empty() { String::new() } else { format!("families: [{}]\n", families.join(", ")) };
        let text = format!("registry: {registry}\n{families}{sections}");
        report = report.manifest("isolation.yaml, in addition", text);
    }
    vec![
        report,
        Task::in_state(State::Later, "Policies reject violations", 0)
            .note("When the audit scanner reports nothing more.")
            .run(deployed("protect"))
            .run_and_say(
                "kubectl wait clusteradmissionpolicies -l app.kubernetes.io/part-of=network-isolation-policies \
                 --for=condition=PolicyActive --timeout=5m",
                "until then the policies only report",
            )
            .verify(
                "kubectl create deployment probe --image=nginx --dry-run=server -o name",
                "a rejection that names NI101",
            ),
    ]
}
