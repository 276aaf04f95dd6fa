//! `doctor`: is the configuration what the hall is meant to be, and are its devices? For a technician without a manual.

mod configuration;
mod logo;
mod ports;
mod printer;
mod talk;
mod trouble;
mod words;

use crate::cli::{DoctorArgs, DoctorTask};
use crate::failure::Failure;

/// Looks at what is asked for, by itself at the configuration, and prints what was found.
pub(crate) fn run(args: &DoctorArgs) -> Result<(), Failure> {
    match &args.task {
        None => configuration::run(args),
        Some(DoctorTask::Ports(args)) => ports::run(args),
        Some(DoctorTask::Printer(args)) => match &args.store_logo {
            Some(image) => logo::run(args, image),
            None => printer::run(args),
        },
    }
}

/// Runs a conversation; Ctrl-C ends it, and a port that is open then is closed.
fn block_on(task: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    crate::hall::runtime()?.block_on(async {
        let mut end = crate::hall::End::listen()?;
        tokio::select! {
            done = task => done,
            () = end.asked_for() => {
                println!();
                Err(Failure::Run(anyhow::anyhow!("已停止，端口已关闭  /  stopped; the port is closed, and nothing was written")))
            }
        }
    })
}
