//! Figures for people: one side tier by tier, several side by side.

use jiff::Timestamp;

use super::Sides;
use super::figures::{Figures, TierFigures, per_1000};
use super::paired::Paired;
use super::side::Side;

/// The table of one side, or of several with their difference.
pub(super) fn table(sides: &Sides) -> String {
    match sides.pair() {
        None => heading(&sides.replayed) + &one(&Figures::of(&sides.replayed)) + left_waiting(sides),
        Some((from, to)) => {
            let figures = several(sides, from, to) + &paired(from, to) + left_waiting(sides);
            heading(&sides.replayed) + &figures + &caution(sides)
        }
    }
}

/// That waits look short where people are never called at all.
fn left_waiting(sides: &Sides) -> &'static str {
    let mut outcomes = sides.all().flat_map(|side| &side.replays).flat_map(|replay| &replay.outcomes);
    if outcomes.any(|one| one.counts && one.wait_s.is_none()) {
        "平均与最长等候不含始终未叫到的客户 / mean and worst wait leave out whoever was never called\n"
    } else {
        ""
    }
}

fn paired(from: &Side, to: &Side) -> String {
    Paired::of(from, to).map(|paired| paired.line()).unwrap_or_default()
}

/// What a reader of what really happened has to know.
fn caution(sides: &Sides) -> String {
    match &sides.recorded {
        Some(_) => {
            "重演中窗口一空即叫，比实际略快 / a free counter calls at once in a replay: a little brisker than tellers\n"
                .to_owned()
        }
        None => String::new(),
    }
}

fn heading(side: &Side) -> String {
    let names = &side.hall.rules.names;
    let days = match side.days.len() {
        1 => "1 天 day".to_owned(),
        days => format!("{days} 天 days"),
    };
    let opening = side.opening_ms.and_then(|at_ms| Timestamp::from_millisecond(at_ms).ok());
    let opening = opening.map(|at| {
        let at = at.to_zoned(side.hall.zone.clone());
        format!(" · 从 from {}", at.strftime("%Y-%m-%d %H:%M"))
    });
    format!("{} {} · {} · {days}{}\n", names.zh, names.en, side.profile, opening.unwrap_or_default())
}

fn one(figures: &Figures) -> String {
    let mut text =
        String::from("tier          customers  missed  per 1000  never called  mean wait  worst wait      limit\n");
    let mut row = |name: &str, customers, missed, never_called: u64, waits: [String; 3]| {
        let [mean, worst, limit] = waits;
        let share = per_1000(missed, customers);
        text += &format!("{name:<12}  {customers:>9}  {missed:>6}  {share:>8.1}  {never_called:>12}  ");
        text += &format!("{mean:>9}  {worst:>10}  {limit:>9}\n");
    };
    for tier in &figures.tiers {
        let waits = [
            minutes(tier.wait_mean_s),
            minutes(tier.wait_worst_s.map(f64::from)),
            minutes(Some(f64::from(tier.limit_s))),
        ];
        row(&tier.id, tier.customers, tier.missed, tier.never_called, waits);
    }
    let never_called: u64 = figures.tiers.iter().map(|tier| tier.never_called).sum();
    row("all", figures.customers, figures.missed, never_called, Default::default());
    let p99 = figures.decision_p99_us.map_or(String::new(), |us| format!(" · decision p99 {us:.1} µs"));
    text + &format!("inversions {} · diverted 分流 {}{p99}\n", figures.inversions, figures.diverted)
}

/// One line a figure, one column a side, the difference last.
fn several(sides: &Sides, from: &Side, to: &Side) -> String {
    let columns: Vec<Figures> = sides.all().map(Figures::of).collect();
    let (from_figures, to_figures) = (Figures::of(from), Figures::of(to));
    let mut text = format!("{:<24}", "");
    sides.all().for_each(|side| text += &format!("{:>22}", side.name));
    text += &format!("{:>22}\n{:<24}", "difference", "");
    sides.all().for_each(|side| text += &format!("{:>22}", side.profile));
    text += &format!("{:>22}\n", format!("{} − {}", to.name, from.name));

    let mut line = |name: String, digits: usize, unit: &str, of: &dyn Fn(&Figures) -> Option<f64>| {
        let shown = |value: Option<f64>| value.map_or("–".to_owned(), |value| format!("{value:.digits$}{unit}"));
        text += &format!("{name:<24}");
        columns.iter().for_each(|figures| text += &format!("{:>22}", shown(of(figures))));
        let difference = of(&to_figures).zip(of(&from_figures)).map(|(to, from)| to - from);
        let signed = difference.map_or("–".to_owned(), |difference| {
            let text = format!("{difference:+.digits$}{unit}");
            // What rounds to nothing has no sign.
            if text.contains(|digit: char| matches!(digit, '1'..='9')) { text } else { text.replace(['+', '-'], "") }
        });
        text += &format!("{signed:>22}\n");
    };
    line("customers".to_owned(), 0, "", &|figures| Some(figures.customers as f64));
    line("missed".to_owned(), 0, "", &|figures| Some(figures.missed as f64));
    line("per 1000".to_owned(), 1, "", &|figures| Some(figures.per_1000));
    for id in tier_ids(&columns) {
        let of = |figures: &Figures| figures.tiers.iter().find(|tier| tier.id == id).cloned();
        let minutes = |seconds: Option<f64>| seconds.map(|seconds| seconds / 60.0);
        line(format!("{id}: missed"), 0, "", &|figures| of(figures).map(|tier| tier.missed as f64));
        line(format!("{id}: never called"), 0, "", &|figures| of(figures).map(|tier| tier.never_called as f64));
        line(format!("{id}: mean wait"), 1, " min", &|figures| minutes(of(figures)?.wait_mean_s));
        let worst = |tier: TierFigures| minutes(tier.wait_worst_s.map(f64::from));
        line(format!("{id}: worst wait"), 1, " min", &|figures| worst(of(figures)?));
    }
    line("inversions".to_owned(), 0, "", &|figures| Some(figures.inversions as f64));
    line("diverted".to_owned(), 0, "", &|figures| Some(figures.diverted as f64));
    text
}

/// Of all sides, in order of precedence: another hall may have others.
fn tier_ids(columns: &[Figures]) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for tier in columns.iter().flat_map(|figures| &figures.tiers) {
        if !ids.contains(&tier.id) {
            ids.push(tier.id.clone());
        }
    }
    ids
}

fn minutes(seconds: Option<f64>) -> String {
    seconds.map_or("–".to_owned(), |seconds| format!("{:.1} min", seconds / 60.0))
}
