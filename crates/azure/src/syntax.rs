//! The syntax of expressions in ARM templates: calls, texts, numbers, and members of what a call gives.
//!
//! <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-expressions>

/// How deep calls may stand in one another. Microsoft's modules need 16.
const DEPTH: usize = 64;

/// An expression.
#[derive(Debug, PartialEq)]
pub enum Expression {
    /// `'text'`
    Text(String),
    /// `1`
    Number(i64),
    /// `name(arguments).member[index]`
    Call(Call),
}

/// A call, and what is taken of its result.
#[derive(Debug, PartialEq)]
pub struct Call {
    /// The name in lower case: Azure takes it in any.
    pub name: String,
    /// The arguments.
    pub arguments: Vec<Expression>,
    /// The members of the result, one in another.
    pub path: Vec<Expression>,
}

/// The expression that a text is; none where Azure would refuse it.
pub fn parse(text: &str) -> Option<Expression> {
    let mut parser = Parser { rest: text };
    let expression = parser.expression(0)?;
    parser.blanks();
    parser.rest.is_empty().then_some(expression)
}

struct Parser<'t> {
    rest: &'t str,
}

impl<'t> Parser<'t> {
    fn blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// Whether this comes next, which is then behind.
    fn takes(&mut self, sign: char) -> bool {
        self.blanks();
        let rest = self.rest.strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn while_is(&mut self, is_part: impl Fn(char) -> bool) -> &'t str {
        let end = self.rest.find(|c| !is_part(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        word
    }

    fn expression(&mut self, depth: usize) -> Option<Expression> {
        if depth > DEPTH {
            return None;
        }
        if self.takes('\'') {
            return self.text().map(Expression::Text);
        }
        if self.rest.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
            let number = self.while_is(|c| c == '-' || c.is_ascii_digit());
            return number.parse().ok().map(Expression::Number);
        }
        // A function of the template's own has a namespace: `contoso.name()`.
        let name = self.while_is(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '…')).to_ascii_lowercase();
        if name.is_empty() || !self.takes('(') {
            return None;
        }
        let arguments = self.arguments(depth)?;
        let mut path = Vec::new();
        loop {
            if self.takes('.') {
                let member = self.while_is(|c| c.is_ascii_alphanumeric() || c == '_');
                path.push(
                    Some(member).filter(|member| !member.is_empty()).map(|member| Expression::Text(member.into()))?,
                );
            } else if self.takes('[') {
                path.push(self.expression(depth + 1)?);
                self.takes(']').then_some(())?;
            } else {
                return Some(Expression::Call(Call { name, arguments, path }));
            }
        }
    }

    fn arguments(&mut self, depth: usize) -> Option<Vec<Expression>> {
        let mut arguments = Vec::new();
        if self.takes(')') {
            return Some(arguments);
        }
        loop {
            arguments.push(self.expression(depth + 1)?);
            if self.takes(')') {
                return Some(arguments);
            }
            self.takes(',').then_some(())?;
        }
    }

    /// A text up to its end. A quote in it is written twice.
    fn text(&mut self) -> Option<String> {
        let mut text = String::new();
        loop {
            let (part, rest) = self.rest.split_once('\'')?;
            text.push_str(part);
            self.rest = rest;
            let Some(rest) = rest.strip_prefix('\'') else { return Some(text) };
            text.push('\'');
            self.rest = rest;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_have_arguments_and_members() {
        let text = |text: &str| Expression::Text(text.to_owned());
        let call = |name: &str, arguments, path| Expression::Call(Call { name: name.to_owned(), arguments, path });
        assert_eq!(parse(" 'it''s, (a) text' "), Some(text("it's, (a) text")));
        assert_eq!(parse("-12"), Some(Expression::Number(-12)));
        assert_eq!(
            parse("Coalesce( a('x') , b( ) ) [ copyIndex() ].name.x"),
            Some(call(
                "coalesce",
                vec![call("a", vec![text("x")], vec![]), call("b", vec![], vec![])],
                vec![call("copyindex", vec![], vec![]), text("name"), text("x")],
            ))
        );
        assert_eq!(parse("contoso.name(1)"), Some(call("contoso.name", vec![Expression::Number(1)], vec![])));
        for wrong in [
            "",
            "a",
            "a(",
            "a(1",
            "a(,)",
            "a(1,)",
            "a(1 2)",
            "'a' + 'b'",
            "'a",
            "a() b()",
            "a().",
            "a()[1",
            "1.5",
            "--1",
            "(a())",
        ] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
        let nested = |depth: usize| format!("{}1{}", "a(".repeat(depth), ")".repeat(depth));
        assert!(parse(&nested(DEPTH)).is_some() && parse(&nested(DEPTH + 1)).is_none());
        assert_eq!(parse(&nested(100_000)), None);
    }
}
