//! Cases: one request and its expected answer a file, run by every engine that is present.
//!
//! A case is `cases/POLICY/NAME.yaml`. It begins with a comment that says why it exists; then
//!
//! | key | meaning |
//! | --- | --- |
//! | `settings` | the policy's settings; without `object`, `request` or `payload` the case asks for their validation |
//! | `object` | the object; the request is built around it as the API server would |
//! | `oldObject` | the object before; makes the operation UPDATE |
//! | `operation`, `subResource`, `user` | what of the request is not as usual |
//! | `request` | a whole AdmissionRequest, in place of `object` |
//! | `payload` | the text that the policy is called with, in place of `object`: for what is not a request |
//! | `passes` | the ids of the rules that look at this object and have nothing to say of it |
//! | `shows` | the ids of the rules whose pages show this case, as the bad example or the good one |
//! | `cluster` | objects that answer look-ups; one with the key `failure` stands for a look-up that fails |
//! | `expect` | the answer; last, and written by `BLESS=1` (`make bless`) |
//!
//! The expected answer lists the findings as rule, severity and path, with the change that `--fix` makes there (`=> "true"`,
//! `=> removed`, and whether it is safe), and beside that the words, which only this file pins. Bless, then read the difference
//! before it is committed.

mod case;
pub mod dispatch;
mod expect;
mod fixes;
mod reach;
mod readme;
mod request;
mod rules;
mod run;

pub use case::{Case, cases_of, root};
pub use expect::Answer;
pub use fixes::check_fixes;
pub use reach::{check_reach, families_of};
pub use readme::{check_examples, check_readme, message_of, rules_table, settings_rows, settings_table, table};
pub use request::{admission_request, payload, settings};
pub use rules::check_rules;
pub use run::{Engine, Native, run};
