//! What alarms would have announced on past days, and what following the advice would have saved.

use anyhow::{Context, bail};
use forecast::alarm::Worth;
use forecast::vigil::{Report, Reserve, Settings, watch};
use hall::CounterNumber;
use serde_json::{Map, Value, json};

use super::days::read;
use super::{cell, warm_up};
use crate::cli::ForecastArgs;
use crate::failure::Failure;
use crate::replay::{Scene, progress_bar};

/// Names of the three ways to use a reserve counter, in the report's order.
const RESERVES: [(&str, &str); 3] =
    [("never", "never opened"), ("advised", "opened as advised"), ("naive", "opened at the naive alarm")];

/// The report on the alarms, as it is printed.
///
/// # Errors
/// The first thing that is wrong in what was given, with its mend.
pub(super) fn judge(args: &ForecastArgs) -> Result<String, Failure> {
    let scene = read(args).map_err(Failure::Input)?;
    let warm_up = warm_up(args.warm_up, scene.days.len()).map_err(Failure::Input)?;
    let reserve = reserve(args, &scene).map_err(Failure::Input)?;
    let settings = Settings { warm_up, futures: args.futures as usize, seed: args.seed, reserve };
    let bar = progress_bar(scene.days.len())?;
    let report = watch(&scene.hall.rules, &scene.floor(), &scene.days, settings, |done| bar.set_position(done as u64));
    bar.finish_and_clear();
    if args.json {
        return Ok(serde_json::to_string_pretty(&figures(&scene, &report)).context("writing the figures")? + "\n");
    }
    Ok(table(&scene, &report))
}

fn reserve(args: &ForecastArgs, scene: &Scene) -> anyhow::Result<Option<usize>> {
    let Some(number) = args.reserve else { return Ok(None) };
    match scene.floor().post(CounterNumber(number)) {
        Some(post) => Ok(Some(post)),
        None => bail!("--reserve {number}: the hall has no such counter; give the number of one it has"),
    }
}

fn figures(scene: &Scene, report: &Report) -> Value {
    let worth = |of: &Worth| {
        json!({
            "misses": of.misses,
            "announced": of.announced,
            "troubles": of.troubles,
            "troubles_announced": of.troubles_announced,
            "alarms": of.alarms,
            "false_alarms": of.false_alarms,
        })
    };
    let tiers = scene.hall.rules.tiers.iter().zip(report.forecast.iter().zip(&report.naive));
    let tiers: Map<String, Value> = tiers
        .map(|(tier, (forecast, naive))| {
            (tier.id.to_string(), json!({ "forecast": worth(forecast), "naive": worth(naive) }))
        })
        .collect();
    let reserve = report.reserve.map(|sides| {
        let side = |of: Reserve| json!({ "misses": of.misses, "open_hours": of.open_s as f64 / 3600.0 });
        Map::from_iter(RESERVES.iter().zip(sides).map(|((id, _), of)| ((*id).to_owned(), side(of))))
    });
    json!({
        "profile": scene.hall.rules.routing.profile.to_string(),
        "judged_days": report.days,
        "tiers": tiers,
        "reserve": reserve,
    })
}

fn table(scene: &Scene, report: &Report) -> String {
    let rules = &scene.hall.rules;
    let days = report.days.max(1) as f64;
    let mut text = format!(
        "{} {} · {} · {} days judged\n{:<12}{:<10}{:>8}{:>22}{:>10}{:>22}{:>12}{:>14}\n",
        rules.names.zh,
        rules.names.en,
        rules.routing.profile,
        report.days,
        "tier",
        "alarm",
        "misses",
        "10 min before",
        "troubles",
        "10 min before",
        "alarms/day",
        "false/day"
    );
    for (tier, of) in rules.tiers.iter().enumerate() {
        for (name, worth) in [("forecast", report.forecast[tier]), ("naive", report.naive[tier])] {
            let share = |part: u32, whole: u32| {
                let share = (whole > 0).then(|| 100.0 * f64::from(part) / f64::from(whole));
                format!("{part} ({})", cell(share, 1, " %"))
            };
            text += &format!(
                "{:<12}{name:<10}{:>8}{:>22}{:>10}{:>22}{:>12.2}{:>14.2}\n",
                of.id.as_str(),
                worth.misses,
                share(worth.announced, worth.misses),
                worth.troubles,
                share(worth.troubles_announced, worth.troubles),
                f64::from(worth.alarms) / days,
                f64::from(worth.false_alarms) / days,
            );
        }
    }
    text += "naive: somebody has waited 80 % of the limit; a trouble is a miss with none in the half hour before\n";
    for ((_, name), side) in RESERVES.iter().zip(report.reserve.iter().flatten()) {
        let (misses, hours) = (f64::from(side.misses) / days, side.open_s as f64 / 3600.0 / days);
        text += &format!("reserve counter {name:<26}{misses:>8.2} misses a day{hours:>8.2} hours a day\n");
    }
    text
}
