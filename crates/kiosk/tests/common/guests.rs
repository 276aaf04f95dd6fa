//! People whom a reader has identified.

use kiosk::desk::{Identified, News};

/// Somebody whom a reader has identified.
pub fn identified(tier: &str) -> News {
    News::Identified(Identified { key: "k3v9".to_owned(), masked: "138****5678".to_owned(), tier: tier.to_owned() })
}
