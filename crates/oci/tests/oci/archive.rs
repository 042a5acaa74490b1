//! From one side of an air gap to the other.

use std::fs;
use std::process::Command;

use crate::support::registry::Running;
use crate::support::{module, module_of, options, target};
use isolation_oci::{Archive, Silent, push};

#[test]
fn what_is_carried_across_is_what_a_push_creates() {
    let modules = [module(), module_of("other", "1.2.3", 100_000)];
    let (near, far) = (Running::plain(), Running::plain());
    let direct = push(&modules, &target(&near.address), &options(), Silent::shared()).unwrap();

    let path = near.directory.path().join("isolation.tar");
    let mut archive = Archive::of(&modules).unwrap();
    archive.add_resource("policies.yaml", "kind: ClusterAdmissionPolicy\n").unwrap();
    let written = archive.write(&path).unwrap();
    let (read, digest) = Archive::read(&path).unwrap();
    assert_eq!((&read, &digest), (&archive, &written));
    assert_eq!(read.files().map(|(path, _)| path).collect::<Vec<_>>(), ["resources/policies.yaml"]);

    let mut carried = read.push(&target(&far.address), &options(), Silent::shared()).unwrap();
    carried.sort_by(|a, b| b.name().cmp(a.name()));
    let digests = |list: &[isolation_oci::Published]| list.iter().map(|p| p.digest().to_owned()).collect::<Vec<_>>();
    assert_eq!(digests(&direct), digests(&carried));
    assert_eq!(near.tags(), far.tags());
}

#[test]
fn the_checksums_are_for_everybodys_tools() {
    let directory = tempfile::tempdir().unwrap();
    let mut archive = Archive::of(&[module()]).unwrap();
    archive.add_sbom("tiny.cdx.json", "{}").unwrap();
    archive.write(&directory.path().join("isolation.tar")).unwrap();
    let run = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).current_dir(directory.path()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    run("tar", &["-xf", "isolation.tar"]);
    let checked = run("sha256sum", &["--strict", "-c", "SHA256SUMS"]);
    assert!(checked.contains("sboms/tiny.cdx.json: OK") && checked.contains("index.json: OK"), "{checked}");
}

#[test]
fn what_cannot_be_written_leaves_what_was_there() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("absent/isolation.tar");
    let error = Archive::of(&[module()]).unwrap().write(&path).unwrap_err().to_string();
    assert!(error.contains("absent/isolation.tar cannot be written"), "{error}");
    let path = directory.path().join("isolation.tar");
    fs::create_dir(&path).unwrap();
    assert!(Archive::of(&[module()]).unwrap().write(&path).is_err());
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1, "nothing unfinished is left");
}
