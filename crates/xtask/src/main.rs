//! Checks of the house itself: `cargo xtask check` (or `cargo run -p xtask -- check`).
//!
//! Each check answers with findings: one sentence that names the place, and one that says how to mend it. A check
//! that cannot be run at all (no `cargo metadata`, an unreadable file) is an error with its cause.

mod arrows;
mod finding;
mod manifests;
mod pictures;
mod purity;
mod reach;
mod sources;
mod top_level;
mod workspace;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use finding::{Finding, Weight};
use workspace::Workspace;

const USAGE: &str = "\
Checks of the house itself.

  cargo xtask check       run every check
  cargo xtask arrows      only the arrows between the rooms and what they reach
  cargo xtask pictures    make the README's pictures with a scripted hall (about two minutes)
  cargo xtask help        this text

Exit code 0: nothing to mend; 1: a check found a fault; 2: a check could not be run.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let found = match words.as_slice() {
        ["check"] => check_all(),
        ["arrows"] => check_arrows(),
        ["pictures"] => pictures::make(&root()).map(|()| Vec::new()),
        ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match found {
        Ok(findings) => report(&findings),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn check_all() -> Result<Vec<Finding>> {
    let workspace = Workspace::read(&root())?;
    let mut findings = arrows::check(&workspace);
    findings.extend(reach::check(&workspace));
    findings.extend(purity::check(&workspace)?);
    findings.extend(manifests::check(&workspace)?);
    findings.extend(sources::check(&workspace)?);
    findings.extend(top_level::check(workspace.root())?);
    Ok(findings)
}

fn check_arrows() -> Result<Vec<Finding>> {
    let workspace = Workspace::read(&root())?;
    let mut findings = arrows::check(&workspace);
    findings.extend(reach::check(&workspace));
    Ok(findings)
}

/// The workspace this program was built from, so that it can be run from any folder of it.
fn root() -> std::path::PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

fn report(findings: &[Finding]) -> ExitCode {
    for finding in findings {
        println!("{finding}");
    }
    let faults = findings.iter().filter(|finding| finding.weight == Weight::Fault).count();
    println!("house checks: {faults} to mend, {} to watch", findings.len() - faults);
    if faults == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
