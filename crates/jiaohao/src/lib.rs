//! The command: composition root of the whole hall. Each role is a subcommand; `jiaohao` alone is a hall in one box.

pub mod access;
mod bench;
mod cli;
pub mod devices;
mod directory;
pub mod display;
mod doctor;
mod failure;
mod forecast;
mod generated;
mod hall;
mod journal;
mod pulse;
mod replay;
mod roles;
mod said;
mod scripted;
pub mod setup;
pub mod virtual_devices;
mod windows;

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::Parser;

use cli::{Cli, Task};
use failure::Failure;

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version go to standard output, mistakes to standard error; a closed pipe is not our fault.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    // A progress bar and a table want the terminal to themselves; only what goes wrong is said beside them.
    let quiet = matches!(&cli.task, Some(Task::Bench(_) | Task::Replay(_) | Task::Forecast(_) | Task::Days(_)))
        || cli.scripted();
    log_to_stderr(if quiet { "warn,winit=error" } else { "info,hyper=warn,reqwest=warn,winit=error" });
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn run(cli: Cli) -> Result<(), Failure> {
    match cli.task.unwrap_or(Task::Hall(cli.hall)) {
        Task::Hall(args) if args.scripted.is_some() => scripted::run(&args),
        Task::Hall(args) => hall::run(&args),
        Task::Broker(args) => roles::broker(&args),
        Task::Kiosk(args) => roles::kiosk(&args),
        Task::Teller(args) => roles::teller(&args),
        Task::Screen(args) => roles::screen(&args),
        Task::Devices(args) => devices::run(&args),
        Task::Doctor(args) => doctor::run(&args),
        Task::Directory(args) => directory::run(&args.task),
        Task::Replay(args) => replay::run(&args),
        Task::Forecast(args) => forecast::run(&args),
        Task::Days(args) => generated::run(&args),
        Task::Bench(args) => bench::run(&args),
        Task::Verify(args) => journal::verify(&args),
        Task::Backup(args) => journal::backup(&args),
        Task::Restore(args) => journal::restore(&args),
        Task::Openapi => {
            println!("{}", broker::openapi_document());
            Ok(())
        }
    }
}

/// Logs go to standard error, where journald and people find them. `RUST_LOG` chooses.
fn log_to_stderr(usually: &str) {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(usually));
    let colours = std::io::stderr().is_terminal();
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(colours)
        .with_target(false)
        // A log on a full disk would else be told of by `eprintln!`, which panics there.
        .log_internal_errors(false)
        .init();
}
