//! Bytes in, bytes out: what the hall's devices say and what is said to them.
//!
//! Nothing here opens a port, reads a clock or keeps a thread. Encoders return the bytes of one message;
//! decoders are fed whatever a port delivered, in pieces of any size, and hand back what they understood.
//!
//! Every decoder keeps the same promises: it never panics, holds at most 4 KiB, drops what its protocol's
//! check says is damaged, and understands the next good frame that follows garbage (a scanner's: the next line).
//! What is printed of somebody's card or code with `{:?}` does not tell whose it was.
//!
//! - [`escpos`]: the paper ticket and the printer's status.
//! - [`led`]: call displays, one module a protocol.
//! - [`keypad`]: the teller's 呼叫器 and the customer's 评价器.
//! - [`id_card`], [`track2`], [`scanner`]: readers of identity cards, magnetic cards and codes.

mod charset;
mod stream;

pub mod escpos;
pub mod id_card;
pub mod keypad;
pub mod led;
pub mod scanner;
pub mod track2;

pub use charset::{Charset, REPLACEMENT};
