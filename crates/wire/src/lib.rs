//! What crosses the network: requests, replies, events, versions.
