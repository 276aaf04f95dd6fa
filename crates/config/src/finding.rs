//! What is worth knowing of a hall that is right: how it stands against its level, and what its people may have forgotten.

use std::fmt;

use hall::Language;
use hall::routing::{Base, Cap, Routing};
use hall::rules::{CounterKind, CounterRule, Names, Rules, WeekHours};
use wire::{DeviceProfile, Place};

use crate::level::Standing;
use crate::model::HallConfig;

/// One line of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How it stands.
    pub mark: Mark,
    /// In words, Chinese and English.
    pub text: Names,
}

/// How a finding stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// As it should be.
    Met,
    /// What the level asks for and the hall does not have.
    Missing,
    /// Left out, and need not be there.
    Optional,
    /// Probably not meant so; the hall works all the same.
    Warning,
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Met => "√",
            Self::Missing => "×",
            Self::Optional => "*",
            Self::Warning => "!",
        })
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} / {}", self.mark, self.text.zh, self.text.en)
    }
}

/// Looks a checked hall over: first the table of its level, then warnings.
pub fn check_report(config: &HallConfig) -> Vec<Finding> {
    let mut findings = level(config);
    untranslated(config, &mut findings);
    staff(&config.rules, &mut findings);
    skills(&config.rules, &mut findings);
    routing(&config.rules, &mut findings);
    hours(&config.rules, &mut findings);
    equipment(config, &mut findings);
    reach(config, &mut findings);
    directory(config, &mut findings);
    findings
}

fn level(config: &HallConfig) -> Vec<Finding> {
    let level = config.level.names();
    let row = |(area, standing): (crate::Area, Standing)| {
        let area = area.names();
        let (mark, zh, en) = match standing {
            Standing::Met => (Mark::Met, "必备，已有", "required, present"),
            Standing::Missing => (Mark::Missing, "必备，缺少", "required, missing"),
            Standing::Extra => (Mark::Met, "可选，已有", "optional, present"),
            Standing::NotOffered => (Mark::Optional, "可选，没有", "optional, not present"),
        };
        let zh = format!("{}：{}：{zh}", level.zh, area.zh);
        Finding { mark, text: Names { zh, en: format!("{}: {}: {en}", level.en, area.en) } }
    };
    config.level.standing(&config.areas).into_iter().map(row).collect()
}

/// What is set for another rule than the one in force.
fn routing(rules: &Rules, findings: &mut Vec<Finding>) {
    let routing = &rules.routing;
    let name = routing.profile;
    if routing.profile.base == Base::Strict && routing.cap() != Cap::Off {
        warn(
            findings,
            format!("[routing] cap：{name} 本不破例，兜底仍会让久等的低等级客户先办；要严格执行请删去 cap"),
            format!(
                "[routing] cap: under {name} it still lets those who waited long go before higher tiers; take it out to keep to the letter"
            ),
        );
    }
    let limits_s: Vec<u32> = rules.tiers.iter().map(|tier| tier.limit_s).collect();
    let standard = Routing::standard(name, &limits_s);
    if name.base == Base::Foresight && (&routing.margins_ms, routing.rescue) != (&standard.margins_ms, standard.rescue)
    {
        warn(
            findings,
            format!("[routing] margins_min、rescue_min：{name} 自有提前量，不看这两项"),
            format!("[routing] margins_min, rescue_min: {name} has margins of its own and does not go by them"),
        );
    }
}

fn warn(findings: &mut Vec<Finding>, zh: String, en: String) {
    findings.push(Finding { mark: Mark::Warning, text: Names { zh, en } });
}

fn untranslated(config: &HallConfig, findings: &mut Vec<Finding>) {
    if !config.languages.contains(&Language::En) {
        return;
    }
    let rules = &config.rules;
    let mut names: Vec<&Names> = vec![&rules.names];
    names.extend(rules.tiers.iter().flat_map(|tier| std::iter::once(&tier.names).chain(&tier.area)));
    for service in &rules.services {
        names.push(&service.names);
        names.extend(&service.self_service);
        for documents in &service.documents {
            names.push(&documents.customer);
            names.extend(&documents.items);
        }
    }
    names.extend(rules.counters.iter().map(|counter| &counter.names));
    names.extend(config.greetings.iter().map(|greeting| &greeting.text));
    names.extend(config.news.iter().map(|news| &news.text));
    for name in names.into_iter().filter(|name| name.en.is_empty()) {
        let zh = &name.zh;
        warn(
            findings,
            format!("“{zh}”没有英文名称，英文页面将显示中文"),
            format!("{zh:?} has no English name; English pages show the Chinese one"),
        );
    }
}

fn staff(rules: &Rules, findings: &mut Vec<Finding>) {
    let (tellers, counters) = (rules.tellers.len(), rules.counters.len());
    if tellers < counters {
        warn(
            findings,
            format!("{counters} 个窗口只有 {tellers} 名营业员，无法同时全部开放"),
            format!("{tellers} tellers for {counters} counters: they cannot all be open at once"),
        );
    }
}

fn skills(rules: &Rules, findings: &mut Vec<Finding>) {
    for service in &rules.services {
        let doing: Vec<&CounterRule> =
            rules.counters.iter().filter(|counter| counter.services.contains(&service.id)).collect();
        if let [only] = doing[..] {
            let (number, names) = (only.number, &service.names);
            warn(
                findings,
                format!("“{}”只有 {number} 号窗口可办理，该窗口暂停时顾客只能等待", names.zh),
                format!(
                    "only counter {number} does \"{}\": when it pauses, customers wait",
                    names.in_language(Language::En)
                ),
            );
        }
    }
    for tier in rules.tiers.split_last().map_or(&[][..], |(_, premium)| premium) {
        let own = CounterKind::Dedicated(tier.id.clone());
        if !rules.counters.iter().any(|counter| counter.kind == own) {
            warn(
                findings,
                format!("“{}”没有专席", tier.names.zh),
                format!("\"{}\" has no counter of its own", tier.names.in_language(Language::En)),
            );
        }
    }
    for prefix in rules.tiers.iter().map(|tier| &tier.prefix).chain(rules.services.iter().flat_map(|s| &s.prefix)) {
        if prefix.as_str().contains(['I', 'O']) {
            warn(
                findings,
                format!("号码前缀 {prefix} 中的字母 I、O 容易看成数字 1、0"),
                format!("the letters I and O of prefix {prefix} look like the digits 1 and 0"),
            );
        }
    }
}

fn hours(rules: &Rules, findings: &mut Vec<Finding>) {
    let cut = rules.cut_over_minute;
    let across = |week: &WeekHours| week.0.iter().any(|span| span.from_minute < cut && cut < span.to_minute);
    if rules.hours.as_ref().is_some_and(across) {
        warn(
            findings,
            "营业时间跨过日切时刻，号码会在营业中重新开始".to_owned(),
            "the business day changes during opening hours: numbers start again while customers wait".to_owned(),
        );
    }
    let Some(hall) = &rules.hours else {
        return;
    };
    for service in &rules.services {
        let outside = |week: &WeekHours| {
            (0..7).any(|day| week.on(day).any(|span| !covered(hall, day, span.from_minute, span.to_minute)))
        };
        if service.hours.as_ref().is_some_and(outside) {
            let names = &service.names;
            warn(
                findings,
                format!("“{}”的办理时间超出营业时间", names.zh),
                format!("\"{}\" is offered at times when the hall is closed", names.in_language(Language::En)),
            );
        }
    }
}

/// Whether a hall is open from one minute to another without a gap.
fn covered(hall: &WeekHours, day: u8, from: u16, to: u16) -> bool {
    let mut open_until = from;
    // Spans are sorted by their opening.
    for span in hall.on(day) {
        if span.from_minute <= open_until {
            open_until = open_until.max(span.to_minute);
        }
    }
    open_until >= to
}

fn equipment(config: &HallConfig, findings: &mut Vec<Finding>) {
    for kiosk in &config.kiosks {
        let place = Place::Kiosk(kiosk.name.clone());
        let prints = |device: &&wire::DeviceSpec| {
            device.place == place && matches!(device.profile, DeviceProfile::EscposPrinter(_))
        };
        if !config.devices.iter().any(|device| prints(&device)) {
            let name = &kiosk.name;
            warn(
                findings,
                format!("取号机 {name} 没有打印机，号码只显示在屏幕上"),
                format!("kiosk {name} has no printer: numbers are only shown"),
            );
        }
    }
    for counter in &config.rules.counters {
        let place = Place::Counter(counter.number.0);
        let shows = |device: &&wire::DeviceSpec| device.profile.is_sign() && device.place == place;
        if !config.devices.iter().any(|device| shows(&device)) {
            let number = counter.number;
            warn(findings, format!("{number} 号窗口没有窗口屏"), format!("counter {number} has no sign"));
        }
    }
    for device in &config.devices {
        // CH340 and PL2303 carry no serial number, so that by-id names collide; ttyUSB numbers follow the order of plugging.
        if ["/dev/ttyUSB", "/dev/ttyACM", "/dev/serial/by-id"].iter().any(|bad| device.port.starts_with(bad)) {
            let (name, port) = (&device.name, &device.port);
            warn(
                findings,
                format!("设备 {name} 的端口 {port} 重新插拔后可能改变，请使用 /dev/serial/by-path/…"),
                format!("port {port} of device {name} may change when re-plugged: use /dev/serial/by-path/…"),
            );
        }
    }
}

/// Panels that hang so high that no layout brings every control within reach.
fn reach(config: &HallConfig, findings: &mut Vec<Finding>) {
    let highest = wire::HIGHEST_PANEL_BOTTOM_MM;
    for kiosk in config.kiosks.iter().filter(|kiosk| kiosk.rules.panel_bottom_mm > highest) {
        let (name, mm) = (&kiosk.name, kiosk.rules.panel_bottom_mm);
        warn(
            findings,
            format!(
                "[[kiosk]] {name} panel_bottom_mm：屏幕下沿离地 {mm} 毫米，轮椅使用者够不到上排按键；请把屏幕降到 {highest} 毫米以下并改正此项"
            ),
            format!(
                "[[kiosk]] {name} panel_bottom_mm: with the panel {mm} mm above the floor its upper controls are out of a wheelchair's reach; hang it at {highest} mm or lower and write that here"
            ),
        );
    }
}

/// Customers' numbers cross the network as they are.
fn directory(config: &HallConfig, findings: &mut Vec<Finding>) {
    let Some(url) = &config.directory.url else { return };
    let here = ["http://127.0.0.1", "http://localhost", "http://[::1]"].iter().any(|here| url.starts_with(here));
    if !here {
        warn(
            findings,
            format!("[directory] {url}：顾客号码以明文发送，只可经过本厅自己的网络"),
            format!("[directory] {url}: customers' numbers are sent in clear; only within the hall's own network"),
        );
    }
}
