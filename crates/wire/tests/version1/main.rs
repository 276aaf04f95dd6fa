//! Version 1 of the wire format, byte by byte. Each line here is what some client out there sends or reads: a test that fails
//! means that a field was changed instead of added.

mod devices;
mod events;
mod golden;
mod replies;
mod requests;
