//! `directory`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// The hall's own list of customers.
#[derive(Args, Debug)]
pub(crate) struct DirectoryArgs {
    #[command(subcommand)]
    pub(crate) task: DirectoryTask,
}

/// What to do with it.
#[derive(Debug, Subcommand)]
pub(crate) enum DirectoryTask {
    /// Puts a list in the place of the hall's; a broker that runs takes it up by itself
    Import(ImportArgs),
}

/// Which list, and whose.
///
/// The list is CSV in UTF-8 or GB18030 with the heading kind,value,tier or kind,value,tier,level. kind is phone, card, id_card or
/// code; tier is a tier's id of the hall; level is the customer's level in words. It is the whole list: who is not in it is
/// not known any more. With a mistake anywhere nothing changes. The hall keeps no number, only a keyed hash of each; delete
/// the CSV when it is imported.
#[derive(Args, Debug)]
pub(crate) struct ImportArgs {
    /// The list
    #[arg(value_name = "FILE.csv")]
    pub(crate) file: PathBuf,
    /// The hall's data directory [default: as of `hall`]
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// The hall's configuration [default: hall.toml of the data directory]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Check only, write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}
