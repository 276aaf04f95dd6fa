//! `[[kiosk]]`: what a ticket machine shows and asks.

use toml::Spanned;
use wire::{IdentifyBy, KioskPage, KioskRules, ServiceGroup, Speech};

use crate::check::sound;
use crate::model::Kiosk;
use crate::raw::RawFile;
use crate::reader::{Node, Table};
use crate::spans::Report;
use crate::suggest;
use crate::values::{boolean, enum_word, id, names, text, whole};

/// Cards that a page of the kiosk holds.
const CARDS: usize = 8;

/// `[[kiosk]]`
pub(crate) struct RawKiosk {
    pub(crate) name: Spanned<String>,
    panel_bottom_mm: u32,
    pages: Option<Spanned<Vec<KioskPage>>>,
    identify: Vec<IdentifyBy>,
    care: bool,
    paperless: bool,
    services: Offered,
    groups: Vec<RawGroup>,
    long_wait_min: Option<u32>,
    speech: Speech,
    /// Whether nobody is asked who they are or offered care.
    asks_nothing: bool,
}

/// The services of a kiosk.
enum Offered {
    /// Every service.
    All,
    /// Something was wrong, and reported.
    Wrong,
    /// These.
    Some(Spanned<Vec<Spanned<String>>>),
}

/// `[[kiosk.group]]`
struct RawGroup {
    name: hall::rules::Names,
    /// `None` when it was missing or wrong, and reported.
    services: Option<Spanned<Vec<Spanned<String>>>>,
}

/// Reads a section.
pub(crate) fn kiosk(mut table: Table<'_>) -> RawKiosk {
    let services = match table.optional("services", |node| node.list(text)) {
        Some(services) => Offered::Some(services),
        None if table.has("services") => Offered::Wrong,
        None => Offered::All,
    };
    let identify = table.optional("identify", once_each);
    let care = table.optional("care", boolean).map(Spanned::into_inner);
    let misread = (identify.is_none() && table.has("identify")) || (care.is_none() && table.has("care"));
    let asks = identify.as_ref().is_some_and(|ways| !ways.get_ref().is_empty()) || care == Some(true);
    let asks_nothing = !asks && !misread;
    // 967 mm puts the lowest control of the portrait page where it is drawn by default (y = 900 px).
    let kiosk = RawKiosk {
        name: table.required("name", "\"kiosk-1\"", id),
        panel_bottom_mm: table
            .optional("panel_bottom_mm", whole(300..=1300, " of mm"))
            .map_or(967, Spanned::into_inner),
        pages: table.optional("pages", once_each),
        identify: identify.map_or_else(Vec::new, Spanned::into_inner),
        care: care.unwrap_or(false),
        paperless: table.optional("paperless", boolean).is_some_and(Spanned::into_inner),
        services,
        groups: table
            .take("group")
            .map_or_else(Vec::new, |node| node.tables("[[kiosk.group]]"))
            .into_iter()
            .map(group)
            .collect(),
        long_wait_min: table.optional("long_wait_min", whole(1..=240, " of minutes")).map(Spanned::into_inner),
        speech: table.optional("speech", enum_word).map_or(Speech::Off, Spanned::into_inner),
        asks_nothing,
    };
    table.finish();
    kiosk
}

fn group(mut table: Table<'_>) -> RawGroup {
    let group = RawGroup {
        name: table.required("name", "{ zh = \"查询\", en = \"Look up\" }", names).into_inner(),
        services: table.needed("services", "[\"payment\"]", |node| node.list(text)),
    };
    table.finish();
    group
}

/// Words of an enum, none of them twice.
fn once_each<T: for<'de> serde::Deserialize<'de> + PartialEq>(node: Node<'_>) -> Option<Vec<T>> {
    let (name, report) = (node.name.clone(), node.report);
    let words = node.list(enum_word::<T>)?;
    let mut once: Vec<T> = Vec::new();
    for word in words {
        if once.contains(word.get_ref()) {
            report.error(word.span(), format!("{name} names the same twice"), "leave the second out");
        } else {
            once.push(word.into_inner());
        }
    }
    Some(once)
}

/// Reports what of a kiosk does not fit together or does not exist.
pub(crate) fn check(report: &Report<'_>, file: &RawFile) {
    let all: Vec<&str> = file.services.iter().map(|service| service.id.get_ref().as_str()).collect();
    for kiosk in &file.kiosks {
        // Of services that are not certain nothing more can be said: it shall not make other lines wrong.
        if let Some(offered) = offered(report, kiosk, &all).filter(|_| sound(&all)) {
            groups(report, kiosk, &offered);
        }
        if let Some(pages) = kiosk.pages.as_ref().filter(|pages| pages.get_ref().contains(&KioskPage::Who))
            && kiosk.asks_nothing
        {
            let message = format!("kiosk {:?} has the page \"who\", but nothing to ask there", kiosk.name.get_ref());
            report.error(pages.span(), message, "say how with identify = [\"phone\"], or take \"who\" out of pages");
        }
    }
}

/// The services of a kiosk, if nothing is wrong with them.
fn offered<'f>(report: &Report<'_>, kiosk: &'f RawKiosk, all: &[&'f str]) -> Option<Vec<&'f str>> {
    let name = kiosk.name.get_ref();
    let services = match &kiosk.services {
        Offered::All => return Some(all.to_vec()),
        Offered::Wrong => return None,
        Offered::Some(services) => services,
    };
    if services.get_ref().is_empty() {
        let mend = "name at least one service, or leave the line out: all";
        report.error(services.span(), format!("kiosk {name:?} offers no service"), mend);
        return None;
    }
    let what = format!("kiosk {name:?} offers an unknown service");
    let known = !sound(all) || known(report, services.get_ref(), all, &what);
    let once = once(report, services.get_ref().iter(), &format!("services of kiosk {name:?}"));
    (known && once).then(|| services.get_ref().iter().map(|service| service.get_ref().as_str()).collect())
}

/// Every service of the kiosk is in one group, and a group is no larger than a page.
fn groups(report: &Report<'_>, kiosk: &RawKiosk, offered: &[&str]) {
    let name = kiosk.name.get_ref();
    let mut right = true;
    for (title, services) in kiosk.groups.iter().filter_map(|group| Some((&group.name.zh, group.services.as_ref()?))) {
        let count = services.get_ref().len();
        if !(1..=CARDS).contains(&count) {
            let message = format!("group {title:?} of kiosk {name:?} has {count} services");
            report.error(services.span(), message, format!("put 1 to {CARDS} in a group: one page"));
            right = false;
        }
        let what = format!("group {title:?} has a service that kiosk {name:?} does not offer:");
        right &= known(report, services.get_ref(), offered, &what);
    }
    let Some(lists) = kiosk.groups.iter().map(|group| group.services.as_ref()).collect::<Option<Vec<_>>>() else {
        return;
    };
    let grouped: Vec<&Spanned<String>> = lists.iter().flat_map(|list| list.get_ref()).collect();
    right &= once(report, grouped.iter().copied(), &format!("groups of kiosk {name:?}"));
    // A service in no group could not be chosen.
    let is_left = |id: &&str| !grouped.iter().any(|other| other.get_ref() == id);
    let left: Vec<&str> = offered.iter().copied().filter(is_left).collect();
    if let Some(last) = lists.last().filter(|_| right && !left.is_empty()) {
        let (services, ids) = (if left.len() == 1 { "service" } else { "services" }, suggest::quoted(&left));
        let message = format!("no group of kiosk {name:?} has the {services} {ids}");
        report.error(last.span(), message, "put each into a group, or give the kiosk services = [ … ] of its own");
    }
}

/// Whether all of these are among those; the others are reported.
fn known(report: &Report<'_>, services: &[Spanned<String>], known: &[&str], what: &str) -> bool {
    let unknown: Vec<_> = services.iter().filter(|service| !known.contains(&service.get_ref().as_str())).collect();
    for service in &unknown {
        report.error(
            service.span(),
            format!("{what} {:?}", service.get_ref()),
            suggest::mend(service.get_ref(), known),
        );
    }
    unknown.is_empty()
}

/// Whether each stands once; the others are reported.
fn once<'s>(report: &Report<'_>, services: impl Iterator<Item = &'s Spanned<String>>, what: &str) -> bool {
    let mut seen: Vec<&String> = Vec::new();
    let mut once = true;
    for service in services {
        if seen.contains(&service.get_ref()) {
            report.error(service.span(), format!("{what} name {:?} twice", service.get_ref()), "leave the second out");
            once = false;
        }
        seen.push(service.get_ref());
    }
    once
}

/// What was found right.
pub(crate) fn assemble(raw: RawKiosk) -> Kiosk {
    let ids = |services: Vec<Spanned<String>>| services.into_iter().map(Spanned::into_inner).collect();
    let group = |group: RawGroup| ServiceGroup {
        names: (&group.name).into(),
        services: group.services.map_or_else(Vec::new, |services| ids(services.into_inner())),
    };
    let rules = KioskRules {
        panel_bottom_mm: raw.panel_bottom_mm,
        pages: raw.pages.map_or_else(|| vec![KioskPage::Confirm], Spanned::into_inner),
        identify: raw.identify,
        care: raw.care,
        paperless: raw.paperless,
        services: match raw.services {
            Offered::All | Offered::Wrong => Vec::new(),
            Offered::Some(services) => ids(services.into_inner()),
        },
        groups: raw.groups.into_iter().map(group).collect(),
        long_wait_min: raw.long_wait_min,
        speech: raw.speech,
    };
    Kiosk { name: raw.name.into_inner(), rules }
}
