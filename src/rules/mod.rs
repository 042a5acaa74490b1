//! The rules that every policy has: what could not be read is refused, and never skipped.

mod refused_settings;
mod unreadable_field;
mod unreadable_request;

crate::rules![unreadable_field, unreadable_request, refused_settings];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::HEADINGS;
    use crate::verdict::Answer;

    #[test]
    fn answers_name_the_rules() {
        assert!(Answer::unreadable("why").rejection.unwrap().contains(&format!("[{}]", unreadable_request::RULE.id)));
        assert!(Answer::misconfigured("why").rejection.unwrap().contains(&format!("[{}]", refused_settings::RULE.id)));
    }

    #[test]
    fn every_rule_has_its_page() {
        for page in PAGES {
            let text = page.text();
            let headings: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("## ")).collect();
            assert_eq!(headings, HEADINGS, "{}", page.rule.id);
            assert!(page.summary().ends_with('.'), "{}", page.rule.id);
        }
    }
}
