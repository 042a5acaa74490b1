//! Tables of which one column is a picture: a bar for each row. Who cannot see the bar reads its numbers beside it.

use std::io::{self, Write};

use super::escaped;
use crate::document::{Coverage, Readiness};
use crate::unseen::counted;

/// How many namespaces are drawn.
const NAMESPACES: usize = 30;
/// How many images are listed.
const IMAGES: usize = 1000;

/// Namespaces by their problems.
pub fn namespaces(document: &Readiness, out: &mut dyn Write) -> io::Result<()> {
    let troubled: Vec<_> =
        document.namespaces.iter().filter(|namespace| namespace.breaks + namespace.warns > 0).collect();
    if document.namespaces.is_empty() {
        return Ok(());
    }
    writeln!(out, "<section id=\"namespaces\">\n<h2>Namespaces by problems</h2>")?;
    let named = || document.namespaces.iter().filter(|namespace| !namespace.name.is_empty());
    let clean = named().filter(|namespace| namespace.breaks + namespace.warns == 0).count();
    writeln!(
        out,
        "<p class=\"key\"><span class=\"bad\">breaks</span><span class=\"warn\">may break</span></p>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Namespaces by problems\"><table><caption>{}, {} \
         without a problem</caption>\n<thead><tr><th scope=\"col\">Namespace</th><th scope=\"col\" class=\"number\">Objects</th><th scope=\"col\" \
         class=\"number\">Breaks</th><th scope=\"col\" class=\"number\">May break</th><th scope=\"col\"><span class=\"soft\">Picture</span></th></tr></thead>\n<tbody>",
        counted(named().count(), "namespace", "namespaces"),
        clean,
    )?;
    let most = troubled.iter().map(|namespace| namespace.breaks + namespace.warns).max().unwrap_or(1);
    for namespace in troubled.iter().take(NAMESPACES) {
        let name = if namespace.name.is_empty() {
            "(cluster)".to_owned()
        } else {
            format!(
                "<a data-filter href=\"#namespace={}\">{}</a>",
                escaped(&percent(&namespace.name)),
                escaped(&namespace.name)
            )
        };
        let exempt = if namespace.exempt { " <span class=\"soft\">(no webhook sees it)</span>" } else { "" };
        let owner = namespace
            .owner
            .as_ref()
            .map(|owner| format!("<div class=\"soft\">{}</div>", escaped(owner)))
            .unwrap_or_default();
        writeln!(
            out,
            "<tr><th scope=\"row\">{name}{exempt}{owner}</th><td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"picture\">{}</td></tr>",
            namespace.objects,
            namespace.breaks,
            namespace.warns,
            bar(&[(namespace.breaks, "b"), (namespace.warns, "w")], most),
        )?;
    }
    writeln!(out, "</tbody></table></div>")?;
    if troubled.len() > NAMESPACES {
        writeln!(out, "<p class=\"soft\">And {} more.</p>", troubled.len() - NAMESPACES)?;
    }
    writeln!(out, "</section>")
}

/// Images by registry and by where they can be pulled from.
pub fn images(document: &Readiness, out: &mut dyn Write) -> io::Result<()> {
    if document.registries.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "<section id=\"images\">\n<h2>Images by registry</h2>\n<p class=\"key\"><span class=\"good\">private</span><span class=\"cool\">cached under \
         another name</span><span class=\"bad\">nowhere</span></p>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Images by registry\"><table><caption>{} of {}</caption>\n<thead><tr><th \
         scope=\"col\">Registry</th><th scope=\"col\" class=\"number\">Private</th><th scope=\"col\" class=\"number\">Cached</th><th scope=\"col\" \
         class=\"number\">Nowhere</th><th scope=\"col\"><span class=\"soft\">Picture</span></th></tr></thead>\n<tbody>",
        counted(document.numbers.images, "image", "images"),
        counted(document.registries.len(), "registry", "registries"),
    )?;
    let most = document.registries.iter().map(|registry| registry.images.len()).max().unwrap_or(1);
    for registry in &document.registries {
        writeln!(
            out,
            "<tr><th scope=\"row\"><code>{}</code></th><td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"picture\">{}</td></tr>",
            escaped(&registry.host),
            registry.allowed,
            registry.cached,
            registry.uncovered,
            bar(&[(registry.allowed, "g"), (registry.cached, "c"), (registry.uncovered, "b")], most),
        )?;
    }
    writeln!(out, "</tbody></table></div>")?;
    let open: Vec<_> = document
        .registries
        .iter()
        .flat_map(|registry| &registry.images)
        .filter(|image| image.coverage != Coverage::Allowed)
        .collect();
    if !open.is_empty() {
        writeln!(
            out,
            "<h3>Images that no node will get under the name they have</h3>\n<table class=\"cards\">\n<thead><tr><th scope=\"col\">Image</th><th \
             scope=\"col\">Instead</th><th scope=\"col\">Named by</th></tr></thead>\n<tbody>"
        )?;
        for image in open.iter().take(IMAGES) {
            let instead = if image.instead.is_empty() {
                "no cache rule covers it".to_owned()
            } else {
                format!("<code>{}</code>", escaped(&image.instead))
            };
            let more = match image.workloads {
                0 | 1 => String::new(),
                number => format!(" and {} more", number - 1),
            };
            writeln!(
                out,
                "<tr><td data-label=\"Image\"><code>{}</code></td><td data-label=\"Instead\">{instead}</td><td data-label=\"Named by\">{}{more}</td></tr>",
                escaped(&image.reference),
                escaped(&image.example)
            )?;
        }
        writeln!(out, "</tbody></table>")?;
        if open.len() > IMAGES {
            writeln!(
                out,
                "<p class=\"soft\">And {} more, which <code>--output json</code> lists.</p>",
                open.len() - IMAGES
            )?;
        }
    }
    writeln!(out, "</section>")
}

/// A bar of parts, each with the class that colours it; `most` is as wide as the column.
fn bar(parts: &[(usize, &str)], most: usize) -> String {
    const WIDTH: usize = 1000;
    let mut svg =
        format!("<svg class=\"bar\" viewBox=\"0 0 {WIDTH} 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
    let mut at = 0;
    for (number, class) in parts.iter().filter(|(number, _)| *number > 0) {
        // However few they are, they are seen.
        let width = (number * WIDTH / most.max(1)).max(6);
        svg.push_str(&format!("<rect class=\"{class}\" x=\"{at}\" y=\"0\" width=\"{width}\" height=\"10\"/>"));
        at += width;
    }
    svg.push_str("</svg>");
    svg
}

/// A value in an address, behind the `#`.
fn percent(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
