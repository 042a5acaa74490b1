//! One image, wherever it stands: which rules look at it, and in which order.

use isolation::image::Reference;
use isolation::images::{Image, Named, Naming};
use isolation::{Findings, Request};

use crate::settings::Settings;
use crate::{
    module_from_web, public_registry, tag_without_digest, undecided_reference, unreadable_document,
    unreadable_reference,
};

/// Judges one image.
pub fn image(request: &Request<'_>, image: Image<'_>, settings: &Settings<'_>, findings: &mut Findings) {
    if let Naming::Unknown(problem) = image.naming {
        return unreadable_document::report(image.value, problem.text(), settings, findings);
    }
    // Of a template only: the pod comes with what the injector has put there.
    if image.is_left_to_istio() && !request.is("", "Pod") {
        return;
    }
    let Some(text) = image.text(findings) else { return };
    let image = image.settled(&text);
    findings.as_part_of(&image.beside(), |findings| named(request, image, &text, settings, findings));
}

/// Judges what this text names.
fn named(request: &Request<'_>, image: Image<'_>, text: &str, settings: &Settings<'_>, findings: &mut Findings) {
    if image.parameters && undecided_reference::hides_scheme(request, text) {
        return undecided_reference::check(request, image, text, 0, settings, findings);
    }
    let (reference, start) = match image.naming.read(text) {
        Named::Nothing => return,
        Named::Web => return module_from_web::report(image, settings, findings),
        Named::UnknownScheme(rest) => return unreadable_reference::report_scheme(image, rest, settings, findings),
        Named::Reference(part, start) | Named::Located(part, start)
            if image.parameters && undecided_reference::has_parameters(part) =>
        {
            return undecided_reference::check(request, image, text, start, settings, findings);
        }
        Named::Reference(part, start) => (Reference::read(part), start),
        Named::Located(part, start) => (Reference::located(part), start),
    };
    match reference {
        Err(error) => unreadable_reference::report(image, text, start, error, settings, findings),
        Ok(reference) if settings.excepts(&reference) && image.naming != Naming::Prefix => {}
        Ok(reference) => {
            public_registry::check(image, text, start, &reference, settings, findings);
            tag_without_digest::check(image, text, &reference, settings, findings);
        }
    }
}
