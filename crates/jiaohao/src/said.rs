//! What roles that run on say on standard output.

use std::fmt::Arguments;
use std::io::{Write, stdout};

/// Says a line. Where nobody reads any more, or on a full disk, it is lost and nothing else: `println!` panics there.
macro_rules! say {
    ($($words:tt)*) => { $crate::said::line(format_args!($($words)*)) };
}
pub(crate) use say;

pub(crate) fn line(words: Arguments<'_>) {
    let _ = writeln!(stdout(), "{words}");
}
