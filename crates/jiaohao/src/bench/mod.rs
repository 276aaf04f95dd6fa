//! `jiaohao bench`: the measured path, each figure beside the limit measured in the same run.

mod calls;
mod foresee;
mod issue;
mod load;
mod memory;
mod printing;
mod restart;
pub(crate) mod stats;

use std::path::PathBuf;

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::cli::BenchArgs;
use crate::failure::Failure;
use crate::hall::runtime;
use crate::setup::data_dir;

/// One measured figure and what bounds it.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    /// What was measured.
    pub(crate) name: String,
    /// The figure.
    pub(crate) value: f64,
    /// Its unit.
    pub(crate) unit: &'static str,
    /// What could at best be, measured in this run; absent where nothing bounds it.
    pub(crate) limit: Option<f64>,
    /// What the limit is.
    pub(crate) limit_is: Option<String>,
}

impl Row {
    pub(crate) fn new(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self { name: name.into(), value, unit, limit: None, limit_is: None }
    }

    pub(crate) fn beside(self, limit: f64, what: impl Into<String>) -> Self {
        Self { limit: Some(limit), limit_is: Some(what.into()), ..self }
    }
}

/// Runs every benchmark and prints the table.
pub(crate) fn run(args: &BenchArgs) -> Result<(), Failure> {
    if cfg!(debug_assertions) {
        eprintln!("this is a debug build: its figures say nothing about the product");
    }
    let base = match &args.data {
        Some(dir) => dir.clone(),
        None => data_dir(None).map_err(Failure::Input)?.with_file_name("jiaohao-bench"),
    };
    // The process id keeps two benches apart; everything below is this bench's own.
    let dir = base.join(std::process::id().to_string());
    std::fs::create_dir_all(&dir).with_context(|| format!("creating {}", dir.display())).map_err(Failure::Input)?;
    let outcome = runtime()?.block_on(measure(&dir));
    let cleared = std::fs::remove_dir_all(&dir).with_context(|| format!("removing {}", dir.display()));
    let rows = outcome?;
    cleared?;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&rows).context("writing the figures")?);
    } else {
        print!("{}", table(&rows));
    }
    Ok(())
}

async fn measure(dir: &std::path::Path) -> anyhow::Result<Vec<Row>> {
    let bar = ProgressBar::new(6);
    bar.set_style(ProgressStyle::with_template("{elapsed_precise} [{wide_bar}] {msg}").context("the progress bar")?);
    let step = |what: &'static str| bar.set_message(what);
    let room = |name: &str| -> PathBuf { dir.join(name) };
    let mut rows = Vec::new();
    step("issue");
    rows.extend(issue::measure(&room("issue")).await.context("measuring issue")?);
    bar.inc(1);
    step("touch → paper");
    rows.extend(printing::measure(&room("printing")).await.context("measuring touch to paper")?);
    bar.inc(1);
    step("call → sign → screen");
    rows.extend(calls::measure(&room("calls")).await.context("measuring calls")?);
    bar.inc(1);
    step("restart");
    rows.extend(restart::measure(&room("restart")).await.context("measuring restart")?);
    bar.inc(1);
    step("choice and foresight");
    rows.extend(foresee::measure().context("measuring choices and forecasts")?);
    bar.inc(1);
    step("memory");
    rows.extend(memory::measure(&room("memory")).await.context("measuring memory")?);
    bar.finish_and_clear();
    Ok(rows)
}

fn table(rows: &[Row]) -> String {
    let wide = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for row in rows {
        let pad = " ".repeat(wide - row.name.chars().count());
        text += &format!("{}{pad}  {:>10.2} {:<4}", row.name, row.value, row.unit);
        if let (Some(limit), Some(what)) = (row.limit, &row.limit_is) {
            text += &format!("  beside {limit:>10.2} {:<4} {what} ({:.2})", row.unit, row.value / limit);
        }
        text.push('\n');
    }
    text
}
