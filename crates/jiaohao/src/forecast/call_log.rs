//! A call centre's log, month by month.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, anyhow, bail};
use flate2::read::MultiGzDecoder;
use forecast::call_log::{Caller, Estimator, Month, Report, Row, Settings, judge as judge_log, parse};
use serde_json::{Map, Value, json};

use super::{cell, warm_up};
use crate::cli::ForecastArgs;
use crate::failure::Failure;
use crate::replay::progress_bar;
use crate::setup::{read_bytes, text_of};

/// The report on the log, as it is printed.
///
/// # Errors
/// The first thing that is wrong in what was given, with its mend.
pub(super) fn judge(args: &ForecastArgs) -> Result<String, Failure> {
    let log = Log::read(args).map_err(Failure::Input)?;
    let settings = Settings {
        warm_up_days: log.warm_up,
        replications: args.futures as usize,
        seed: args.seed,
        ..Settings::default()
    };
    let bar = progress_bar(log.days)?;
    let report = judge_log(&log.months, &settings, |done, _| bar.set_position(done as u64));
    bar.finish_and_clear();
    if args.json {
        return Ok(serde_json::to_string_pretty(&log.figures(&report)).context("writing the figures")? + "\n");
    }
    Ok(log.table(&report, args.futures))
}

/// Months in order of time.
struct Log {
    files: Vec<String>,
    months: Vec<Vec<Caller>>,
    days: usize,
    warm_up: usize,
}

impl Log {
    fn read(args: &ForecastArgs) -> anyhow::Result<Self> {
        let mut log = Vec::new();
        for path in &args.call_log {
            let file = path.display().to_string();
            let month = parse(&file, &text(path)?)?;
            let dates: BTreeSet<u32> = month.iter().map(|caller| caller.date).collect();
            let Some(first) = dates.first().copied() else {
                bail!("{file}:2:1: there is no call in it; give a month with calls");
            };
            log.push((first, dates.len(), file, month));
        }
        // Models go on from month to month, so that they must come in order.
        log.sort_by_key(|(first, ..)| *first);
        let days = log.iter().map(|(_, days, ..)| days).sum();
        let warm_up = warm_up(args.warm_up, days)?;
        let (files, months) = log.into_iter().map(|(_, _, file, month)| (file, month)).unzip();
        Ok(Self { files, months, days, warm_up })
    }

    fn named<'l>(&'l self, report: &'l Report) -> impl Iterator<Item = (&'l str, &'l Month)> {
        self.files.iter().map(String::as_str).zip(&report.months)
    }

    /// The JSON that others rely on.
    fn figures(&self, report: &Report) -> Value {
        let month = |(file, month): (&str, &Month)| {
            let mut estimators: Map<String, Value> = Map::new();
            for row in &month.rows {
                let kind = if row.calibrated { "calibrated" } else { "raw" };
                let entry = estimators.entry(row.estimator.id()).or_insert_with(|| json!({}));
                entry[kind] = figures(row);
            }
            json!({ "file": file, "first_day": month.first, "estimators": estimators })
        };
        json!({
            "days": self.days,
            "judged_days": self.days - self.warm_up,
            "months": self.named(report).map(month).collect::<Vec<_>>(),
        })
    }

    /// The same for people: one table a month.
    fn table(&self, report: &Report, futures: u32) -> String {
        let (days, judged) = (self.days, self.days - self.warm_up);
        let mut text = format!("{days} 天 days, {judged} judged · {futures} futures\n");
        for (file, month) in self.named(report) {
            let from = month.first.map_or(String::new(), |first| format!(" · 从 from {first}"));
            let judged = month.rows.first().map_or(0, |row| row.n);
            text += &format!("\n{file}{from} · {judged} callers judged\n");
            text += &format!(
                "{:<34}{:>12}{:>10}{:>13}{:>10}{:>10}\n",
                "estimator", "", "MAE", "80 % covers", "width", "interval"
            );
            month.rows.iter().for_each(|row| text += &line(row));
            text += &comparison(month).unwrap_or_default();
        }
        text
    }
}

fn figures(row: &Row) -> Value {
    let range = row.range;
    json!({
        "n": row.n,
        "mae_s": row.mae_s,
        "coverage": range.map(|range| range.covers_80_pct / 100.0),
        "width_s": range.map(|range| range.mean_width_s),
        "interval_s": range.map(|range| range.interval_score_s),
    })
}

fn line(row: &Row) -> String {
    let range = row.range;
    format!(
        "{:<34}{:>12}{:>10}{:>13}{:>10}{:>10}\n",
        row.estimator.name(),
        if row.calibrated { "calibrated" } else { "as it is" },
        cell(Some(row.mae_s), 1, " s"),
        cell(range.map(|range| range.covers_80_pct), 1, " %"),
        cell(range.map(|range| range.mean_width_s), 1, " s"),
        cell(range.map(|range| range.interval_score_s), 1, " s"),
    )
}

/// By how much the calibrated forward run errs less than the best calibrated classical estimator.
fn comparison(month: &Month) -> Option<String> {
    let calibrated = || month.rows.iter().filter(|row| row.calibrated);
    let told = calibrated().find(|row| row.estimator == Estimator::ForwardRun)?;
    let classical = calibrated().filter(|row| row.estimator != Estimator::ForwardRun);
    let best = classical.min_by(|one, other| one.mae_s.total_cmp(&other.mae_s))?;
    Some(super::comparison(told.estimator.name(), told.mae_s, best.estimator.name(), best.mae_s))
}

/// The text of a file, unpacked where it is packed.
fn text(path: &Path) -> anyhow::Result<String> {
    const WHAT: &str = "the call log";
    // How every gzip file begins (RFC 1952, 2.3.1).
    const GZIP: [u8; 2] = [0x1f, 0x8b];
    let bytes = read_bytes(WHAT, path, "give the path of a .txt or .txt.gz file")?;
    if !bytes.starts_with(&GZIP) {
        return text_of(WHAT, path, bytes);
    }
    let mut unpacked = Vec::new();
    if let Err(error) = MultiGzDecoder::new(&bytes[..]).read_to_end(&mut unpacked) {
        let line = unpacked.iter().filter(|byte| **byte == b'\n').count() + 1;
        let file = path.display();
        return Err(anyhow!("{file}:{line}:1: {WHAT} cannot be unpacked beyond here ({error}); copy it anew"));
    }
    text_of(WHAT, path, unpacked)
}
