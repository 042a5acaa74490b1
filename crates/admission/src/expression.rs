//! The expression of a policy group.
//!
//! The controller takes it as CEL with nothing but the members, `!`, `&&`, `||`, `==` and `!=`, and policy-server evaluates
//! the same text as Rhai. Both read this subset alike, from left to right, and do not ask a member whose answer no longer
//! counts.

use std::iter::Peekable;
use std::vec::IntoIter;

/// How deep parentheses may be nested.
const DEPTH: usize = 64;

/// How long an expression may be: it is evaluated by recursion.
const LENGTH: usize = 10_000;

/// An expression over a group's members.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// The verdict of the member with this index.
    Member(usize),
    /// `true` or `false`.
    Constant(bool),
    /// `!a`
    Not(Box<Expression>),
    /// `a && b`
    And(Box<Expression>, Box<Expression>),
    /// `a || b`
    Or(Box<Expression>, Box<Expression>),
    /// `a == b`
    Equal(Box<Expression>, Box<Expression>),
}

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    ///
    /// A sentence that says what is wrong with it.
    pub fn read(text: &str, members: &[&str]) -> Result<Self, String> {
        if text.len() > LENGTH {
            return Err(format!("it is longer than {LENGTH} bytes"));
        }
        let mut reader = Reader { tokens: tokens(text)?.into_iter().peekable(), members, depth: 0 };
        let expression = reader.or()?;
        match reader.tokens.next() {
            None => Ok(expression),
            Some(token) => Err(format!("{token} is unexpected; expected the end, && or ||")),
        }
    }

    /// The expression's value; `ask` gives the verdict of a member.
    pub fn value(&self, ask: &mut dyn FnMut(usize) -> bool) -> bool {
        match self {
            Expression::Member(index) => ask(*index),
            Expression::Constant(value) => *value,
            Expression::Not(inner) => !inner.value(ask),
            Expression::And(left, right) => left.value(ask) && right.value(ask),
            Expression::Or(left, right) => left.value(ask) || right.value(ask),
            Expression::Equal(left, right) => left.value(ask) == right.value(ask),
        }
    }
}

fn tokens(text: &str) -> Result<Vec<String>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let word = |c: char| c == '_' || c.is_ascii_alphanumeric();
        let length = if word(first) {
            rest.find(|c| !word(c)).unwrap_or(rest.len())
        } else if ["&&", "||", "==", "!="].iter().any(|operator| rest.starts_with(operator)) {
            2
        } else if matches!(first, '!' | '(' | ')') {
            1
        } else {
            return Err(format!("{first} is not allowed: use the group's members, !, &&, ||, ==, != and parentheses"));
        };
        let (token, after) = rest.split_at(length);
        tokens.push(token.to_owned());
        rest = after.trim_start();
    }
    Ok(tokens)
}

struct Reader<'a> {
    tokens: Peekable<IntoIter<String>>,
    members: &'a [&'a str],
    depth: usize,
}

impl Reader<'_> {
    fn take(&mut self, token: &str) -> bool {
        self.tokens.next_if(|next| next == token).is_some()
    }

    fn or(&mut self) -> Result<Expression, String> {
        let mut left = self.and()?;
        while self.take("||") {
            left = Expression::Or(Box::new(left), Box::new(self.and()?));
        }
        Ok(left)
    }

    fn and(&mut self) -> Result<Expression, String> {
        let mut left = self.equality()?;
        while self.take("&&") {
            left = Expression::And(Box::new(left), Box::new(self.equality()?));
        }
        Ok(left)
    }

    fn equality(&mut self) -> Result<Expression, String> {
        let mut left = self.unary()?;
        loop {
            let equal = self.take("==");
            if !equal && !self.take("!=") {
                return Ok(left);
            }
            let both = Expression::Equal(Box::new(left), Box::new(self.unary()?));
            left = if equal { both } else { Expression::Not(Box::new(both)) };
        }
    }

    fn unary(&mut self) -> Result<Expression, String> {
        let mut negated = false;
        while self.take("!") {
            negated = !negated;
        }
        let inner = self.primary()?;
        Ok(if negated { Expression::Not(Box::new(inner)) } else { inner })
    }

    fn primary(&mut self) -> Result<Expression, String> {
        let token = self.tokens.next().ok_or("it ends where a member is expected")?;
        match token.as_str() {
            "true" => Ok(Expression::Constant(true)),
            "false" => Ok(Expression::Constant(false)),
            "(" => {
                self.depth += 1;
                if self.depth > DEPTH {
                    return Err("its parentheses are nested too deeply".into());
                }
                let inner = self.or()?;
                self.depth -= 1;
                if self.take(")") { Ok(inner) } else { Err("a parenthesis is not closed".into()) }
            }
            name => {
                let Some(index) = self.members.iter().position(|member| *member == name) else {
                    return Err(format!("{name} is not a member of the group ({})", self.members.join(", ")));
                };
                if self.take("(") && self.take(")") {
                    Ok(Expression::Member(index))
                } else {
                    Err(format!("a member is a call; write {name}()"))
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str, a: bool, b: bool) -> (bool, Vec<usize>) {
        let expression = Expression::read(text, &["a", "b"]).unwrap();
        let mut asked = Vec::new();
        let value = expression.value(&mut |index| {
            asked.push(index);
            [a, b][index]
        });
        (value, asked)
    }

    #[test]
    fn operators_bind_as_in_cel_and_stop_as_in_rhai() {
        assert_eq!(value("a() || b() && a()", true, false), (true, vec![0]));
        assert_eq!(value("(a() || b()) && b()", true, false), (false, vec![0, 1]));
        assert_eq!(value("!a() && b()", true, true), (false, vec![0]));
        assert_eq!(value("!!a()", true, false), (true, vec![0]));
        assert_eq!(value("a() == b()", false, false), (true, vec![0, 1]));
        assert_eq!(value("a() != b() || false", true, false), (true, vec![0, 1]));
        assert_eq!(value("!a() == b()", true, false), (true, vec![0, 1]));
    }

    #[test]
    fn what_is_not_an_expression_says_why() {
        let problem = |text: &str| Expression::read(text, &["a", "b"]).unwrap_err();
        assert_eq!(problem("a"), "a member is a call; write a()");
        assert_eq!(problem("c()"), "c is not a member of the group (a, b)");
        assert_eq!(problem("a() &&"), "it ends where a member is expected");
        assert_eq!(problem("a() b()"), "b is unexpected; expected the end, && or ||");
        assert_eq!(problem("(a()"), "a parenthesis is not closed");
        assert!(problem("a() + b()").starts_with("+ is not allowed"));
        assert!(problem(&"(".repeat(1_000)).contains("too deeply"));
        assert!(problem(&"a() && ".repeat(100_000)).contains("longer"));
    }
}
