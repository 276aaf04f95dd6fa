//! `[signs]`: what call displays do by the time of day.

use toml::Spanned;

use crate::hours::{clock, time};
use crate::model::{Brightness, Signs};
use crate::reader::{Node, Table};
use crate::values::{boolean, whole};

/// Reads the section; a hall without one neither greets nor sets any brightness.
pub(crate) fn signs(table: Option<Table<'_>>) -> Signs {
    let mut signs = Signs { greeting: false, brightness: Vec::new() };
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
    let mut steps = steps;
    steps.sort_by_key(|step| step.get_ref().from_minute);
    let twin = steps.windows(2).find(|pair| pair[0].get_ref().from_minute == pair[1].get_ref().from_minute);
    if let Some(twin) = twin.and_then(<[_]>::last) {
        let at = clock(twin.get_ref().from_minute);
        report.error(twin.span(), format!("two steps of brightness begin at {at}"), "leave one of them out");
        return None;
    }
    Some(steps.into_iter().map(Spanned::into_inner).collect())
}

fn step(mut table: Table<'_>) -> Option<Brightness> {
    let from = table.needed("from", "\"19:00\"", time);
    let percent = table.needed("percent", "40", whole(1..=100, "%"));
    table.finish();
    Some(Brightness { from_minute: from?.into_inner(), percent: percent?.into_inner() })
}
