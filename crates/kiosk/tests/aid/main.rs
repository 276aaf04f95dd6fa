//! The kiosk for whoever does not see it: what is said of every page, and the way from the first page to a number by five keys.

#[path = "../common/mod.rs"]
mod common;
#[path = "../common/guests.rs"]
mod guests;
mod keys;
#[path = "../common/pages.rs"]
mod met;
mod pages;
mod ring;
mod said;
mod talk;
