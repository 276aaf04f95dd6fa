//! What is wrong in a configuration file, where, and how to mend it.

/// One mistake in a hall file or device profile: `hall.toml:12:9: unknown key "preffix" in [[tier]]; did you mean "prefix"?`
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {message}; {mend}")]
pub struct ConfigError {
    /// The file, as the caller named it.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1. It counts characters, not bytes or the width they take: 营 is one, like a tab.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub mend: String,
}
