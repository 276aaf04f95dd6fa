//! The screen window.
