//! How a run fails: what the person in front of it reads, and the exit code.

use std::io::{Write, stderr};
use std::process::ExitCode;

/// Why a run ended early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Something the person gave or has is wrong, and the text says how to mend it: exit code 2. Nothing was changed.
    Input(anyhow::Error),
    /// Something else went wrong: exit code 1.
    Run(anyhow::Error),
}

impl Failure {
    /// A mistake with its mend.
    pub(crate) fn input(error: impl Into<anyhow::Error>) -> Self {
        Self::Input(error.into())
    }

    /// The error itself.
    pub(crate) fn into_error(self) -> anyhow::Error {
        match self {
            Self::Input(error) | Self::Run(error) => error,
        }
    }

    /// Tells it and gives the exit code.
    pub(crate) fn report(&self) -> ExitCode {
        let (error, code) = match self {
            Self::Input(error) => (error, 2),
            Self::Run(error) => (error, 1),
        };
        // `{:#}` joins the whole chain of causes into one line. Where it cannot be written, the exit code still tells.
        let _ = writeln!(stderr(), "jiaohao: {error:#}");
        ExitCode::from(code)
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Run(error)
    }
}
