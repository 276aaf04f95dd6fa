//! One hall's configuration: TOML text in, a checked hall or errors with line and column out.
