//! How long it takes: wait estimates with ranges.
