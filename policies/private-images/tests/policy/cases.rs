//! Every case of this policy, on the policy linked natively; and every rule has its page and its cases.

use isolation::Policy;
use isolation_cases::{Native, check_fixes, check_rules, run};
use private_images::{PAGES, PrivateImages};

#[test]
fn every_case_has_the_expected_answer() -> anyhow::Result<()> {
    let cases = run(PrivateImages::NAME, &Native::<PrivateImages>::default())?;
    println!("{cases} cases");
    Ok(())
}

#[test]
fn every_rule_has_its_page_and_its_cases() -> anyhow::Result<()> {
    check_rules(PrivateImages::NAME, PAGES)
}

#[test]
fn what_a_message_says_to_write_mends_it() -> anyhow::Result<()> {
    let applied = check_fixes(PrivateImages::NAME, &Native::<PrivateImages>::default(), &[])?;
    anyhow::ensure!(applied > 300, "only {applied} fixes were applied");
    Ok(())
}
