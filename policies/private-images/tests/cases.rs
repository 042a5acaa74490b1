//! Every case of this policy, on the policy linked natively.

use isolation::Policy;
use isolation_cases::{Native, run};
use private_images::PrivateImages;

#[test]
fn every_case_has_the_expected_answer() -> anyhow::Result<()> {
    let cases = run(PrivateImages::NAME, &Native::<PrivateImages>::default())?;
    println!("{cases} cases");
    Ok(())
}
