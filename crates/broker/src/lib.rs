//! The daemon. Sessions ([`api`]) put what they are asked on one bounded queue; one loop ([`engine`]) decides, commits and only
//! then applies, answers and publishes. Everybody else reads the published state ([`published`]).

mod access;
mod alarms;
mod api;
mod arrivals;
mod corners;
mod daylight;
pub mod directory;
mod effects;
mod engine;
mod foreseen;
mod guesses;
mod identified;
mod listen;
mod options;
mod prospects;
mod published;
mod seer;
mod serve;
mod slip;
mod test_page;
#[cfg(test)]
mod testing;
mod view;
mod world;

pub use access::Access;
pub use api::openapi::document as openapi_document;
pub use options::{OnlineDirectory, Options, Premises, SignRules};
pub use serve::{Broker, StartError};
