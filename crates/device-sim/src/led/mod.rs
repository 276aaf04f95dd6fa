//! LED signs.

mod board;
pub(crate) mod cpower;
mod cpower_frame;
pub(crate) mod modbus;
pub(crate) mod onbon;
pub(crate) mod onbon_area;
pub(crate) mod onbon_frame;
pub(crate) mod window;
