//! Every case of this policy, on the policy linked natively; and every rule has its page and its cases.

use closed_egress::{ClosedEgress, PAGES};
use isolation::Policy;
use isolation_cases::{Native, check_fixes, check_rules, run};

#[test]
fn every_case_has_the_expected_answer() -> anyhow::Result<()> {
    let cases = run(ClosedEgress::NAME, &Native::<ClosedEgress>::default())?;
    println!("{cases} cases");
    Ok(())
}

#[test]
fn every_rule_has_its_page_and_its_cases() -> anyhow::Result<()> {
    check_rules(ClosedEgress::NAME, PAGES)
}

#[test]
fn what_a_message_says_to_write_mends_it() -> anyhow::Result<()> {
    let applied = check_fixes(ClosedEgress::NAME, &Native::<ClosedEgress>::default(), &[])?;
    println!("{applied} fixes");
    anyhow::ensure!(applied > 55, "only {applied} fixes were applied");
    Ok(())
}
