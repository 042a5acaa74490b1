//! Every case of this policy, on the policy linked natively; and every rule has its page and its cases.

use internal_load_balancers::{InternalLoadBalancers, PAGES};
use isolation::Policy;
use isolation_cases::{Native, check_fixes, check_rules, run};

#[test]
fn every_case_has_the_expected_answer() -> anyhow::Result<()> {
    let cases = run(InternalLoadBalancers::NAME, &Native::<InternalLoadBalancers>::default())?;
    println!("{cases} cases");
    Ok(())
}

#[test]
fn every_rule_has_its_page_and_its_cases() -> anyhow::Result<()> {
    check_rules(InternalLoadBalancers::NAME, PAGES)
}

#[test]
fn what_a_message_says_to_write_mends_it() -> anyhow::Result<()> {
    let applied = check_fixes(InternalLoadBalancers::NAME, &Native::<InternalLoadBalancers>::default(), &[])?;
    println!("{applied} fixes");
    anyhow::ensure!(applied > 150, "only {applied} fixes were applied");
    Ok(())
}
