//! Why a question or a command got no good answer.

use thiserror::Error;
use wire::Problem;

/// Why a question or a command got no good answer.
#[derive(Debug, Error)]
pub enum Error {
    /// No connection, or no whole answer in time. A command may have been done all the same: ask again with the
    /// same key.
    #[error("{act}: the broker cannot be reached")]
    Unreachable {
        /// What was tried.
        act: &'static str,
        /// Why it failed.
        #[source]
        source: reqwest::Error,
    },
    /// The broker said no, and why.
    #[error("refused: {}", .0.title)]
    Refused(Problem),
    /// The answer is not one of this version's. A command may have been done all the same.
    #[error("{act}: the broker's answer (HTTP {status}) is not understood: {detail}")]
    Protocol {
        /// What was tried.
        act: &'static str,
        /// The answer's HTTP status.
        status: u16,
        /// What is wrong with it.
        detail: String,
    },
}

impl Error {
    /// Whether the same command with the same key may do better in a moment: the broker is away, or says that it
    /// is busy (503).
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            Self::Refused(problem) => problem.status == 503,
            Self::Protocol { status, .. } => matches!(status, 502..=504),
        }
    }

    /// The refusal, if it is one.
    pub fn refusal(&self) -> Option<&Problem> {
        match self {
            Self::Refused(problem) => Some(problem),
            Self::Unreachable { .. } | Self::Protocol { .. } => None,
        }
    }
}

/// Why a client cannot be made.
#[derive(Debug, Error)]
pub enum AddressError {
    /// Not an address like `http://hall.example:8080`.
    #[error("`{address}` is not a broker's address: {why}, write it like http://192.0.2.1:8080")]
    Url {
        /// The address given.
        address: String,
        /// What is wrong with it.
        why: String,
    },
    /// The token has characters that no HTTP header can carry.
    #[error("the access token has characters that no token has")]
    Token,
    /// The HTTP client cannot be set up.
    #[error("setting up the HTTP client")]
    Setup {
        /// Why.
        #[source]
        source: reqwest::Error,
    },
}

/// An error with all that caused it, in one line: `opening the port: permission denied`.
pub fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Error)]
    #[error("{0}")]
    struct Step(&'static str, #[source] Option<Box<Step>>);

    #[test]
    fn an_error_is_told_with_every_cause_in_order() {
        let error = Step("taking a ticket", Some(Box::new(Step("connecting", Some(Box::new(Step("refused", None)))))));
        assert_eq!(with_causes(&error), "taking a ticket: connecting: refused");
    }
}
