//! A connection to the broker that comes back.
