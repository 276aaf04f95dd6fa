//! One day drawn: each side's waits by tier against their limits, misses, and how many counters were open.
//!
//! Drawn at twice the size it is shown at, because the drawing library knows whole pixels only.

mod marks;
mod scale;

use anyhow::anyhow;
use plotters::coord::Shift;
use plotters::element::DashedPathElement;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::Sides;
use super::figures::per_1000;
use super::side::Side;
use marks::{ERROR, INK, MUTED, Mark, cross, marker};
use scale::{Scale, open_counters};

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

const WIDTH: u32 = 2400;
const HEAD: u32 = 180;
const WAITS: u32 = 620;
const COUNTERS: u32 = 260;
/// From one line of words to the next.
const LINE: i32 = 36;
/// Pixels drawn for one shown.
const FINE: u32 = 2;
/// Where the axes stand, and what is free left of their words.
const LEFT: u32 = 160;
const EDGE: u32 = 40;
const RIGHT: u32 = 260;

/// The picture of one day (its index), one side below the other on the same scales.
///
/// # Errors
/// The drawing library's.
pub(super) fn svg(sides: &Sides, day: usize) -> anyhow::Result<String> {
    let shown: Vec<&Side> = sides.all().collect();
    let height = HEAD + (WAITS + COUNTERS) * u32::try_from(shown.len())?;
    let mut text = String::new();
    draw(&mut text, height, &shown, day).map_err(|error| anyhow!("drawing the day: {error}"))?;
    let drawn = format!("width=\"{WIDTH}\" height=\"{height}\" viewBox");
    Ok(text.replacen(&drawn, &format!("width=\"{}\" height=\"{}\" viewBox", WIDTH / FINE, height / FINE), 1))
}

type Drawn = Result<(), DrawingAreaErrorKind<std::io::Error>>;

fn draw(text: &mut String, height: u32, sides: &[&Side], day: usize) -> Drawn {
    let root = SVGBackend::with_string(text, (WIDTH, height)).into_drawing_area();
    root.fill(&WHITE)?;
    let scale = Scale::of(sides, day);
    let (head, mut rest) = root.split_vertically(HEAD);
    head_line(&head, sides, day)?;
    for side in sides {
        let (block, below) = rest.split_vertically(WAITS + COUNTERS);
        let (upper, lower) = block.split_vertically(WAITS);
        waits(&upper, side, day, &scale)?;
        counters(&lower, side, day, &scale)?;
        rest = below;
    }
    root.present()?;
    Ok(())
}

/// Title and legend.
fn head_line(area: &Area<'_>, sides: &[&Side], day: usize) -> Drawn {
    let Some(first) = sides.first() else { return Ok(()) };
    let names = &first.hall.rules.names;
    let which = if first.days.len() > 1 { format!(" · 第 {day} 日 day {day}") } else { String::new() };
    let title = format!("等候重演 Waits replayed · {} {}{which}", names.zh, names.en);
    area.draw(&Text::new(title, (LEFT as i32, 24), words(44, &INK)))?;

    let (mut x, y) = (LEFT as i32 + 12, 122);
    let tiers = &first.hall.rules.tiers;
    for (index, tier) in tiers.iter().enumerate() {
        area.draw(&marker((x, y), Mark::of(index, tiers.len())))?;
        let label = format!("{} {}", tier.names.zh, tier.names.en);
        area.draw(&Text::new(label.clone(), (x + 24, y), middle(31, &INK)))?;
        x += 70 + width_of(&label, 31);
    }
    area.draw(&cross((x, y)))?;
    let label = "超过时限 missed";
    area.draw(&Text::new(label, (x + 24, y), middle(31, &ERROR)))?;
    x += 70 + width_of(label, 31);
    let dash = [(x, y), (x + 60, y)];
    area.draw(&DashedPathElement::new(dash, 12, 8, MUTED.stroke_width(3)))?;
    area.draw(&Text::new("等候时限 waiting limit", (x + 76, y), middle(31, &INK)))?;
    Ok(())
}

fn waits(area: &Area<'_>, side: &Side, day: usize, scale: &Scale) -> Drawn {
    let mut chart = ChartBuilder::on(area)
        .margin_left(EDGE)
        .margin_right(RIGHT)
        .margin_top(80)
        .x_label_area_size(70)
        .y_label_area_size(LEFT - EDGE)
        .build_cartesian_2d(scale.hours.clone(), 0.0..scale.minutes)?;
    area.draw(&Text::new(caption(side, day), (LEFT as i32, 22), words(37, &INK)))?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(WHITE)
        .bold_line_style(MUTED.mix(0.18))
        .axis_style(MUTED.stroke_width(2))
        .x_labels(12)
        .y_labels(8)
        .x_label_formatter(&|hour| scale.clock(*hour))
        .y_label_formatter(&|minutes| format!("{minutes:.0}"))
        .label_style(words(30, &INK))
        .axis_desc_style(words(31, &INK))
        .x_desc(scale.axis)
        .y_desc("等候（分钟） Wait (min)")
        .draw()?;

    // Shapes and words have sizes in pixels, so they are drawn into the area and not into the chart.
    let plotting = chart.plotting_area().clone();
    let (left, top) = area.get_base_pixel();
    let pixel = |hour, minutes| {
        let (x, y) = plotting.map_coordinate(&(hour, minutes));
        (x - left, y - top)
    };
    let tiers = &side.hall.rules.tiers;
    let mut limits: Vec<(f64, &str)> =
        tiers.iter().map(|tier| (f64::from(tier.limit_s) / 60.0, tier.names.zh.as_str())).collect();
    limits.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    let mut above = i32::MAX;
    for (minutes, name) in limits {
        let ends = [(scale.hours.start, minutes), (scale.hours.end, minutes)];
        chart.draw_series(DashedLineSeries::new(ends, 12, 8, MUTED.stroke_width(3)))?;
        // Limits close together: each name stands clear of the one below.
        let (x, y) = pixel(scale.hours.end, minutes);
        above = y.min(above.saturating_sub(LINE));
        area.draw(&Text::new(format!("{name} {minutes:.0} 分 min"), (x + 12, above), middle(30, &INK)))?;
    }
    // The many first, so that the few stay in sight.
    for tier in (0..tiers.len()).rev() {
        for wait in scale.waits_of(side, day).filter(|wait| wait.tier == tier) {
            area.draw(&marker(pixel(wait.hour, wait.minutes), Mark::of(tier, tiers.len())))?;
        }
    }
    for wait in scale.waits_of(side, day).filter(|wait| wait.missed) {
        area.draw(&cross(pixel(wait.hour, wait.minutes)))?;
    }
    Ok(())
}

fn counters(area: &Area<'_>, side: &Side, day: usize, scale: &Scale) -> Drawn {
    let mut chart = ChartBuilder::on(area)
        .margin_left(EDGE)
        .margin_right(RIGHT)
        .margin_bottom(30)
        .x_label_area_size(50)
        .y_label_area_size(LEFT - EDGE)
        .build_cartesian_2d(scale.hours.clone(), 0.0..scale.counters + 0.5)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(WHITE)
        .bold_line_style(MUTED.mix(0.18))
        .axis_style(MUTED.stroke_width(2))
        .x_labels(12)
        .y_labels(6)
        .x_label_formatter(&|hour| scale.clock(*hour))
        .y_label_formatter(&|counters| format!("{counters:.0}"))
        .label_style(words(30, &INK))
        .axis_desc_style(words(31, &INK))
        .y_desc("窗口 Counters")
        .draw()?;
    let steps = open_counters(&side.days[day], side.hall.rules.counters.len());
    let steps = steps.iter().map(|(at_s, open)| (scale.hour(*at_s), *open as f64));
    let open = steps.filter(|(hour, _)| *hour <= scale.hours.end);
    let mut corners: Vec<(f64, f64)> = Vec::new();
    for (hour, open) in open {
        if let Some((_, before)) = corners.last() {
            corners.push((hour, *before));
        }
        corners.push((hour, open));
    }
    if let Some((_, last)) = corners.last() {
        corners.push((scale.hours.end, *last));
    }
    chart.draw_series(LineSeries::new(corners, marks::PRIMARY.stroke_width(5)))?;
    Ok(())
}

/// Which side it is, and what it came to on this day.
fn caption(side: &Side, day: usize) -> String {
    let what = match side.name {
        "recorded" => "实际 As it was".to_owned(),
        "against" => format!("对照 Against · {}", side.profile),
        _ => format!("重演 Replayed · {}", side.profile),
    };
    let outcomes = || side.replays[day].outcomes.iter().filter(|one| one.counts);
    let (customers, missed) = (outcomes().count() as u64, outcomes().filter(|one| one.missed).count() as u64);
    let share = per_1000(missed, customers);
    format!("{what} — 客户 customers {customers} · 超过时限 missed {missed}（{share:.1} ‰）")
}

fn words(size: u32, colour: &RGBColor) -> TextStyle<'static> {
    ("sans-serif", size).into_font().color(colour)
}

fn middle(size: u32, colour: &RGBColor) -> TextStyle<'static> {
    words(size, colour).pos(Pos::new(HPos::Left, VPos::Center))
}

/// About how wide a text is: Chinese characters are as wide as high, others half of that.
fn width_of(text: &str, size: i32) -> i32 {
    text.chars().map(|one| if one.is_ascii() { size / 2 } else { size }).sum()
}
