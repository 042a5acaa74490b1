//! The table: which custom resources request a load balancer from an operator, and where the operator reads the annotations
//! of its Service.
//!
//! Paths are written as in [`isolation::places`]. They follow the projects' CRDs of 2026; a path that a version lacks finds
//! nothing.

/// How a field requests a load balancer; the keys lead to it from the path of the service.
#[derive(Clone, Copy, Debug)]
pub enum RequestedBy {
    /// By the type `LoadBalancer`, in any casing that the operator accepts.
    Type(&'static [&'static str]),
    /// By that type, which is also the default.
    TypeOrNothing(&'static [&'static str]),
    /// By being true.
    Switch(&'static [&'static str]),
    /// By exactly this text.
    Text(&'static [&'static str], &'static str),
}

/// Where the annotations of the Service are.
#[derive(Clone, Copy, Debug)]
pub enum AnnotationPlace {
    /// At this path, from the service.
    Beside(&'static str),
    /// At this path, from the object's root.
    OfObject(&'static str),
    /// At this path, from the service, as YAML in a string.
    Text(&'static str),
    /// Under this key of the service, as pairs in a string: `a:b,c:d`. Or each under a key of its own, behind this one and a
    /// dot.
    Pairs(&'static str),
    /// In the patches of the Service at this path, from the service, which the operator applies one after the other.
    Patches(&'static str),
    /// Nowhere, because there is no load balancer, if the field at this path from the service is false or another type of
    /// Service. Not the first of a list.
    NoService(&'static str),
}

/// A Service that an operator creates.
#[derive(Clone, Copy, Debug)]
pub struct Service {
    /// The path of the object that describes it.
    pub at: &'static str,
    /// How it requests a load balancer.
    pub asks: RequestedBy,
    /// Where its annotations are: at one path of each list. Empty where the operator reads none.
    pub annotations: &'static [&'static [AnnotationPlace]],
}

/// Custom resources of one group that describe the same Services.
#[derive(Clone, Copy, Debug)]
pub struct Operator {
    /// The API group.
    pub group: &'static str,
    /// The kinds.
    pub kinds: &'static [&'static str],
    /// The Services created from them.
    pub services: &'static [Service],
}

const ANNOTATIONS: &[&[AnnotationPlace]] = &[&[AnnotationPlace::Beside("annotations")]];
const METADATA: &[&[AnnotationPlace]] = &[&[AnnotationPlace::Beside("metadata.annotations")]];

/// A type with annotations beside it: `{type, annotations}`.
const fn flat(at: &'static str) -> Service {
    Service { at, asks: RequestedBy::Type(&["type"]), annotations: ANNOTATIONS }
}

/// A type alone: the operator reads no annotations.
const fn typed(at: &'static str) -> Service {
    Service { at, asks: RequestedBy::Type(&["type"]), annotations: &[] }
}

/// A type with the metadata of the Service beside it: `{type, metadata}`.
const fn with_metadata(at: &'static str) -> Service {
    Service { at, asks: RequestedBy::Type(&["type"]), annotations: METADATA }
}

/// The template of a Service: `{metadata, spec}`.
const fn template(at: &'static str) -> Service {
    Service { at, asks: RequestedBy::Type(&["spec", "type"]), annotations: METADATA }
}

/// A Service whose type and annotations have names of their own.
const fn named(at: &'static str, asks: RequestedBy, annotations: &'static [&'static [AnnotationPlace]]) -> Service {
    Service { at, asks, annotations }
}

const fn operator(group: &'static str, kinds: &'static [&'static str], services: &'static [Service]) -> Operator {
    Operator { group, kinds, services }
}

const ELASTIC: &[Service] = &[template("spec.http.service")];
const KONG: &str = "gateway-operator.konghq.com";
const KONG_INGRESS: RequestedBy = RequestedBy::TypeOrNothing(&["type"]);
/// A data plane has a Service in any case; of a configuration, the Gateway that uses it is judged.
const KONG_DATA_PLANE: RequestedBy = RequestedBy::TypeOrNothing(&["network", "services", "ingress", "type"]);
const KONG_ANNOTATIONS: &[&[AnnotationPlace]] = &[&[AnnotationPlace::Beside("network.services.ingress.annotations")]];
const RAY: RequestedBy = RequestedBy::Type(&["headGroupSpec", "serviceType"]);
const RAY_HEAD: RequestedBy = RequestedBy::Type(&["headGroupSpec", "headService", "spec", "type"]);
const RAY_ANNOTATIONS: &[&[AnnotationPlace]] = &[&[
    AnnotationPlace::Beside("headServiceAnnotations"),
    AnnotationPlace::Beside("headGroupSpec.headService.metadata.annotations"),
]];
const SERVICE_SPEC: &[Service] = &[template("spec.serviceSpec")];

/// The access from outside to a component or listener of Confluent's.
const fn confluent(at: &'static str) -> Service {
    named(at, RequestedBy::Type(&["type"]), &[&[AnnotationPlace::Beside("loadBalancer.annotations")]])
}

/// The access from outside to databases of MongoDB's own operator: each has a Service of the type LoadBalancer unless another
/// is written.
const fn mongodb(at: &'static str) -> Service {
    let asks = RequestedBy::TypeOrNothing(&["externalService", "spec", "type"]);
    named(at, asks, &[&[AnnotationPlace::Beside("externalService.annotations")]])
}

/// Every operator, by group.
pub const OPERATORS: &[Operator] = &[
    operator(
        "acid.zalan.do",
        &["postgresql"],
        &[
            named("spec", RequestedBy::Switch(&["enableMasterLoadBalancer"]), ZALANDO_MASTER),
            named("spec", RequestedBy::Switch(&["enableReplicaLoadBalancer"]), ZALANDO_REPLICA),
            named("spec", RequestedBy::Switch(&["enableMasterPoolerLoadBalancer"]), ZALANDO_MASTER),
            named("spec", RequestedBy::Switch(&["enableReplicaPoolerLoadBalancer"]), ZALANDO_REPLICA),
        ],
    ),
    operator("agent.k8s.elastic.co", &["Agent"], ELASTIC),
    operator("apm.k8s.elastic.co", &["ApmServer"], ELASTIC),
    operator(
        "app.redislabs.com",
        &["RedisEnterpriseCluster"],
        &[
            named("spec", REDIS_UI, &[&[AnnotationPlace::Beside("uiAnnotations")]]),
            named("spec.services", RequestedBy::Type(&["apiService", "type"]), REDIS_SERVICES),
            named("spec.servicesRiggerSpec", RequestedBy::Type(&["databaseServiceType"]), REDIS_SERVICES),
        ],
    ),
    operator(
        "apps.emqx.io",
        &["EMQX"],
        &[template("spec.listenersServiceTemplate"), template("spec.dashboardServiceTemplate")],
    ),
    operator(
        "argoproj.io",
        &["ArgoCD"],
        &[typed("spec.server.service"), typed("spec.argoCDAgent.principal.server.service")],
    ),
    operator(
        "awx.ansible.com",
        &["AWX"],
        &[named("spec", RequestedBy::Type(&["service_type"]), &[&[AnnotationPlace::Text("service_annotations")]])],
    ),
    operator(
        "cilium.io",
        &["CiliumGatewayClassConfig"],
        &[named("spec.service", RequestedBy::TypeOrNothing(&["type"]), &[])],
    ),
    operator("clickhouse.altinity.com", &["ClickHouseInstallation"], &[template("spec.templates.serviceTemplates[]")]),
    operator(
        "couchbase.com",
        &["CouchbaseCluster"],
        &[
            template("spec.networking.adminConsoleServiceTemplate"),
            template("spec.networking.exposedFeatureServiceTemplate"),
        ],
    ),
    operator("dragonflydb.io", &["Dragonfly"], &[flat("spec.serviceSpec")]),
    operator(
        "elasticsearch.k8s.elastic.co",
        &["Elasticsearch"],
        &[
            template("spec.http.service"),
            template("spec.transport.service"),
            template("spec.remoteClusterServer.service"),
        ],
    ),
    operator("enterprisesearch.k8s.elastic.co", &["EnterpriseSearch"], ELASTIC),
    operator(
        "flink.apache.org",
        &["FlinkDeployment"],
        &[named(
            "spec.flinkConfiguration",
            RequestedBy::Type(&["kubernetes.rest-service.exposed.type"]),
            &[&[AnnotationPlace::Pairs("kubernetes.rest-service.annotations")]],
        )],
    ),
    operator(KONG, &["DataPlane"], &[named("spec", KONG_DATA_PLANE, KONG_ANNOTATIONS)]),
    operator(
        KONG,
        &["GatewayConfiguration"],
        &[named("spec.dataPlaneOptions.network.services.ingress", KONG_INGRESS, ANNOTATIONS)],
    ),
    operator(
        "gateway.envoyproxy.io",
        &["EnvoyProxy"],
        &[named("spec.provider.kubernetes.envoyService", RequestedBy::TypeOrNothing(&["type"]), ANNOTATIONS)],
    ),
    operator(
        "gateway.kgateway.dev",
        &["GatewayParameters"],
        &[named("spec.kube.service", RequestedBy::Type(&["type"]), EXTRA)],
    ),
    operator(
        "gateway.nginx.org",
        &["NginxProxy"],
        &[named(
            "spec.kubernetes.service",
            RequestedBy::TypeOrNothing(&["type"]),
            &[&[AnnotationPlace::Patches("patches")]],
        )],
    ),
    operator("grafana.integreatly.org", &["Grafana"], &[template("spec.service")]),
    operator(
        "install.istio.io",
        &["IstioOperator"],
        &[
            named("spec.components.ingressGateways[]", RequestedBy::Type(&["k8s", "service", "type"]), ISTIO),
            named("spec.components.egressGateways[]", RequestedBy::Type(&["k8s", "service", "type"]), ISTIO),
            named(
                "spec.values.gateways{}",
                RequestedBy::Type(&["type"]),
                &[&[AnnotationPlace::Beside("serviceAnnotations")]],
            ),
        ],
    ),
    operator(
        "k8s.mariadb.com",
        &["MariaDB"],
        &[with_metadata("spec.service"), with_metadata("spec.primaryService"), with_metadata("spec.secondaryService")],
    ),
    operator(
        "k8s.mariadb.com",
        &["MaxScale"],
        &[with_metadata("spec.kubernetesService"), with_metadata("spec.guiKubernetesService")],
    ),
    operator("kafka.strimzi.io", &["Kafka"], &[named("spec.kafka.listeners[]", RequestedBy::Type(&["type"]), STRIMZI)]),
    operator(
        "kaito.sh",
        &["MultiRoleInference", "RAGEngine", "Workspace"],
        &[named("metadata.annotations", KAITO, &[])],
    ),
    // The annotations of the template go to each Workspace.
    operator("kaito.sh", &["InferenceSet"], &[named("spec.template.metadata.annotations", KAITO, &[])]),
    operator("kibana.k8s.elastic.co", &["Kibana"], ELASTIC),
    operator(
        "kuma.io",
        &["MeshGatewayInstance"],
        &[named(
            "spec",
            RequestedBy::TypeOrNothing(&["serviceType"]),
            &[&[AnnotationPlace::Beside("serviceTemplate.metadata.annotations")]],
        )],
    ),
    operator("logstash.k8s.elastic.co", &["Logstash"], &[template("spec.services[].service")]),
    operator("maps.k8s.elastic.co", &["ElasticMapsServer"], ELASTIC),
    operator(
        "minio.min.io",
        &["Tenant"],
        &[
            named(
                "spec.exposeServices",
                RequestedBy::Switch(&["minio"]),
                &[&[AnnotationPlace::OfObject("spec.serviceMetadata.minioServiceAnnotations")]],
            ),
            named(
                "spec.exposeServices",
                RequestedBy::Switch(&["console"]),
                &[&[AnnotationPlace::OfObject("spec.serviceMetadata.consoleServiceAnnotations")]],
            ),
        ],
    ),
    operator(
        "mongodb.com",
        &["MongoDB", "MongoDBMultiCluster"],
        &[
            mongodb("spec.externalAccess"),
            mongodb("spec.clusterSpecList[].externalAccess"),
            mongodb("spec.configSrv.clusterSpecList[].externalAccess"),
            mongodb("spec.mongos.clusterSpecList[].externalAccess"),
            mongodb("spec.shard.clusterSpecList[].externalAccess"),
        ],
    ),
    operator(
        "mongodb.com",
        &["MongoDBOpsManager"],
        &[
            flat("spec.externalConnectivity"),
            flat("spec.internalConnectivity"),
            flat("spec.clusterSpecList[].externalConnectivity"),
            flat("spec.clusterSpecList[].internalConnectivity"),
            mongodb("spec.applicationDatabase.externalAccess"),
            mongodb("spec.applicationDatabase.clusterSpecList[].externalAccess"),
        ],
    ),
    operator("mysql.oracle.com", &["InnoDBCluster"], &[flat("spec.service")]),
    operator(
        "operator.victoriametrics.com",
        &["VMAgent", "VMAlert", "VMAlertmanager", "VMAuth", "VMSingle"],
        SERVICE_SPEC,
    ),
    operator(
        "operator.victoriametrics.com",
        &["VMCluster"],
        &[
            template("spec.vmselect.serviceSpec"),
            template("spec.vminsert.serviceSpec"),
            template("spec.vmstorage.serviceSpec"),
        ],
    ),
    operator("packageregistry.k8s.elastic.co", &["PackageRegistry"], ELASTIC),
    operator(
        "pgv2.percona.com",
        &["PerconaPGCluster"],
        &[
            flat("spec.expose"),
            flat("spec.exposeReplicas"),
            flat("spec.logicalReplicas[].expose"),
            flat("spec.proxy.pgBouncer.expose"),
        ],
    ),
    operator(
        "pingcap.com",
        &["TidbCluster"],
        &[flat("spec.tidb.service"), flat("spec.pd.service"), flat("spec.tiproxy.service")],
    ),
    operator(
        "platform.confluent.io",
        &[
            "Connect",
            "ControlCenter",
            "Gateway",
            "KRaftController",
            "Kafka",
            "KafkaRestProxy",
            "KsqlDB",
            "SchemaRegistry",
            "Zookeeper",
        ],
        &[
            confluent("spec.externalAccess"),
            confluent("spec.listeners{}.externalAccess"),
            confluent("spec.listeners.custom[].externalAccess"),
            confluent("spec.services{}.externalAccess"),
            confluent("spec.services{}.listeners{}.externalAccess"),
        ],
    ),
    operator(
        "postgres-operator.crunchydata.com",
        &["PostgresCluster"],
        &[
            with_metadata("spec.service"),
            with_metadata("spec.replicaService"),
            with_metadata("spec.proxy.pgBouncer.service"),
            with_metadata("spec.userInterface.pgAdmin.service"),
        ],
    ),
    operator("postgresql.cnpg.io", &["Cluster"], &[template("spec.managed.services.additional[].serviceTemplate")]),
    operator("postgresql.cnpg.io", &["Pooler"], &[template("spec.serviceTemplate")]),
    operator(
        "projectcontour.io",
        &["ContourDeployment"],
        &[named("spec.envoy.networkPublishing", CONTOUR, CONTOUR_ANNOTATIONS)],
    ),
    operator(
        "ps.percona.com",
        &["PerconaServerMySQL"],
        &[
            flat("spec.mysql.expose"),
            flat("spec.mysql.exposePrimary"),
            flat("spec.proxy.haproxy.expose"),
            flat("spec.proxy.router.expose"),
            flat("spec.orchestrator.expose"),
        ],
    ),
    operator(
        "psmdb.percona.com",
        &["PerconaServerMongoDB"],
        &[
            named("spec.replsets[].expose", MONGO, MONGO_ANNOTATIONS),
            named("spec.replsets[].expose", MONGO_OLD, MONGO_ANNOTATIONS),
            named("spec.sharding.mongos.expose", MONGO, MONGO_ANNOTATIONS),
            named("spec.sharding.mongos.expose", MONGO_OLD, MONGO_ANNOTATIONS),
            named("spec.sharding.configsvrReplSet.expose", MONGO, MONGO_ANNOTATIONS),
            named("spec.sharding.configsvrReplSet.expose", MONGO_OLD, MONGO_ANNOTATIONS),
        ],
    ),
    operator(
        "pxc.percona.com",
        &["PerconaXtraDBCluster"],
        &[
            flat("spec.pxc.expose"),
            flat("spec.haproxy.exposePrimary"),
            flat("spec.haproxy.exposeReplicas"),
            flat("spec.proxysql.expose"),
            named("spec.haproxy", PXC_OLD, PXC_OLD_ANNOTATIONS),
            named("spec.proxysql", PXC_OLD, PXC_OLD_ANNOTATIONS),
        ],
    ),
    operator(
        "rabbitmq.com",
        &["RabbitmqCluster"],
        &[
            named("spec", RequestedBy::Type(&["service", "type"]), RABBIT),
            named("spec.override.service", RequestedBy::Type(&["spec", "type"]), RABBIT_OVERRIDE),
        ],
    ),
    operator(
        "ray.io",
        &["RayCluster"],
        &[named("spec", RAY, RAY_ANNOTATIONS), named("spec", RAY_HEAD, RAY_ANNOTATIONS)],
    ),
    operator(
        "ray.io",
        &["RayJob"],
        &[named("spec.rayClusterSpec", RAY, RAY_ANNOTATIONS), named("spec.rayClusterSpec", RAY_HEAD, RAY_ANNOTATIONS)],
    ),
    operator(
        "ray.io",
        &["RayCronJob"],
        &[
            named("spec.jobTemplate.rayClusterSpec", RAY, RAY_ANNOTATIONS),
            named("spec.jobTemplate.rayClusterSpec", RAY_HEAD, RAY_ANNOTATIONS),
        ],
    ),
    operator(
        "ray.io",
        &["RayService"],
        &[
            named("spec.rayClusterConfig", RAY, RAY_ANNOTATIONS),
            named("spec.rayClusterConfig", RAY_HEAD, RAY_ANNOTATIONS),
            template("spec.serveService"),
        ],
    ),
    operator(
        "redis.redis.opstreelabs.in",
        &["Redis", "RedisCluster", "RedisReplication", "RedisSentinel"],
        &[
            named("spec.kubernetesConfig.service", RequestedBy::Type(&["serviceType"]), REDIS),
            named("spec.kubernetesConfig.service.additional", RequestedBy::Type(&["type"]), REDIS_ADDITIONAL),
            named("spec.sentinel.service", RequestedBy::Type(&["serviceType"]), REDIS),
            named("spec.sentinel.service.additional", RequestedBy::Type(&["type"]), REDIS_SENTINEL),
        ],
    ),
    operator("scylla.scylladb.com", &["ScyllaCluster"], &[flat("spec.exposeOptions.nodeService")]),
    operator(
        "sparkoperator.k8s.io",
        &["SparkApplication"],
        &[
            named("spec.sparkUIOptions", SPARK, SPARK_ANNOTATIONS),
            named("spec.driverIngressOptions[]", SPARK, SPARK_ANNOTATIONS),
        ],
    ),
    operator(
        "sparkoperator.k8s.io",
        &["ScheduledSparkApplication"],
        &[
            named("spec.template.sparkUIOptions", SPARK, SPARK_ANNOTATIONS),
            named("spec.template.driverIngressOptions[]", SPARK, SPARK_ANNOTATIONS),
        ],
    ),
];

const CONTOUR: RequestedBy = RequestedBy::TypeOrNothing(&["type"]);
const CONTOUR_ANNOTATIONS: &[&[AnnotationPlace]] = &[&[AnnotationPlace::Beside("serviceAnnotations")]];
const EXTRA: &[&[AnnotationPlace]] = &[&[AnnotationPlace::Beside("extraAnnotations")]];
const ISTIO: &[&[AnnotationPlace]] = &[&[AnnotationPlace::Beside("k8s.serviceAnnotations")]];
const KAITO: RequestedBy = RequestedBy::Text(&["kaito.sh/enablelb"], "True");
const MONGO: RequestedBy = RequestedBy::Type(&["type"]);
const MONGO_OLD: RequestedBy = RequestedBy::Type(&["exposeType"]);
const MONGO_ANNOTATIONS: &[&[AnnotationPlace]] =
    &[&[AnnotationPlace::Beside("annotations"), AnnotationPlace::Beside("serviceAnnotations")]];
const PXC_OLD: RequestedBy = RequestedBy::Type(&["serviceType"]);
const PXC_OLD_ANNOTATIONS: &[&[AnnotationPlace]] = &[&[AnnotationPlace::Beside("serviceAnnotations")]];
/// The operator merges the override into the Service
/// (<https://github.com/rabbitmq/cluster-operator/blob/main/internal/resource/service.go>).
const RABBIT: &[&[AnnotationPlace]] = &[&[
    AnnotationPlace::Beside("service.annotations"),
    AnnotationPlace::Beside("override.service.metadata.annotations"),
    AnnotationPlace::NoService("override.service.spec.type"),
]];
const RABBIT_OVERRIDE: &[&[AnnotationPlace]] =
    &[&[AnnotationPlace::Beside("metadata.annotations"), AnnotationPlace::OfObject("spec.service.annotations")]];
const REDIS: &[&[AnnotationPlace]] = &[&[AnnotationPlace::Beside("annotations")]];
const REDIS_ADDITIONAL: &[&[AnnotationPlace]] =
    &[&[AnnotationPlace::OfObject("spec.kubernetesConfig.service.annotations")]];
const REDIS_SENTINEL: &[&[AnnotationPlace]] = &[&[AnnotationPlace::OfObject("spec.sentinel.service.annotations")]];
const REDIS_SERVICES: &[&[AnnotationPlace]] = &[&[AnnotationPlace::OfObject("spec.services.servicesAnnotations")]];
const REDIS_UI: RequestedBy = RequestedBy::Type(&["uiServiceType"]);
const SPARK: RequestedBy = RequestedBy::Type(&["serviceType"]);
const SPARK_ANNOTATIONS: &[&[AnnotationPlace]] = &[&[AnnotationPlace::Beside("serviceAnnotations")]];
/// Strimzi creates a bootstrap Service, and one for each broker.
const STRIMZI: &[&[AnnotationPlace]] = &[
    &[
        AnnotationPlace::Beside("configuration.bootstrap.annotations"),
        AnnotationPlace::OfObject("spec.kafka.template.externalBootstrapService.metadata.annotations"),
        AnnotationPlace::NoService("configuration.createBootstrapService"),
    ],
    &[
        AnnotationPlace::OfObject("spec.kafka.template.perPodService.metadata.annotations"),
        AnnotationPlace::Beside("configuration.brokers[].annotations"),
    ],
];
const ZALANDO_MASTER: &[&[AnnotationPlace]] =
    &[&[AnnotationPlace::Beside("masterServiceAnnotations"), AnnotationPlace::Beside("serviceAnnotations")]];
const ZALANDO_REPLICA: &[&[AnnotationPlace]] =
    &[&[AnnotationPlace::Beside("replicaServiceAnnotations"), AnnotationPlace::Beside("serviceAnnotations")]];
