//! A visit to the kiosk, with time stepped by hand: what the desk makes of it, what the pages show, and what a finger finds there.

#[path = "../common/mod.rs"]
mod common;
#[path = "../common/glyphs.rs"]
mod glyphs;
#[path = "../common/guests.rs"]
mod guests;
#[path = "../common/measure.rs"]
mod measure;
#[path = "../common/pages.rs"]
mod pages;
#[path = "../common/rig.rs"]
mod rig;

mod desk;
mod flow;
mod guest;
mod idle;
mod monkey;
mod pictures;
mod privacy;
mod ruler;
mod staff;
mod touch;
mod who;
