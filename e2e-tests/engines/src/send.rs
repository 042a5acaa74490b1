//! Every case to a policy-server.

use std::path::Path;

use anyhow::{Context, Result, bail};
use isolation_cases::cases_of;

use crate::compare::why_skipped;
use crate::export::{id, policies};
use crate::http::Client;

pub fn run(folder: &Path, server: &str, endpoint: &str, answers: &str) -> Result<()> {
    let client = Client::new();
    let mut sent = 0;
    for policy in policies()? {
        for case in cases_of(&policy)? {
            if why_skipped(folder, &case, answers)?.is_some() {
                continue;
            }
            let at = folder.join(case.name());
            let review =
                std::fs::read(at.join("review.json")).with_context(|| format!("{} was not exported", case.name()))?;
            let (status, body) = client.post(&format!("{server}/{endpoint}/{}", id(&case)), &review)?;
            if status != 200 {
                bail!("case {}: status {status}: {}", case.name(), String::from_utf8_lossy(&body));
            }
            std::fs::write(at.join(format!("{answers}.json")), body)?;
            sent += 1;
        }
    }
    println!("{sent} requests");
    Ok(())
}
