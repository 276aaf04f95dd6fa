//! `doctor`: is the configuration what the hall is meant to be?

use std::path::PathBuf;

use config::check_report;

use crate::cli::DoctorArgs;
use crate::failure::Failure;
use crate::setup::{CONFIG, data_dir, read_config};

/// Checks a configuration and prints what was found.
pub(crate) fn run(args: &DoctorArgs) -> Result<(), Failure> {
    let data = data_dir(args.data.as_deref())?;
    let path: PathBuf = args.config.clone().unwrap_or_else(|| data.join(CONFIG));
    let config = read_config(&path, &data).map_err(Failure::Input)?;
    println!("{}: {}", path.display(), config.rules.names.zh);
    for finding in check_report(&config) {
        println!("  {finding}");
    }
    println!("  √ 配置可用  /  the configuration can be used");
    Ok(())
}
