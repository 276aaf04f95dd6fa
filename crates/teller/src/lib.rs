//! The teller window.
