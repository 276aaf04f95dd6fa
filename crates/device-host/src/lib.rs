//! The only serial I/O: ports, drivers, reconnect, health.
//!
//! A [`Host`] does what the broker wants done with paper, lamps and keys. One task owns one port and every device
//! behind it; each driver is a machine without I/O that is told what happened and asked what to send, so its rules
//! are tested without a port. Between a port and the network stand couriers: a port never waits for the broker.
//!
//! - Printers take jobs from the outbox. A job is claimed before its first byte leaves and no byte of it is ever
//!   sent twice; *printed* is only what the printer itself said came out.
//! - Signs have a wanted state, which is sent until they acknowledge it.
//! - Keypads turn keys into commands of their counter.
//! - Readers tell the broker who stands before their kiosk, and keep nothing of it.
//!
//! A port that is lost is closed at once and opened again by its stable path, after 0.2 s and then ever later up to
//! 3 s. How each device is goes to the broker on every change.

mod bus;
mod charsets;
mod courier;
mod device;
mod feed;
mod glyphs;
mod host;
mod keypad;
mod notice;
pub mod port;
mod printer;
pub mod probe;
mod reader;
mod sign;
mod time;

pub use glyphs::Font;
pub use host::{Host, Options};
