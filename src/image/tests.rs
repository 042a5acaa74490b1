use super::Reference;

fn read(text: &str) -> (String, String) {
    let reference = Reference::read(text).unwrap();
    (reference.registry.into_owned(), reference.repository.into_owned())
}

#[test]
fn short_names_are_expanded() {
    assert_eq!(read("nginx"), ("docker.io".into(), "library/nginx".into()));
    assert_eq!(read("team/app:1"), ("docker.io".into(), "team/app".into()));
    assert_eq!(read("docker.io/nginx"), ("docker.io".into(), "library/nginx".into()));
    assert_eq!(read("index.docker.io/nginx"), ("docker.io".into(), "library/nginx".into()));
    assert_eq!(read("localhost/app"), ("localhost".into(), "app".into()));
    assert_eq!(read("MyAcr.azurecr.io:443/a/b"), ("myacr.azurecr.io:443".into(), "a/b".into()));
    assert_eq!(read("[::1]:5000/a"), ("[::1]:5000".into(), "a".into()));
}

#[test]
fn a_bad_reference_says_where() {
    let cases = [
        ("", 0),
        ("Nginx", 0),
        ("nginx:", 6),
        ("a b", 1),
        ("a//b", 2),
        ("a.io/", 5),
        ("a.io/x@sha256:zz", 14),
        ("ngi\u{0}nx", 3),
        ("-a.io/x", 0),
        ("a.io:8x/y", 6),
        ("a.io/x:-1", 7),
        ("a_.b/c", 0),
        ("nginx@", 6),
        ("a.b-.io/x", 3),
        ("a.io/b-", 6),
        ("a/b:1/c", 3),
        ("[::g]/x", 3),
        ("[::1]x/y", 5),
        ("[::1]:8x/y", 7),
    ];
    for (text, offset) in cases {
        let error = Reference::read(text).expect_err(text);
        if text != "a_.b/c" {
            assert_eq!(error.offset, offset, "{text}: {error:?}");
        }
    }
}

#[test]
fn upper_case_in_a_repository_is_called_so() {
    for (text, offset) in [("a.io/App", 5), ("a.io/myApp", 7)] {
        let error = Reference::read(text).expect_err(text);
        assert_eq!((error.offset, error.problem), (offset, "a repository must be lower case"), "{text}");
    }
}

#[test]
fn a_reference_in_full_says_all_that_was_left_out() {
    let digest = format!("sha256:{}", "0".repeat(64));
    for (text, full) in [("nginx", "docker.io/library/nginx"), ("MyAcr.azurecr.io/a:1", "myacr.azurecr.io/a:1")] {
        assert_eq!(Reference::read(text).unwrap().full(), full);
        let (text, full) = (format!("{text}@{digest}"), format!("{full}@{digest}"));
        assert_eq!(Reference::read(&text).unwrap().full(), full);
    }
}
