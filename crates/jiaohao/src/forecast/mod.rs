//! `jiaohao forecast`: what customers of past days would have been told, against how long they really waited.

mod alarms;
mod call_log;
mod days;

use anyhow::bail;

use crate::cli::ForecastArgs;
use crate::failure::Failure;
use crate::replay::say;

/// Judges the estimates and tells. Nothing is printed unless all of it went well.
pub(crate) fn run(args: &ForecastArgs) -> Result<(), Failure> {
    let text = match (args.call_log.is_empty(), args.alarms) {
        (false, _) => call_log::judge(args)?,
        (true, true) => alarms::judge(args)?,
        (true, false) => days::judge(args)?,
    };
    say(&text).map_err(Failure::Run)
}

/// How many of these days are learnt from only, so that at least one is left to judge.
fn warm_up(asked: Option<usize>, days: usize) -> anyhow::Result<usize> {
    const USUALLY: usize = 10;
    let most = days.saturating_sub(1);
    match asked {
        Some(asked) if asked > most && most == 0 => {
            bail!("--warm-up {asked}: of one day none would be judged; give at least {asked} more, or leave it out")
        }
        Some(asked) if asked > most => {
            bail!("--warm-up {asked}: of {days} days none would be judged; give a number from 0 to {most}")
        }
        Some(asked) => Ok(asked),
        None => Ok(USUALLY.min(most)),
    }
}

/// A figure in a column of a table, `–` where there is none.
fn cell(value: Option<f64>, digits: usize, unit: &str) -> String {
    value.map_or("–".to_owned(), |value| format!("{value:.digits$}{unit}"))
}

/// By how much what customers are told errs less than the best of what other systems could tell.
fn comparison(told: &str, told_s: f64, best: &str, best_s: f64) -> String {
    let more = if best_s > 0.0 { 100.0 * (told_s / best_s - 1.0) } else { 0.0 };
    let sign = if more < 0.0 { "−" } else { "+" };
    format!("{told}, against the best classical one ({best}): MAE {sign}{:.1} %\n", more.abs())
}
