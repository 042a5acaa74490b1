//! Every link of a page for people that leads to a file of the repository, or to a heading of one, leads somewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result};
use isolation_generate::root;
use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

/// The pages: what a reader meets in the repository and in the book.
fn pages() -> Result<Vec<PathBuf>> {
    let mut pages: Vec<PathBuf> =
        ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "benches/README.md", "fuzz/README.md"]
            .map(PathBuf::from)
            .into();
    let mut folders = vec![PathBuf::from("docs")];
    folders.extend(isolation_all_policies::POLICIES.iter().map(|entry| Path::new("policies").join(entry.name)));
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(root().join(&folder)).with_context(|| format!("{}", folder.display()))? {
            let entry = entry?;
            let path = folder.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md") {
                pages.push(path);
            }
        }
    }
    Ok(pages)
}

/// The links of a page, and the anchors of its headings as GitHub and mdBook make them.
fn read(text: &str) -> (Vec<String>, BTreeSet<String>) {
    let (mut links, mut anchors, mut heading) = (Vec::new(), BTreeSet::new(), None::<String>);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Link { link_type: LinkType::Email, .. }) => {}
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                links.push(dest_url.into_string())
            }
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::Text(words) | Event::Code(words) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&words);
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                let slug = slug(&heading.take().unwrap_or_default());
                let times = seen.entry(slug.clone()).or_default();
                anchors.insert(if *times == 0 { slug } else { format!("{slug}-{times}") });
                *times += 1;
            }
            _ => {}
        }
    }
    (links, anchors)
}

fn slug(heading: &str) -> String {
    let kept = heading.trim().to_lowercase();
    let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// A path without `.` and `..`; none if it leaves the repository.
fn normal(path: &Path) -> Option<PathBuf> {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => out.pop().then_some(())?,
            Component::CurDir => {}
            part => out.push(part),
        }
    }
    Some(out)
}

/// What is wrong with a link, if anything is.
fn wrong(page: &Path, link: &str) -> Option<String> {
    // What only the built book has.
    const BUILT: &str = "page/index.html";
    if link.contains("://") || link.starts_with("mailto:") || link == BUILT {
        return None;
    }
    let (path, anchor) = link.split_once('#').map_or((link, None), |(path, anchor)| (path, Some(anchor)));
    let target = if path.is_empty() { page.to_owned() } else { page.parent().unwrap_or(Path::new("")).join(path) };
    let Some(target) = normal(&target) else { return Some(format!("{link} leaves the repository")) };
    let file = root().join(&target);
    if !file.exists() {
        return Some(format!("{link}: there is no {}", target.display()));
    }
    let anchor = anchor.filter(|_| target.extension().is_some_and(|ending| ending == "md"))?;
    let text = std::fs::read_to_string(&file).unwrap_or_default();
    let (_, anchors) = read(&text);
    (!anchors.contains(anchor)).then(|| format!("{link}: {} has no heading #{anchor}", target.display()))
}

#[test]
fn every_link_leads_somewhere() -> Result<()> {
    let (mut problems, mut links) = (Vec::new(), 0);
    for page in pages()? {
        let text = std::fs::read_to_string(root().join(&page)).with_context(|| format!("{}", page.display()))?;
        for link in read(&text).0 {
            links += 1;
            problems.extend(wrong(&page, &link).map(|what| format!("{}: {what}", page.display())));
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
    assert!(links > 300, "{links} links were read");
    Ok(())
}

#[test]
fn every_page_of_docs_is_in_the_book() -> Result<()> {
    let summary = std::fs::read_to_string(root().join("docs/SUMMARY.md"))?;
    let chapters: BTreeSet<PathBuf> =
        read(&summary).0.iter().filter_map(|link| normal(&Path::new("docs").join(link))).collect();
    let missing: Vec<_> = (pages()?.into_iter())
        .filter(|page| page.starts_with("docs") && !page.ends_with("SUMMARY.md") && !chapters.contains(page))
        // The book adds the rules' pages below their table.
        .filter(|page| !page.starts_with("docs/rules"))
        .collect();
    assert!(missing.is_empty(), "docs/SUMMARY.md has no line for {missing:?}");
    Ok(())
}

/// A reader who follows a name must find it again at the top of the page.
#[test]
fn a_page_of_docs_has_the_name_that_the_book_gives_it() -> Result<()> {
    let summary = std::fs::read_to_string(root().join("docs/SUMMARY.md"))?;
    for line in summary.lines() {
        let Some((name, file)) = line.trim().strip_prefix("- [").and_then(|line| line.split_once("](")) else {
            continue;
        };
        let file = file.trim_end_matches(')');
        if file.contains('/') || !root().join("docs").join(file).is_file() {
            continue;
        }
        let text = std::fs::read_to_string(root().join("docs").join(file))?;
        assert_eq!(text.lines().next(), Some(format!("# {name}").as_str()), "docs/{file}");
    }
    Ok(())
}

#[test]
fn what_leads_nowhere_is_found() {
    let page = Path::new("docs/rules/NI101.md");
    assert!(wrong(page, "../rules.md#rules").is_none());
    assert!(wrong(page, "https://example.com/x").is_none());
    assert!(wrong(page, "../rules.md#no-such-heading").is_some());
    assert!(wrong(page, "NI999.md").is_some());
    assert!(wrong(page, "../../../../etc/passwd").is_some());
    assert_eq!(slug("What `isolation check` reads, and why"), "what-isolation-check-reads-and-why");
}

/// For those who do without Hauler, pages name what its list has.
#[test]
fn pages_import_the_kubewarden_of_the_list_for_hauler() -> Result<()> {
    let list = std::fs::read_to_string(root().join("deploy/hauler.yaml"))?;
    let names = list.lines().filter_map(|line| line.trim().strip_prefix("- name: ghcr.io/"));
    let images: Vec<_> = names.filter(|image| !image.starts_with("network-isolation-policies/")).collect();
    assert_eq!(images.len(), 4, "{images:?}");
    let version = list.rsplit_once("version: ").context("the list has a chart")?.1.trim();
    for page in ["docs/air-gap.md", "docs/tutorial.md"] {
        let text = std::fs::read_to_string(root().join(page))?;
        for image in &images {
            assert!(text.contains(image), "{page} does not import {image}");
        }
        let chart = format!("--version {version}\nhelm push admission-controller-{version}.tgz ");
        assert!(text.contains(&chart), "{page} has another chart");
    }
    Ok(())
}
