//! What a check says: where, what, and how to mend it.

use std::fmt;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Fails the check.
    Fault,
    /// Is printed, and fails nothing.
    Warning,
}

/// One thing that is not as the house wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Whether it fails the check.
    pub weight: Weight,
    /// The file (with its line) or the member it is about.
    pub place: String,
    /// What is wrong there, in one clause.
    pub wrong: String,
    /// What to do about it, in one clause.
    pub mend: String,
}

impl Finding {
    /// A finding that fails the check.
    pub fn fault(place: impl Into<String>, wrong: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { weight: Weight::Fault, place: place.into(), wrong: wrong.into(), mend: mend.into() }
    }

    /// A finding that is only told.
    pub fn warning(place: impl Into<String>, wrong: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { weight: Weight::Warning, place: place.into(), wrong: wrong.into(), mend: mend.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let weight = match self.weight {
            Weight::Fault => "error",
            Weight::Warning => "warning",
        };
        write!(f, "{weight}: {}: {}; {}.", self.place, self.wrong, self.mend)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_reads_as_place_fault_and_mend() {
        let finding = Finding::fault("crates/hall/Cargo.toml", "hall depends on store", "remove the dependency");
        assert_eq!(finding.to_string(), "error: crates/hall/Cargo.toml: hall depends on store; remove the dependency.");
    }
}
