//! LED call displays on RS-485, one module a protocol.
//!
//! - [`onbon`]: text on BX-5K and BX-6K font cards, for hall and counter displays.
//! - [`cpower`]: text on Lumen C-Power cards, for hall displays.
//! - [`modbus`]: window displays with a register a character.
//! - [`digits`]: boards that show three digits and nothing else.

pub mod cpower;
pub mod digits;
mod gb2312;
pub mod modbus;
pub mod onbon;

pub use gb2312::gb2312;
