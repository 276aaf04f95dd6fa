//! A connection to the broker that comes back.
//!
//! [`Client`] asks and commands over HTTP, one method a route. A command carries a [`Key`]: when its answer was
//! lost, the same command with the same key is asked again and gives the same answer, never a second ticket.
//!
//! [`Client::follow`] keeps the event stream open: it reconnects by itself, resumes where it was, and says when
//! that is not possible and a new snapshot is needed ([`Message::Stale`]).

#[cfg(test)]
mod broker_stub;
mod error;
mod follow;
mod http;
mod key;
mod routes;
mod sse;

pub use error::{AddressError, Error, with_causes};
pub use follow::Message;
pub use http::Client;
pub use key::Key;
