//! The exit statuses.

/// Nothing was found.
pub const CLEAN: u8 = 0;
/// Something violates a rule.
pub const VIOLATIONS: u8 = 1;
/// Something could not be evaluated.
pub const NOT_EVALUATED: u8 = 2;
