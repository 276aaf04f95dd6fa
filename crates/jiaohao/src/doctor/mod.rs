//! `doctor`: is the configuration what the hall is meant to be, and are its devices? For a technician without a manual.

mod configuration;
mod configured;
mod keys;
mod logo;
mod machine;
mod ports;
mod printer;
mod signs;
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
        Some(DoctorTask::Sign(args)) => signs::run(args),
        Some(DoctorTask::Keys(args)) => keys::run(args),
    }
}

/// Runs a conversation. Ctrl-C ends it as a failure, and a port that is open then is closed.
fn block_on(task: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    if until_ctrl_c(task)? {
        return Ok(());
    }
    Err(Failure::Run(anyhow::anyhow!("已停止，端口已关闭  /  stopped; the port is closed")))
}

/// Runs a task until its end or Ctrl-C; whether it was the end.
fn until_ctrl_c(task: impl Future<Output = Result<(), Failure>>) -> Result<bool, Failure> {
    crate::hall::runtime()?.block_on(async {
        let mut end = crate::hall::End::listen()?;
        tokio::select! {
            done = task => done.map(|()| true),
            () = end.asked_for() => {
                println!();
                Ok(false)
            }
        }
    })
}
