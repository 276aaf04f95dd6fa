//! What is wrong with a hall although every line of its file is right by itself.

use std::collections::{HashMap, HashSet};
use std::fmt::Display;
use std::hash::Hash;
use std::ops::Range;

use hall::routing::MAX_TIERS;
use toml::Spanned;

use crate::kiosks;
use crate::level::{Area, Level, Standing};
use crate::raw::{RawCounter, RawFile, Skills};
use crate::spans::Report;
use crate::suggest;

/// The kind of a counter for every tier.
pub(crate) const GENERAL: &str = "general";

/// Reports everything that does not fit together, but for devices.
pub(crate) fn check(report: &Report<'_>, file: &RawFile) {
    twins(report, file);
    reserved(report, file);
    routing(report, file);
    counters(report, file);
    reach(report, file);
    kiosks::check(report, file);
    if let Some(level) = file.hall.level {
        areas(report, file, level);
    }
}

/// Reports values that stand in the file a second time. Blanks, which were reported already, do not count.
pub(crate) fn unique<'r, T: Eq + Hash + Display + Default + 'r>(
    report: &Report<'_>,
    what: &str,
    mend: &str,
    values: impl Iterator<Item = (&'r T, Range<usize>)>,
) {
    let mut first: HashMap<&T, Range<usize>> = HashMap::new();
    for (value, at) in values.filter(|(value, _)| **value != T::default()) {
        match first.get(value) {
            Some(earlier) => {
                let message = format!("duplicate {what} \"{value}\", already on line {}", report.line(earlier));
                report.error(at, message, mend);
            }
            None => {
                first.insert(value, at);
            }
        }
    }
}

/// Whether a list of ids can be relied on: it is not empty, and none of them is a blank or stands twice. Else whoever names
/// an id that is not in it may be right, and the mistake was told already.
pub(crate) fn sound<T: Eq + Hash + Default>(ids: &[T]) -> bool {
    let once: HashSet<&T> = ids.iter().collect();
    !ids.is_empty() && once.len() == ids.len() && !once.contains(&T::default())
}

fn twins(report: &Report<'_>, file: &RawFile) {
    let ids = "give each an id of its own";
    let names = "give each a name of its own";
    let numbers = "give each a number of its own";
    fn spanned<T>(value: &Spanned<T>) -> (&T, Range<usize>) {
        (value.get_ref(), value.span())
    }
    unique(report, "tier id", ids, file.tiers.iter().map(|tier| spanned(&tier.id)));
    unique(report, "tier name", names, file.tiers.iter().map(|tier| (&tier.name.get_ref().zh, tier.name.span())));
    unique(report, "precedence", numbers, file.tiers.iter().map(|tier| spanned(&tier.precedence)));
    unique(report, "service id", ids, file.services.iter().map(|service| spanned(&service.id)));
    let service_names = file.services.iter().map(|service| (&service.name.get_ref().zh, service.name.span()));
    unique(report, "service name", names, service_names);
    unique(report, "counter number", numbers, file.counters.iter().map(|counter| spanned(&counter.number)));
    unique(report, "work number", numbers, file.tellers.iter().map(|teller| spanned(&teller.number)));
    unique(report, "kiosk name", names, file.kiosks.iter().map(|kiosk| spanned(&kiosk.name)));
    unique(report, "screen name", names, file.screens.iter().map(spanned));
    unique(report, "device name", names, file.devices.iter().map(|device| spanned(&device.name)));
    let prefixes = file.tiers.iter().map(|tier| &tier.prefix);
    let prefixes = prefixes.chain(file.services.iter().filter_map(|service| service.prefix.as_ref()));
    let mend = "give each tier, and each service that has one, a prefix of its own";
    unique(report, "prefix", mend, prefixes.map(spanned));
    let beginnings: Vec<(String, Range<usize>)> = file
        .tiers
        .iter()
        .flat_map(|tier| &tier.recognised_by)
        .flat_map(|known| {
            known.begins.iter().map(|begins| (format!("{} {}", known.kind.word(), begins.get_ref()), begins.span()))
        })
        .collect();
    let mend = "keep it at one tier";
    unique(report, "recognition", mend, beginnings.iter().map(|(key, at)| (key, at.clone())));
}

fn reserved(report: &Report<'_>, file: &RawFile) {
    for tier in &file.tiers {
        if tier.id.get_ref() == GENERAL {
            let mend = "call it otherwise: a counter of kind \"general\" is one for every tier";
            report.error(tier.id.span(), "a tier cannot have the id \"general\"", mend);
        }
    }
}

fn routing(report: &Report<'_>, file: &RawFile) {
    if let Some(tier) = file.tiers.get(MAX_TIERS) {
        let mend = "leave some out, or let several kinds of customers share one";
        report.error(tier.id.span(), format!("there are more than {MAX_TIERS} tiers"), mend);
    }
    // Without tiers everything else is wrong too, and was told.
    if file.tiers.is_empty() {
        return;
    }
    let lists =
        [("margins_min", &file.routing.margins_s), ("ratio", &file.routing.ratio), ("weights", &file.routing.weights)];
    for (key, list) in lists {
        let Some(list) = list.as_ref().filter(|list| list.get_ref().len() != file.tiers.len()) else { continue };
        let (has, tiers) = (list.get_ref().len(), file.tiers.len());
        let message = format!("{key} in [routing] has {has} values, the hall has {tiers} tiers");
        report.error(list.span(), message, "write one a tier, in order of precedence: [3, 7, 12]");
    }
}

fn counters(report: &Report<'_>, file: &RawFile) {
    // A counter for the last tier and those before it is a general one.
    let last = file.tiers.iter().map(|tier| *tier.precedence.get_ref()).max();
    let dedicated = file.tiers.iter().filter(|tier| Some(*tier.precedence.get_ref()) != last);
    let mut kinds = vec![GENERAL];
    kinds.extend(dedicated.map(|tier| tier.id.get_ref().as_str()));
    let services: Vec<&str> = file.services.iter().map(|service| service.id.get_ref().as_str()).collect();
    let ids: Vec<&str> = file.tiers.iter().map(|tier| tier.id.get_ref().as_str()).collect();
    let (tiers_sound, services_sound) = (sound(&ids), sound(&services));
    for counter in &file.counters {
        let number = counter.number.get_ref();
        let kind = counter.kind.get_ref().as_str();
        if tiers_sound && !kind.is_empty() && !kinds.contains(&kind) {
            report.error(
                counter.kind.span(),
                format!("unknown kind {kind:?} of counter {number}"),
                suggest::mend(kind, &kinds),
            );
        }
        let Skills::Some(skills) = counter.services.get_ref() else {
            continue;
        };
        if skills.is_empty() {
            let mend = "write \"all\", or name at least one service";
            report.error(counter.services.span(), format!("counter {number} does no service"), mend);
        }
        for skill in skills.iter().filter(|skill| services_sound && !services.contains(&skill.get_ref().as_str())) {
            let message = format!("counter {number} does an unknown service {:?}", skill.get_ref());
            report.error(skill.span(), message, suggest::mend(skill.get_ref(), &services));
        }
    }
}

/// Whether every customer who can take a number can be called.
fn reach(report: &Report<'_>, file: &RawFile) {
    let general = |counter: &&RawCounter| counter.kind.get_ref() == GENERAL;
    let Some(first) = file.counters.first() else {
        return;
    };
    let no_general = !file.counters.iter().any(|counter| general(&counter));
    if no_general {
        let at = first.kind.span();
        report.error(at, "no counter is general", "make at least one of kind = \"general\"");
    }
    for tier in &file.tiers {
        if no_general && !file.counters.iter().any(|counter| admits(file, counter, *tier.precedence.get_ref())) {
            let message = format!("no counter takes customers of tier {:?}", tier.id.get_ref());
            report.error(tier.id.span(), message, "make a counter general, or dedicate one to this tier");
        }
    }
    for service in file.services.iter().filter(|service| !service.id.get_ref().is_empty()) {
        let id = service.id.get_ref();
        let doing: Vec<&RawCounter> = file.counters.iter().filter(|counter| does(counter, id)).collect();
        if doing.is_empty() {
            let mend = "add it to services of a counter, or leave the service out";
            report.error(service.id.span(), format!("no counter does service {id:?}"), mend);
            continue;
        }
        let stranded: Vec<&str> = file
            .tiers
            .iter()
            .filter(|tier| !doing.iter().any(|counter| admits(file, counter, *tier.precedence.get_ref())))
            .map(|tier| tier.id.get_ref().as_str())
            .collect();
        if !stranded.is_empty() && !no_general {
            let message = format!(
                "service {id:?} is done only at counters that do not take tier {}; they would never be called",
                suggest::quoted(&stranded)
            );
            report.error(service.id.span(), message, "add it to services of a general counter");
        }
    }
}

fn areas(report: &Report<'_>, file: &RawFile, level: Level) {
    let Some(claimed) = &file.hall.areas else {
        return;
    };
    let mut areas: Vec<Area> = Vec::new();
    for area in claimed.get_ref() {
        if areas.contains(area.get_ref()) {
            report.error(
                area.span(),
                format!("area {:?} stands twice in areas", area.get_ref().word()),
                "leave one out",
            );
        }
        areas.push(*area.get_ref());
        if let Some((message, mend)) = unfounded(file, *area.get_ref()) {
            report.error(area.span(), message, mend);
        }
    }
    let missing: Vec<String> = level
        .standing(&areas)
        .into_iter()
        .filter(|(_, standing)| *standing == Standing::Missing)
        .map(|(area, _)| format!("{:?} ({})", area.word(), area.names().zh))
        .collect();
    if !missing.is_empty() {
        let (names, missing) = (level.names(), missing.join(", "));
        let message = format!("a {} ({}) must have the areas {missing}", names.en, names.zh);
        report.error(claimed.span(), message, "set them up and add them to areas, or correct the level");
    }
}

/// What is not there although an area is claimed.
fn unfounded(file: &RawFile, area: Area) -> Option<(String, &'static str)> {
    let claimed = |needs: &str| format!("area {:?} ({}) is claimed, but {needs}", area.word(), area.names().zh);
    match area {
        Area::Vip => {
            let first = file.tiers.iter().min_by_key(|tier| tier.precedence.get_ref())?.id.get_ref();
            let there = file.counters.iter().any(|counter| counter.kind.get_ref() == first);
            let mend = "make a counter of that kind, or take the area out";
            (!there).then(|| (claimed(&format!("no counter is of kind {first:?}")), mend))
        }
        Area::SelfService => {
            let there = file.services.iter().any(|service| service.self_service.is_some());
            let mend = "say at a service what customers can do themselves (self_service), or take the area out";
            (!there).then(|| (claimed("no service has a self_service hint"), mend))
        }
        Area::Group => {
            let there = file.counters.iter().any(|counter| does(counter, "group"));
            let mend = "add the service \"group\" to a counter, or take the area out";
            (!there).then(|| (claimed("no counter does service \"group\""), mend))
        }
        // A hall without counters is refused anyway; the others have nothing in the file.
        Area::Counters | Area::Guide | Area::Sales | Area::Demonstration | Area::Reception => None,
    }
}

fn does(counter: &RawCounter, service: &str) -> bool {
    match counter.services.get_ref() {
        // Of a counter that was misread nothing can be said: it shall not make other lines wrong.
        Skills::Blank | Skills::All => true,
        Skills::Some(skills) => skills.iter().any(|skill| skill.get_ref() == service),
    }
}

fn admits(file: &RawFile, counter: &RawCounter, precedence: u8) -> bool {
    let kind = counter.kind.get_ref();
    match file.tiers.iter().find(|tier| tier.id.get_ref() == kind) {
        Some(own) => precedence <= *own.precedence.get_ref(),
        // General, or of a kind that was reported.
        None => true,
    }
}
