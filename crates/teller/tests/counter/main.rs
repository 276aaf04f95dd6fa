//! Counter 3 at work: the desk, its keys and its pages.

mod arrivals;
mod desk;
mod keys;
mod pictures;
mod rig;
