//! `jiaohao bench`: the measured path, each figure beside the limit measured in the same run.

mod calls;
mod devices;
mod foresee;
mod issue;
mod kiosk;
mod load;
mod memory;
mod printing;
mod process;
mod restart;
pub(crate) mod stats;

use anyhow::Context;
use clap::ValueEnum;
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
    let outcome = runtime()?.block_on(measure(&dir, &args.only));
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

/// A part of the benchmarks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Numbers a second at 1, 8 and 64 clients
    Issue,
    /// Touch, durable number, first byte at the printer
    Printing,
    /// Call, window sign, frame on the hall screen
    Calls,
    /// Tickets by printer, many signs on a line, reconnecting, an idle device host
    Devices,
    /// The kiosk's window: start, touch, number on the page, idle, memory
    Kiosk,
    /// A broker that starts on a day's journal
    Restart,
    /// Choices, estimates and the outlook
    Foresight,
    /// What a broker takes
    Memory,
}

async fn measure(dir: &std::path::Path, only: &[Part]) -> anyhow::Result<Vec<Row>> {
    let parts: Vec<Part> =
        Part::value_variants().iter().copied().filter(|part| only.is_empty() || only.contains(part)).collect();
    let bar = ProgressBar::new(parts.len() as u64);
    bar.set_style(ProgressStyle::with_template("{elapsed_precise} [{wide_bar}] {msg}").context("the progress bar")?);
    let mut rows = Vec::new();
    for part in parts {
        let value = part.to_possible_value().context("every part has a name")?;
        let name = value.get_name().to_owned();
        bar.set_message(name.clone());
        let room = dir.join(&name);
        let measured = match part {
            Part::Issue => issue::measure(&room).await,
            Part::Printing => printing::measure(&room).await,
            Part::Calls => calls::measure(&room).await,
            Part::Devices => devices::measure(&room).await,
            Part::Kiosk => kiosk::measure(&room).await,
            Part::Restart => restart::measure(&room).await,
            Part::Foresight => foresee::measure(),
            Part::Memory => memory::measure(&room).await,
        };
        rows.extend(measured.with_context(|| format!("measuring {name}"))?);
        bar.inc(1);
    }
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
