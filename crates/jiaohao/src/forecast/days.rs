//! Days of a hall.

use anyhow::Context;
use forecast::evaluate::{Estimator, Report, Settings, evaluate};
use forecast::score::Score;
use hall::Rules;
use serde_json::{Map, Value, json};

use super::{cell, comparison, warm_up};
use crate::cli::ForecastArgs;
use crate::failure::Failure;
use crate::replay::{Scene, progress_bar, read_hall, routed};

/// The report on the days, as it is printed.
///
/// # Errors
/// The first thing that is wrong in what was given, with its mend.
pub(super) fn judge(args: &ForecastArgs) -> Result<String, Failure> {
    let scene = read(args).map_err(Failure::Input)?;
    let warm_up = warm_up(args.warm_up, scene.days.len()).map_err(Failure::Input)?;
    let settings = Settings { warm_up, futures: args.futures as usize, seed: args.seed };
    let bar = progress_bar(scene.days.len())?;
    let report =
        evaluate(&scene.hall.rules, &scene.floor(), &scene.days, settings, |done| bar.set_position(done as u64));
    bar.finish_and_clear();
    if args.json {
        return Ok(serde_json::to_string_pretty(&figures(&scene, &report)).context("writing the figures")? + "\n");
    }
    Ok(table(&scene, &report, settings))
}

/// The hall and its days.
pub(super) fn read(args: &ForecastArgs) -> anyhow::Result<Scene> {
    let file = args.hall.as_deref().context("say with --hall FILE which hall it is")?;
    let hall = routed(read_hall(file, None)?, args.profile, args.rescue_min, "--rescue-min")?;
    Scene::of_files(hall, &args.day, &args.staffing)
}

/// The JSON that others rely on.
fn figures(scene: &Scene, report: &Report) -> Value {
    let of = |tier: usize| {
        let scores = Estimator::ALL.map(|estimator| (estimator.id().to_owned(), score(&report.score(estimator, tier))));
        Value::Object(Map::from_iter(scores))
    };
    let tiers = scene.hall.rules.tiers.iter().zip(0..);
    let tiers: Map<String, Value> = tiers.map(|(rule, tier)| (rule.id.as_str().to_owned(), of(tier))).collect();
    json!({
        "profile": scene.hall.rules.routing.profile.to_string(),
        "days": scene.days.len(),
        "judged_days": report.days,
        "tiers": tiers,
    })
}

fn score(score: &Score) -> Value {
    json!({
        "n": score.n(),
        "mae_s": score.mae_s(),
        "coverage": score.coverage(),
        "busy_coverage": score.busy_coverage(),
        "waited": score.waited(),
        "waited_coverage": score.waited_coverage(),
        "printed_coverage": score.printed_coverage(),
        "width_s": score.width_s(),
        "interval_s": score.interval_s(),
    })
}

/// The same for people: one table a tier.
fn table(scene: &Scene, report: &Report, settings: Settings) -> String {
    let Rules { names, routing, tiers, .. } = &scene.hall.rules;
    let (days, judged, futures) = (scene.days.len(), report.days, settings.futures);
    let mut text = format!(
        "{} {} · {} · {days} 天 days, {judged} judged · {futures} futures\n",
        names.zh, names.en, routing.profile
    );
    for (tier, rule) in tiers.iter().enumerate() {
        let told = report.score(Estimator::Calibrated, tier);
        text += &format!("\n{} {}: {} customers, {} waited\n", rule.names.zh, rule.id, told.n(), told.waited());
        text += &of_tier(report, tier);
    }
    text
}

fn of_tier(report: &Report, tier: usize) -> String {
    let mut text = format!(
        "{:<34}{:>10}{:>13}{:>12}{:>12}{:>12}{:>10}{:>10}\n",
        "estimator", "MAE", "80 % covers", "busy hours", "who waited", "as printed", "width", "interval"
    );
    for estimator in Estimator::ALL {
        let score = report.score(estimator, tier);
        let minutes = |seconds: Option<f64>| cell(seconds.map(|seconds| seconds / 60.0), 2, " min");
        let percent = |share: Option<f64>| cell(share.map(|share| share * 100.0), 1, " %");
        text += &format!(
            "{:<34}{:>10}{:>13}{:>12}{:>12}{:>12}{:>10}{:>10}\n",
            estimator.name(),
            minutes(score.mae_s()),
            percent(score.coverage()),
            percent(score.busy_coverage()),
            percent(score.waited_coverage()),
            percent(score.printed_coverage()),
            minutes(score.width_s()),
            minutes(score.interval_s()),
        );
    }
    let against = |told: Estimator| {
        let (best, score) = report.best_classical(tier)?;
        Some(comparison(told.name(), report.score(told, tier).mae_s()?, best.name(), score.mae_s()?))
    };
    text.extend([Estimator::Calibrated, Estimator::Told].into_iter().filter_map(against));
    text
}
