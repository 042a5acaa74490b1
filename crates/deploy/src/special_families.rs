//! The families of custom resources that are not deployed like the others, and why.

/// A family that is not deployed like the others.
#[derive(Debug)]
pub struct SpecialFamily {
    /// The policy.
    pub policy: &'static str,
    /// The family.
    pub family: &'static str,
    /// What it would cost.
    pub why: &'static str,
    /// Whether it only runs when it is named, not with all of them.
    pub only_by_name: bool,
    /// Whether a request passes when the policy server does not answer, whatever the mode.
    pub passes_without_server: bool,
}

/// The families that are not deployed like the others.
pub const SPECIAL_FAMILIES: &[SpecialFamily] = &[
    SpecialFamily {
        policy: "internal-load-balancers",
        family: "gateway-parameters",
        why: "every ConfigMap of the cluster is sent to the policy server, leader elections and certificates of all \
              namespaces among them, for the few that customise a Gateway; while no policy server runs, none can be \
              written",
        only_by_name: true,
        passes_without_server: false,
    },
    SpecialFamily {
        policy: "closed-egress",
        family: "nodes",
        why: "the policy server runs on nodes, and a node that waits for it does not join. The API server therefore does \
              not wait: `failurePolicy: Ignore`",
        only_by_name: true,
        passes_without_server: true,
    },
    SpecialFamily {
        policy: "closed-egress",
        family: "endpoints",
        why: "every pod that becomes ready or goes writes an EndpointSlice, and the policy server itself is reached through \
              one. The API server therefore does not wait: `failurePolicy: Ignore`",
        only_by_name: true,
        passes_without_server: true,
    },
    SpecialFamily { policy: "private-images", ..KUBEWARDEN },
    SpecialFamily { policy: "cached-images", ..KUBEWARDEN },
];

const KUBEWARDEN: SpecialFamily = SpecialFamily {
    policy: "",
    family: "kubewarden",
    why: "a policy server that does not start is mended by changing it or its policies, which must be possible while it does \
          not run: `failurePolicy: Ignore`",
    only_by_name: false,
    passes_without_server: true,
};

/// The note on a policy's family that is not deployed like the others.
pub fn special_family(policy: &str, family: &str) -> Option<&'static SpecialFamily> {
    SPECIAL_FAMILIES.iter().find(|entry| entry.policy == policy && entry.family == family)
}
