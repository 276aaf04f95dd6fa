//! From the text of a hall file to a checked hall.

use hall::routing::Routing;
use hall::rules::{CounterKind, CounterRule, Rules, Service, Teller, Tier};
use hall::{CounterNumber, ServiceId};
use toml::Spanned;
use wire::DeviceSpec;

use crate::error::ConfigError;
use crate::level::Area;
use crate::model::{HallConfig, Recognition, Screen};
use crate::profiles::ProfileSource;
use crate::raw::{self, RawCounter, RawFile, RawRouting, RawService, RawTier, Skills};
use crate::reader::Table;
use crate::spans::Report;
use crate::{check, devices, kiosks, syntax};

/// Reads and checks a hall's file. `file_name` is only named in errors; nothing is opened.
///
/// # Errors
/// Everything that is wrong, from top to bottom, each with line, column and mend; mistakes in device profiles follow under
/// the profile's own file name. Text that is not TOML is told first and alone.
pub fn parse(file_name: &str, text: &str, profiles: &ProfileSource) -> Result<HallConfig, Vec<ConfigError>> {
    let report = Report::new(file_name, text);
    let Some(document) = syntax::document(&report, text) else {
        return Err(report.into_errors());
    };
    let raw = raw::file(Table::root(&report, &document, "the hall file"));
    check::check(&report, &raw);
    let devices = devices::check(&report, &raw, profiles);
    let errors = report.into_errors();
    if errors.is_empty() { assemble(raw, devices, file_name) } else { Err(errors) }
}

/// Puts together what was found right; from here on there are no blanks.
fn assemble(file: RawFile, devices: Vec<DeviceSpec>, file_name: &str) -> Result<HallConfig, Vec<ConfigError>> {
    let complete = devices.len() == file.devices.len();
    let (Some(level), Some((time_zone, zone)), Some(areas), true) =
        (file.hall.level, file.hall.zone, file.hall.areas, complete)
    else {
        // Whatever is missing here was reported. Should that ever be forgotten, half a hall is still refused.
        return Err(vec![ConfigError {
            file: file_name.to_owned(),
            line: 1,
            column: 1,
            message: "the level, areas, time zone or a device was not understood".to_owned(),
            mend: "compare them with the sample".to_owned(),
        }]);
    };
    let mut raw_tiers = file.tiers;
    raw_tiers.sort_by_key(|tier| *tier.precedence.get_ref());
    let recognition = raw_tiers.iter().flat_map(recognition).collect();
    let services: Vec<Service> = file.services.into_iter().map(service).collect();
    let mut counters: Vec<CounterRule> = file.counters.into_iter().map(|raw| counter(raw, &services)).collect();
    counters.sort_by_key(|counter| counter.number);
    let limits_s: Vec<u32> = raw_tiers.iter().map(|tier| tier.limit_min * 60).collect();
    let routing = routing(file.routing, &limits_s);
    let rules = Rules {
        names: file.hall.name,
        tiers: raw_tiers.into_iter().map(tier).collect(),
        services,
        counters,
        tellers: file
            .tellers
            .into_iter()
            .map(|teller| Teller { id: teller.number.into_inner().into(), name: teller.name })
            .collect(),
        routing,
        hours: file.hall.hours,
        cut_over_minute: file.hall.cut_over_minute,
    };
    let mut areas: Vec<Area> = areas.into_inner().into_iter().map(Spanned::into_inner).collect();
    areas.sort();
    let (directory, signs) = (file.directory, file.signs);
    Ok(HallConfig {
        rules,
        level,
        areas,
        time_zone,
        zone,
        languages: file.hall.languages,
        listen: file.hall.listen,
        public_url: file.hall.public_url,
        open_day_at_start: file.hall.open_day_at_start,
        recognition,
        directory,
        signs,
        news: file.news,
        greetings: file.greetings,
        kiosks: file.kiosks.into_iter().map(kiosks::assemble).collect(),
        screens: file.screens.into_iter().map(|name| Screen { name: name.into_inner() }).collect(),
        devices,
    })
}

fn routing(raw: RawRouting, limits_s: &[u32]) -> Routing {
    let standard = Routing::standard(raw.profile, limits_s);
    let margins_ms = |margins_s: Vec<u32>| margins_s.into_iter().map(|margin_s| i64::from(margin_s) * 1000).collect();
    Routing {
        profile: raw.profile,
        margins_ms: raw.margins_s.map_or(standard.margins_ms, |margins_s| margins_ms(margins_s.into_inner())),
        ratio: raw.ratio.map_or(standard.ratio, Spanned::into_inner),
        weights: raw.weights.map_or(standard.weights, Spanned::into_inner),
        rescue: raw.rescue.unwrap_or(standard.rescue),
        price: raw.price.unwrap_or(standard.price),
        cap: raw.cap,
        care_head_start_s: raw.care_head_start_s,
        appointment_early_s: raw.appointment_early_s,
        appointment_late_s: raw.appointment_late_s,
        walk_s: raw.walk_s,
        no_show_after_s: raw.no_show_after_s,
    }
}

fn tier(raw: RawTier) -> Tier {
    Tier {
        id: raw.id.into_inner().into(),
        names: raw.name.into_inner(),
        prefix: raw.prefix.into_inner().into(),
        limit_s: raw.limit_min * 60,
        satisfaction_target_pct: raw.satisfaction_pct,
        area: raw.area,
    }
}

fn recognition(tier: &RawTier) -> impl Iterator<Item = Recognition> {
    tier.recognised_by.iter().flat_map(|known| {
        known.begins.iter().map(|begins| Recognition {
            tier: tier.id.get_ref().as_str().into(),
            kind: known.kind,
            begins: begins.get_ref().clone(),
        })
    })
}

fn service(raw: RawService) -> Service {
    Service {
        id: raw.id.into_inner().into(),
        names: raw.name.into_inner(),
        prefix: raw.prefix.map(|prefix| prefix.into_inner().into()),
        documents: raw.documents,
        self_service: raw.self_service,
        hours: raw.hours,
        daily_quota: raw.daily_quota,
        windows: raw.windows,
        typical_s: raw.typical_s,
    }
}

fn counter(raw: RawCounter, services: &[Service]) -> CounterRule {
    let kind = raw.kind.into_inner();
    let all = || services.iter().map(|service| service.id.clone()).collect();
    CounterRule {
        number: CounterNumber(raw.number.into_inner()),
        names: raw.name,
        kind: if kind == check::GENERAL { CounterKind::General } else { CounterKind::Dedicated(kind.into()) },
        services: match raw.services.into_inner() {
            Skills::Blank | Skills::All => all(),
            Skills::Some(skills) => skills.into_iter().map(|skill| ServiceId::from(skill.into_inner())).collect(),
        },
    }
}
