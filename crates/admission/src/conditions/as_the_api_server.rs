//! Expressions and what an API server (1.36) made of them for this Deployment: it asked their webhook, passed it over, or
//! refused the request because the expression had no value.

use super::*;
use serde_json::json;

const HOLD: &[&str] = &[
    "request.operation == 'CREATE' && request.namespace != 'kube-system'",
    r#"!("system:nodes" in request.userInfo.groups)"#,
    "object.spec.replicas + 1 == 4 && object.spec.replicas > 2",
    "object.spec.replicas == 3.0",
    "object.spec.replicas < 3.5",
    "object.spec.template.spec.containers.exists(c, c.image == 'b')",
    "object.spec.template.spec.containers.filter(c, c.image == 'a').size() == 1",
    "has(object.metadata.labels) && object.metadata.labels['case'] != 'web'",
    "object.metadata.?annotations['a'].orValue('') == ''",
    "object.metadata.?annotations.?a.orValue('') == ''",
    "object.metadata.name.matches('^d.*$')",
    "'WEB'.lowerAscii() == 'web'",
    "oldObject == null && namespaceObject == null",
    "object.spec.nothing == 1 || true",
    "type(object.spec.replicas) == int",
    "request.dryRun == false",
    "request.resource.resource == 'deployments' && request.kind.kind == 'Deployment'",
    "request.requestKind.version == 'v1'",
    "request.options.kind == 'CreateOptions'",
    "object.spec.template.spec.containers.map(c, c.image).join(',') == 'a,b'",
    "object.spec.template.spec.containers.exists_one(c, c.image == 'a')",
    "'a' in object.spec.template.spec.containers.map(c, c.image)",
    "object.metadata.name.split('')[0] == 'd'",
    "object.metadata.name.substring(0,1) == 'd' && object.metadata.name.charAt(0) == 'd' && object.metadata.name.indexOf('d') == 0",
    "object.metadata.name.replace('d','e').startsWith('e') && ' a '.trim() == 'a' && 'a'.upperAscii() == 'A'",
    "string(object.spec.replicas) == '3' && int('3') == object.spec.replicas && double(object.spec.replicas) == 3.0",
    "size(object.spec.template.spec.containers) == 2",
    "size('äöü') == 3",
    "object.spec.replicas / 2 == 1 && object.spec.replicas % 2 == 1",
    "object.spec.template.spec.containers.size() > 1 ? object.spec.replicas == 3 : false",
    "[1,2] == [1,2] && {'a': 1}.a == 1",
    "bool('true')",
    "request.userInfo.groups.exists(g, g.startsWith('system:'))",
    "object.spec.template.spec.containers.exists(c, c.image == 'a' || c.nothing == 1)",
    "object.metadata.name.lastIndexOf('z') == -1",
    "optional.of(1).hasValue() && optional.none().orValue(1) == 1",
    "object.spec.template.spec.containers.all(c, has(c.image))",
    "b'abc' == b'abc'",
    "object.spec.replicas in [1,2,3]",
    "object.kind == 'Deployment' && object.apiVersion == 'apps/v1'",
    "// comment\nrequest.operation == 'CREATE'",
    "object.metadata.labels.case.matches('[0-9]+') && !object.metadata.labels.case.contains('.')",
    "object.spec['replicas'] == 3",
    "request.namespace.startsWith('sh')",
];

const DO_NOT_HOLD: &[&str] = &[
    "object.spec.template.spec.containers.all(c, c.image.startsWith('a'))",
    "has(object.metadata.annotations)",
    "object.spec.nothing == 1 && false",
    "request.dryRun",
    "has(request.subResource)",
    "request.name == 'd1'",
    "object.metadata.name == 1",
    "object.spec.replicas == '3'",
    "object.metadata.labels == {'case': 'x'}",
    "'b' in {'a': 1}",
    "dyn(1) == dyn('1')",
    "has(request.userInfo.extra)",
];

const HAVE_NO_VALUE: &[&str] = &[
    "has(object.metadata.annotations.x)",
    "namespaceObject.metadata.name == 'shop'",
    "object.spec.nothing == 1",
    "object.spec.template.spec.containers[7].image == 'a'",
    "request.subResource == ''",
    "object.spec.replicas / 0 == 1",
    "request.userInfo.extra == {}",
    "object.spec.template.spec.containers.exists(c, c.nothing == 1)",
    "null == object.spec.nothing",
];

fn holds(text: &str) -> Result<bool, Fault> {
    let gvk = json!({"group": "apps", "version": "v1", "kind": "Deployment"});
    let request = json!({
        "uid": "1", "kind": gvk, "requestKind": gvk,
        "resource": {"group": "apps", "version": "v1", "resource": "deployments"},
        "operation": "CREATE", "name": "d7", "namespace": "shop", "dryRun": true,
        "options": {"apiVersion": "meta.k8s.io/v1", "kind": "CreateOptions"},
        "userInfo": {"username": "admin", "groups": ["system:authenticated"]},
        "object": {
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": "d7", "labels": {"case": "7"}},
            "spec": {
                "replicas": 3, "paused": false, "selector": {"matchLabels": {"a": "b"}},
                "template": {
                    "metadata": {"labels": {"a": "b"}},
                    "spec": {"containers": [{"name": "a", "image": "a"}, {"name": "b", "image": "b"}]},
                },
            },
        },
    });
    Condition::read("it", text).unwrap().holds(&Variables::read(&request, false, false))
}

#[test]
fn conditions_mean_what_they_mean_to_it() {
    for text in HOLD {
        assert_eq!(holds(text), Ok(true), "{text}");
    }
    for text in DO_NOT_HOLD {
        assert_eq!(holds(text), Ok(false), "{text}");
    }
    for text in HAVE_NO_VALUE {
        assert!(matches!(holds(text), Err(Fault::Failed(_))), "{text}: {:?}", holds(text));
    }
}

#[test]
fn the_namespace_that_the_api_server_fills_in_is_there() {
    assert_eq!(holds("object.metadata.namespace == 'shop'"), Ok(true));
}

#[test]
fn what_is_not_known_is_never_guessed() {
    let problem = |text: &str| Condition::read("it", text).unwrap_err();
    let unknown = problem("true || quantity('1Gi').isInteger()");
    assert_eq!(unknown, "the function quantity is not known to this program");
    let authorizer = problem("authorizer.group('').resource('pods').check('get').allowed()");
    assert!(authorizer.starts_with("it asks what a user may do"));
    let misspelt = problem("objects.spec == 1");
    assert_eq!(misspelt, "the variable objects is not known (namespaceObject, object, oldObject, request)");
    assert!(problem("request.object.spec == 1").starts_with("request has no field object"));
    assert!(problem("request.uid == 'a'").starts_with("request has no field uid"));
    assert!(problem("c.image == 'a' && object.items.exists(c, c == 1)").contains("variable c"));
    assert!(problem("object.spec.paused").ends_with("write object.spec.paused == true"));
    assert!(problem("object.spec ==").starts_with("it is not CEL"));
    assert!(problem("").starts_with("it is not CEL"));
}

#[test]
fn who_sends_the_request_is_noticed() {
    assert!(Condition::read("it", "request.userInfo.username == 'a'").unwrap().asks_for_the_user);
    assert!(!Condition::read("it", "request.operation == 'CREATE'").unwrap().asks_for_the_user);
}
