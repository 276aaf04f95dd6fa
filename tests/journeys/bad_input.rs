//! What people and other programs get wrong: files, directories, addresses, requests. Each is refused with its place and its mend,
//! and nothing changes.

mod files;
mod requests;
mod roles;
