//! Exceptions applied to a report.

use crate::allowed::Allowed;
use crate::exception::{Circumstances, Exception, Named, Scope, TrackedException};
use crate::lookup::Lookup;
use crate::report::Report;

/// Takes out of the report what is allowed. The report may be one of a part of a run, whose exceptions are tracked from part to
/// part.
pub fn apply_tracked(report: &mut Report, exceptions: &mut [TrackedException], circumstances: &Circumstances) {
    let findings = std::mem::take(&mut report.findings);
    let lookup = Lookup::of(exceptions, circumstances);
    let allowing: Vec<_> = findings.iter().map(|finding| lookup.allowing(finding)).collect();
    for (finding, index) in findings.into_iter().zip(allowing) {
        let Some(tracked) = index.and_then(|index| exceptions.get_mut(index)) else {
            report.findings.push(finding);
            continue;
        };
        tracked.is_used = true;
        let exception = &tracked.exception;
        if exception.is_expired(circumstances) {
            report.findings.push(finding);
            continue;
        }
        report.allowed.push(Allowed {
            finding,
            reason: exception.reason.clone(),
            place: exception.place.clone(),
            in_source: !matches!(exception.scope, Scope::Pattern(_)),
        });
    }
    let mut named = Named::new();
    report.subjects.iter().for_each(|subject| named.entry(&subject.object.name).or_default().push(&subject.object));
    exceptions.iter_mut().for_each(|tracked| tracked.look_for_subject(report, &named, circumstances));
}

/// Takes out of the report what is allowed, and says which exceptions have expired and which allow nothing.
pub fn apply_exceptions(report: &mut Report, exceptions: &[Exception], circumstances: &Circumstances) {
    let mut exceptions: Vec<TrackedException> = exceptions.iter().cloned().map(TrackedException::from).collect();
    apply_tracked(report, &mut exceptions, circumstances);
    report.problems.extend(exceptions.iter().filter_map(|tracked| tracked.problem(circumstances)));
}
