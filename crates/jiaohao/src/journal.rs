//! `verify`, `backup`, `restore`: the hall's database from the outside.

use anyhow::Context;

use crate::cli::{BackupArgs, DataArgs, RestoreArgs};
use crate::failure::Failure;
use crate::setup::data_dir;

/// Checks the journal.
pub(crate) fn verify(args: &DataArgs) -> Result<(), Failure> {
    let dir = data_dir(args.data.as_deref())?;
    let report = store::verify(&dir).with_context(|| format!("verifying {}", dir.display())).map_err(Failure::Input)?;
    println!("{}: {} events, every one in its chain", dir.display(), report.entries);
    Ok(())
}

/// Makes a copy while the hall runs.
pub(crate) fn backup(args: &BackupArgs) -> Result<(), Failure> {
    let dir = data_dir(args.data.data.as_deref())?;
    let report = store::backup(&dir, &args.to)
        .with_context(|| format!("copying the database of {}", dir.display()))
        .map_err(Failure::Input)?;
    println!("{}: {} events, verified", args.to.display(), report.entries);
    Ok(())
}

/// Brings a copy back.
pub(crate) fn restore(args: &RestoreArgs) -> Result<(), Failure> {
    let dir = data_dir(args.data.data.as_deref())?;
    let epoch = store::restore(&args.from, &dir)
        .with_context(|| format!("restoring {} into {}", args.from.display(), dir.display()))
        .map_err(Failure::Input)?;
    println!("{}: restored as epoch {} from event {} on", dir.display(), epoch.id, epoch.first_seq);
    Ok(())
}
