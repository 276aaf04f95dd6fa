//! LED signs.

mod board;
pub(crate) mod cpower;
mod cpower_frame;
pub(crate) mod digit_board;
pub(crate) mod onbon;
pub(crate) mod onbon_area;
pub(crate) mod onbon_frame;
mod segments;
pub(crate) mod window;
