//! The injected clock: real, faster than real, or stepped by a test.
