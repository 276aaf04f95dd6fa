//! What a hall file says, key by key, before anything is compared with anything else.

use std::net::SocketAddr;
use std::ops::Range;

use hall::calendar::{Greeting, News};
use hall::routing::{Cap, Margin, Profile, Routing};
use hall::rules::{Documents, Names, QuotaWindow, WeekHours};
use hall::{IdentityKind, Language};
use jiff::tz::TimeZone;
use toml::Spanned;

use crate::calendar::{greeting, news};
use crate::directory::directory;
use crate::hours::{time, week};
use crate::kiosks::{RawKiosk, kiosk};
use crate::level::{Area, Level};
use crate::model::{Directory, Signs};
use crate::quotas::windows;
use crate::reader::{Node, Table};
use crate::settings::{cap, languages, level, listen, port, price, profile, public_url, rescue, zone};
use crate::signs::signs;
use crate::values::{boolean, each, enum_word, id, minutes, names, prefix, text, whole, word, work_number};

/// Counters' numbers: what three digits on a sign can show.
const COUNTERS: std::ops::RangeInclusive<i64> = 1..=999;
/// Waiting limits, in minutes.
const LIMIT_MIN: std::ops::RangeInclusive<i64> = 1..=240;

/// The whole file. Every list is in the file's order.
pub(crate) struct RawFile {
    pub(crate) hall: RawHall,
    pub(crate) tiers: Vec<RawTier>,
    pub(crate) services: Vec<RawService>,
    pub(crate) counters: Vec<RawCounter>,
    pub(crate) tellers: Vec<RawTeller>,
    pub(crate) routing: RawRouting,
    pub(crate) directory: Directory,
    pub(crate) signs: Signs,
    pub(crate) news: Vec<News>,
    pub(crate) greetings: Vec<Greeting>,
    pub(crate) kiosks: Vec<RawKiosk>,
    pub(crate) screens: Vec<Spanned<String>>,
    pub(crate) devices: Vec<RawDevice>,
}

/// `[hall]`
#[derive(Default)]
pub(crate) struct RawHall {
    pub(crate) name: Names,
    pub(crate) level: Option<Level>,
    pub(crate) areas: Option<Spanned<Vec<Spanned<Area>>>>,
    pub(crate) zone: Option<(String, TimeZone)>,
    pub(crate) languages: Vec<Language>,
    pub(crate) hours: Option<WeekHours>,
    pub(crate) cut_over_minute: u16,
    pub(crate) listen: Option<SocketAddr>,
    pub(crate) public_url: String,
    pub(crate) open_day_at_start: bool,
}

/// `[[tier]]`
pub(crate) struct RawTier {
    pub(crate) id: Spanned<String>,
    pub(crate) name: Spanned<Names>,
    pub(crate) prefix: Spanned<String>,
    pub(crate) precedence: Spanned<u8>,
    pub(crate) limit_min: u32,
    pub(crate) satisfaction_pct: u8,
    pub(crate) area: Option<Names>,
    pub(crate) recognised_by: Vec<RawRecognition>,
}

/// An entry of `recognised_by`.
pub(crate) struct RawRecognition {
    pub(crate) kind: IdentityKind,
    pub(crate) begins: Vec<Spanned<String>>,
}

/// `[[service]]`
pub(crate) struct RawService {
    pub(crate) id: Spanned<String>,
    pub(crate) name: Spanned<Names>,
    pub(crate) prefix: Option<Spanned<String>>,
    pub(crate) typical_s: u32,
    pub(crate) documents: Vec<Documents>,
    pub(crate) self_service: Option<Names>,
    pub(crate) hours: Option<WeekHours>,
    pub(crate) daily_quota: Option<u32>,
    pub(crate) windows: Vec<QuotaWindow>,
}

/// `[[counter]]`
pub(crate) struct RawCounter {
    pub(crate) number: Spanned<u16>,
    pub(crate) name: Names,
    pub(crate) kind: Spanned<String>,
    pub(crate) services: Spanned<Skills>,
}

/// What a counter can do.
#[derive(Default)]
pub(crate) enum Skills {
    /// Was wrong, and reported.
    #[default]
    Blank,
    /// Every service.
    All,
    /// These.
    Some(Vec<Spanned<String>>),
}

/// `[[teller]]`
pub(crate) struct RawTeller {
    pub(crate) number: Spanned<String>,
    pub(crate) name: String,
}

/// `[routing]`
pub(crate) struct RawRouting {
    pub(crate) profile: Profile,
    /// One value a tier, in order of precedence; `None` = the standard.
    pub(crate) margins_s: Option<Spanned<Vec<u32>>>,
    pub(crate) ratio: Option<Spanned<Vec<u32>>>,
    pub(crate) weights: Option<Spanned<Vec<u32>>>,
    pub(crate) rescue: Option<Margin>,
    pub(crate) price: Option<f64>,
    pub(crate) cap: Option<Cap>,
    pub(crate) care_head_start_s: u32,
    pub(crate) appointment_early_s: u32,
    pub(crate) appointment_late_s: u32,
    pub(crate) walk_s: u32,
    pub(crate) no_show_after_s: u32,
}

/// `[[device]]`
pub(crate) struct RawDevice {
    pub(crate) span: Range<usize>,
    pub(crate) name: Spanned<String>,
    pub(crate) profile: Spanned<String>,
    pub(crate) port: Spanned<String>,
    pub(crate) address: Option<Spanned<u16>>,
    /// The address was given, but wrong, and reported.
    pub(crate) address_wrong: bool,
    pub(crate) counter: Option<Spanned<u16>>,
    pub(crate) kiosk: Option<Spanned<String>>,
    pub(crate) hall: Option<Spanned<()>>,
    /// Some place was given, perhaps wrong, and reported.
    pub(crate) places: usize,
}

/// Reads the whole file.
pub(crate) fn file(mut root: Table<'_>) -> RawFile {
    let mend = "begin the file with [hall] and its name, level and areas";
    let hall = root.needed_section("hall", mend).map(hall).unwrap_or_default();
    let file = RawFile {
        hall,
        tiers: root.needed_sections("tier", "add at least one tier of customers").into_iter().map(tier).collect(),
        services: root.needed_sections("service", "add at least one business").into_iter().map(service).collect(),
        counters: root
            .needed_sections("counter", "add at least one counter of kind = \"general\"")
            .into_iter()
            .map(counter)
            .collect(),
        tellers: root.sections("teller").into_iter().map(teller).collect(),
        routing: routing(root.section("routing")),
        directory: directory(root.section("directory")),
        signs: signs(root.section("signs")),
        news: root.sections("news").into_iter().filter_map(news).collect(),
        greetings: root.sections("greeting").into_iter().filter_map(greeting).collect(),
        kiosks: root.sections("kiosk").into_iter().map(kiosk).collect(),
        screens: root.sections("screen").into_iter().map(screen).collect(),
        devices: root.sections("device").into_iter().map(device).collect(),
    };
    root.finish();
    file
}

fn hall(mut table: Table<'_>) -> RawHall {
    let hall = RawHall {
        name: table.required("name", "{ zh = \"中心营业厅\", en = \"Central hall\" }", names).into_inner(),
        level: table.needed("level", "\"1\"", level).map(Spanned::into_inner),
        areas: table.needed("areas", "[\"sales\", \"counters\"]", |node| node.list(word(&Area::WORDS))),
        zone: table.needed("time_zone", "\"Asia/Shanghai\"", zone).map(Spanned::into_inner),
        languages: table.optional("languages", languages).map_or_else(|| vec![Language::Zh], Spanned::into_inner),
        hours: table.optional("hours", week).map(Spanned::into_inner),
        cut_over_minute: table.optional("cut_over", time).map_or(4 * 60, Spanned::into_inner),
        listen: table.optional("listen", listen).map(Spanned::into_inner),
        public_url: table.required("public_url", "\"http://127.0.0.1:8080\"", public_url).into_inner(),
        open_day_at_start: table.optional("open_day_at_start", boolean).is_some_and(Spanned::into_inner),
    };
    table.finish();
    hall
}

fn tier(mut table: Table<'_>) -> RawTier {
    let tier = RawTier {
        id: table.required("id", "\"vip\"", id),
        name: table.required("name", "{ zh = \"大客户\", en = \"VIP\" }", names),
        prefix: table.required("prefix", "\"V\"", prefix),
        precedence: table.required("precedence", "1", whole(1..=99, "")),
        limit_min: table.required("limit_min", "10", whole(LIMIT_MIN, " of minutes")).into_inner(),
        satisfaction_pct: table.required("satisfaction_pct", "90", whole(0..=100, " of percent")).into_inner(),
        area: table.optional("area", names).map(Spanned::into_inner),
        recognised_by: table
            .take("recognised_by")
            .map_or_else(Vec::new, |node| node.tables("recognised_by of [[tier]]"))
            .into_iter()
            .filter_map(recognition)
            .collect(),
    };
    table.finish();
    tier
}

fn recognition(mut table: Table<'_>) -> Option<RawRecognition> {
    let kind = table.needed("kind", "\"card\"", enum_word);
    let begins = table.needed("begins", "[\"8800\"]", |node| node.list(beginning));
    table.finish();
    Some(RawRecognition { kind: kind?.into_inner(), begins: begins?.into_inner() })
}

fn beginning(node: Node<'_>) -> Option<String> {
    let (name, at, report) = (node.name.clone(), node.span(), node.report);
    let begins = text(node)?;
    if begins.len() > 19 || !begins.chars().all(|c| c.is_ascii_alphanumeric()) {
        report.error(
            at,
            format!("{name} is {begins:?}"),
            "write the first digits of the number, at most 19, no blanks",
        );
        return None;
    }
    Some(begins)
}

fn service(mut table: Table<'_>) -> RawService {
    let service = RawService {
        id: table.required("id", "\"payment\"", id),
        name: table.required("name", "{ zh = \"缴费\", en = \"Payment\" }", names),
        prefix: table.optional("prefix", prefix),
        typical_s: table.required("typical_min", "5", minutes(1..=240)).into_inner(),
        documents: table
            .take("documents")
            .map_or_else(Vec::new, |node| node.tables("[[service.documents]]"))
            .into_iter()
            .filter_map(documents)
            .collect(),
        self_service: table.optional("self_service", names).map(Spanned::into_inner),
        hours: table.optional("hours", week).map(Spanned::into_inner),
        daily_quota: table.optional("daily_quota", whole(1..=100_000, "")).map(Spanned::into_inner),
        windows: windows(table.take("quota").map_or_else(Vec::new, |node| node.tables("[[service.quota]]"))),
    };
    table.finish();
    service
}

fn documents(mut table: Table<'_>) -> Option<Documents> {
    let customer = table.needed("customer", "{ zh = \"本人\", en = \"In person\" }", names);
    let items = table.needed("items", "[ { zh = \"身份证\", en = \"ID card\" } ]", |node| node.list(names));
    table.finish();
    let items = items?.into_inner().into_iter().map(Spanned::into_inner).collect();
    Some(Documents { customer: customer?.into_inner(), items })
}

fn counter(mut table: Table<'_>) -> RawCounter {
    let counter = RawCounter {
        number: table.required("number", "1", whole(COUNTERS, "")),
        name: table.required("name", "{ zh = \"综合业务\", en = \"All services\" }", names).into_inner(),
        kind: table.required("kind", "\"general\"", text),
        services: table.required("services", "\"all\"", skills),
    };
    table.finish();
    counter
}

fn skills(node: Node<'_>) -> Option<Skills> {
    match node.raw().as_str() {
        Some("all") => Some(Skills::All),
        Some(_) => node.not_a("a list", "write \"all\", or services in square brackets: [\"payment\", \"enquiry\"]"),
        None => node.list(text).map(Skills::Some),
    }
}

fn teller(mut table: Table<'_>) -> RawTeller {
    let teller = RawTeller {
        number: table.required("number", "\"1001\"", work_number),
        name: table.required("name", "\"王芳\"", text).into_inner(),
    };
    table.finish();
    teller
}

fn routing(table: Option<Table<'_>>) -> RawRouting {
    let standard = Routing::standard(Profile::STANDARD, &[]);
    let mut routing = RawRouting {
        profile: standard.profile,
        margins_s: None,
        ratio: None,
        weights: None,
        rescue: None,
        price: None,
        cap: None,
        care_head_start_s: standard.care_head_start_s,
        appointment_early_s: standard.appointment_early_s,
        appointment_late_s: standard.appointment_late_s,
        walk_s: standard.walk_s,
        no_show_after_s: standard.no_show_after_s,
    };
    let Some(mut table) = table else {
        return routing;
    };
    let set = |target: &mut u32, read: Option<Spanned<u32>>| {
        if let Some(read) = read {
            *target = read.into_inner();
        }
    };
    if let Some(read) = table.optional("profile", profile) {
        routing.profile = read.into_inner();
    }
    routing.margins_s = table.optional("margins_min", |node| each(node, minutes(0..=240)));
    routing.ratio = table.optional("ratio", |node| each(node, whole(1..=99, "")));
    routing.weights = table.optional("weights", |node| each(node, whole(1..=99, "")));
    routing.rescue = table.optional("rescue_min", rescue).map(Spanned::into_inner);
    routing.price = table.optional("price", price).map(Spanned::into_inner);
    routing.cap = table.optional("cap", cap).map(Spanned::into_inner);
    set(&mut routing.appointment_early_s, table.optional("appointment_early_min", minutes(0..=240)));
    set(&mut routing.appointment_late_s, table.optional("appointment_late_min", minutes(0..=240)));
    set(&mut routing.care_head_start_s, table.optional("care_head_start_min", minutes(0..=120)));
    set(&mut routing.walk_s, table.optional("walk_s", whole(0..=300, " of seconds")));
    set(&mut routing.no_show_after_s, table.optional("no_show_after_s", whole(0..=600, " of seconds")));
    table.finish();
    routing
}

fn screen(mut table: Table<'_>) -> Spanned<String> {
    let name = table.required("name", "\"screen-1\"", id);
    table.finish();
    name
}

fn device(mut table: Table<'_>) -> RawDevice {
    let places = ["counter", "kiosk", "place"].iter().filter(|key| table.has(key)).count();
    let address = table.optional("address", whole(0..=65_535, ""));
    let device = RawDevice {
        span: table.span(),
        name: table.required("name", "\"printer-1\"", id),
        profile: table.required("profile", "\"generic-80\"", text),
        port: table.required("port", "\"virtual\"", port),
        address_wrong: address.is_none() && table.has("address"),
        address,
        counter: table.optional("counter", whole(COUNTERS, "")),
        kiosk: table.optional("kiosk", text),
        hall: table.optional("place", word(&[("hall", ())])),
        places,
    };
    table.finish();
    device
}
