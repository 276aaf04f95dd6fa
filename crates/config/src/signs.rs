//! `[signs]`: what call displays do by the time of day.

use toml::Spanned;

use crate::hours::time;
use crate::model::{Brightness, Signs};
use crate::reader::{Node, Table};
use crate::values::{boolean, whole};

/// Reads the section; a hall without one greets and leaves brightness alone.
pub(crate) fn signs(table: Option<Table<'_>>) -> Signs {
    let mut signs = Signs { greeting: true, brightness: Vec::new() };
    let Some(mut table) = table else { return signs };
    if let Some(greeting) = table.optional("greeting", boolean) {
        signs.greeting = greeting.into_inner();
    }
    if let Some(steps) = table.optional("brightness", brightness) {
        signs.brightness = steps.into_inner();
    }
    table.finish();
    signs
}

fn brightness(node: Node<'_>) -> Option<Vec<Brightness>> {
    let report = node.report;
    let steps = node.list(|node| step(node.table("brightness of [signs]")?))?;
    let mut steps: Vec<Brightness> = steps.into_iter().map(Spanned::into_inner).collect();
    steps.sort_by_key(|step| step.from_minute);
    if let Some(pair) = steps.windows(2).find(|pair| pair[0].from_minute == pair[1].from_minute) {
        let at = crate::hours::clock(pair[0].from_minute);
        report.error(0..0, format!("two steps of brightness begin at {at}"), "leave one of them out");
        return None;
    }
    Some(steps)
}

fn step(mut table: Table<'_>) -> Option<Brightness> {
    let from = table.needed("from", "\"19:00\"", time);
    let percent = table.needed("percent", "40", whole(1..=100, "%"));
    table.finish();
    Some(Brightness { from_minute: from?.into_inner(), percent: percent?.into_inner() })
}
