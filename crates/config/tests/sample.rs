//! The sample hall, the built-in profiles, and text that is neither.

mod common;

use std::collections::BTreeMap;

use common::{read, sample_with};
use config::{
    BUILT_IN, Brightness, HallConfig, Mark, ProfileSource, SAMPLE, Signs, check_report, parse, parse_profile,
};
use hall::calendar;
use hall::routing::Profile;
use hall::rules::{CounterKind, QuotaWindow};
use hall::{At, CounterNumber, IdentityKind, Language, TierId};
use proptest::prelude::*;
use wire::{DeviceProfile, IdentifyBy, KioskPage, Place, Speech};

fn sample() -> HallConfig {
    match read(SAMPLE) {
        Ok(hall) => hall,
        Err(errors) => panic!("{}", errors.iter().map(|error| format!("{error}\n")).collect::<String>()),
    }
}

#[test]
fn the_sample_is_a_level_1_hall_after_the_norm() {
    let hall = sample();
    let rules = &hall.rules;
    let tiers: Vec<_> = rules
        .tiers
        .iter()
        .map(|tier| (tier.id.as_str(), tier.prefix.as_str(), tier.limit_s, tier.satisfaction_target_pct))
        .collect();
    assert_eq!(tiers, [("vip", "V", 600, 90), ("gotone", "G", 900, 85), ("ordinary", "A", 1800, 80)]);
    assert_eq!((rules.services.len(), rules.counters.len(), rules.tellers.len()), (13, 8, 9));
    assert_eq!(rules.lowest_tier().unwrap().id, TierId::from("ordinary"));
    assert_eq!(rules.routing.profile, Profile::STANDARD);
    assert_eq!((rules.routing.walk_s, rules.routing.no_show_after_s, rules.cut_over_minute), (20, 20, 240));
    let kind = |number| rules.counter(CounterNumber(number)).unwrap().kind.clone();
    assert_eq!(kind(1), CounterKind::Dedicated("vip".into()));
    assert_eq!(kind(2), CounterKind::Dedicated("gotone".into()));
    assert_eq!(kind(8), CounterKind::General);
}

#[test]
fn a_one_box_hall_on_the_sample_issues_at_any_hour_without_quota() {
    let hall = sample();
    assert!(hall.open_day_at_start);
    assert_eq!(hall.rules.hours, None);
    assert!(
        hall.rules
            .services
            .iter()
            .all(|service| service.daily_quota.is_none() && service.windows.is_empty() && service.hours.is_none())
    );
    assert_eq!(hall.languages, [Language::Zh, Language::En]);
    assert_eq!((hall.time_zone.as_str(), hall.public_url.as_str()), ("Asia/Shanghai", "http://127.0.0.1:8080"));
    assert!(hall.devices.iter().all(|device| device.port == "virtual"));
    assert_eq!((hall.kiosks.len(), hall.screens.len(), hall.devices.len()), (1, 1, 11));
    let directory = &hall.directory;
    assert_eq!((&directory.url, directory.timeout_ms, directory.cache_min), (&None, 800, 10));
    let printer = &hall.devices[0];
    assert_eq!((&printer.place, printer.address), (&Place::Kiosk("kiosk-1".to_owned()), 0));
}

#[test]
fn the_sample_s_kiosk_asks_who_somebody_is_in_every_way_and_has_its_services_in_groups() {
    let hall = sample();
    let kiosk = &hall.kiosks[0].rules;
    assert_eq!(kiosk.pages, [KioskPage::Confirm]);
    let every_way =
        [IdentifyBy::Phone, IdentifyBy::Card, IdentifyBy::IdCard, IdentifyBy::Code, IdentifyBy::Appointment];
    assert_eq!(kiosk.identify, every_way);
    assert!(kiosk.care && kiosk.paperless && kiosk.services.is_empty());
    let grouped: Vec<&String> = kiosk.groups.iter().flat_map(|group| &group.services).collect();
    assert_eq!((kiosk.groups.len(), grouped.len()), (3, hall.rules.services.len()));
    assert_eq!((kiosk.long_wait_min, kiosk.speech), (None, Speech::Loudspeaker));
}

#[test]
fn the_sample_greets_on_holidays_and_weekends_and_has_news_with_an_end() {
    let hall = sample();
    // Noon in China, so many days after 2026-10-01, a Thursday.
    let noon = |days: i64| At { utc_ms: 1_790_827_200_000 + days * 86_400_000, offset_s: 28_800 };
    let greeting = |days| calendar::greeting(&hall.greetings, noon(days)).map(|text| text.zh.as_str());
    assert_eq!(greeting(0), Some("国庆节快乐"));
    assert_eq!(greeting(2), Some("国庆节快乐"), "the holiday stands before the weekend");
    assert_eq!(greeting(7), None);
    assert_eq!(greeting(9), Some("周末愉快"));
    assert_eq!(greeting(92), Some("元旦快乐"));
    assert_eq!(greeting(127), Some("新春快乐"));
    let told = |days| hall.news.iter().filter(|news| news.is_told(noon(days))).count();
    assert_eq!((told(0), told(106), told(126), told(127)), (1, 2, 2, 1));
}

/// Settings that stand commented beside the others are settings, not prose.
#[test]
fn what_stands_commented_in_the_sample_is_right_when_switched_on() {
    let mut switched = 0;
    let mut in_hours = false;
    let text: String = SAMPLE
        .lines()
        .map(|line| {
            let bare = line.trim_start().strip_prefix("# ").unwrap_or_default();
            let setting = [
                "hours = ",
                "listen = ",
                "daily_quota = ",
                "quota = ",
                "long_wait_min = ",
                "{ kind = ",
                "brightness = ",
                "url = ",
                "token_file = ",
            ]
            .iter()
            .any(|key| bare.starts_with(key));
            in_hours = (in_hours || bare == "hours = [") && bare != "]" || (setting && bare.ends_with('['));
            let closes = bare == "]";
            if setting || in_hours || closes {
                switched += 1;
                format!("{bare}\n")
            } else {
                format!("{line}\n")
            }
        })
        .collect();
    assert_eq!(switched, 13, "{text}");
    let hall = read(&text).unwrap();
    assert_eq!(hall.rules.hours.as_ref().unwrap().text_on(5), "09:00–17:30");
    let steps = [Brightness { from_minute: 420, percent: 100 }, Brightness { from_minute: 1140, percent: 40 }];
    assert_eq!(hall.signs, Signs { greeting: true, brightness: steps.to_vec() });
    assert_eq!(hall.directory.url.as_deref(), Some("http://192.168.1.20:8090/tier"));
    assert_eq!(hall.directory.token_file.as_deref(), Some("directory.token"));
    assert_eq!(hall.recognise(IdentityKind::Phone, "139 0112 3456"), Some(&TierId::from("gotone")));
    let broadband = hall.rules.services.iter().find(|service| service.id.as_str() == "broadband").unwrap();
    let window = |from_minute, to_minute, numbers| QuotaWindow { from_minute, to_minute, numbers };
    assert_eq!(broadband.windows, [window(540, 660, 15), window(840, 1020, 20)]);
    assert_eq!(hall.kiosks[0].rules.long_wait_min, Some(60));
    assert!(hall.listen.is_some());
}

#[test]
fn every_key_of_the_sample_has_a_comment_in_both_languages() {
    let mut seen = std::collections::BTreeSet::new();
    let mut section = String::new();
    let mut comment = String::new();
    for line in SAMPLE.lines() {
        if let Some(text) = line.strip_prefix('#') {
            comment.push_str(text);
        } else if line.starts_with('[') {
            section = line.to_owned();
            comment.clear();
        } else if let Some((key, _)) = line.split_once(" = ").filter(|(key, _)| !key.starts_with(' ')) {
            if seen.insert((section.clone(), key.to_owned())) {
                let chinese = comment.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
                let english = comment.chars().filter(char::is_ascii_lowercase).count() >= 2;

                assert!(chinese && english, "{section} {key} has the comment {comment:?}");
            }
            comment.clear();
        }
    }
    assert!(seen.len() > 35, "{}", seen.len());
}

#[test]
fn a_customer_is_recognised_by_the_longest_beginning() {
    let text = sample_with("begins = [\"8810\"]", "begins = [\"88\", \"88011\"]");
    let hall = read(&text).unwrap();
    let tier = |kind, value| hall.recognise(kind, value).map(TierId::as_str);
    assert_eq!(tier(IdentityKind::Card, "8801 2345"), Some("vip"));
    assert_eq!(tier(IdentityKind::Card, "8801-1345"), Some("gotone"));
    assert_eq!(tier(IdentityKind::Card, "8899"), Some("gotone"));
    assert_eq!(tier(IdentityKind::Card, "7"), None);
    assert_eq!(tier(IdentityKind::Phone, "88012345"), None);
}

#[test]
fn tiers_stand_in_order_of_precedence_and_counters_of_number() {
    let text = sample_with("precedence = 1", "precedence = 4").replace("kind = \"vip\"", "kind = \"gotone\"").replacen(
        "number = 1\n",
        "number = 10\n",
        1,
    );
    let text = text.replace("\"vip\", \"group\"]", "\"vip\", \"group\"] # ").replace("counter = 1\n", "counter = 10\n");
    let hall = read(&text).unwrap();
    let ids: Vec<_> = hall.rules.tiers.iter().map(|tier| tier.id.as_str()).collect();
    assert_eq!(ids, ["gotone", "ordinary", "vip"]);
    assert_eq!(hall.rules.counters.last().unwrap().number, CounterNumber(10));
}

#[test]
fn every_built_in_profile_is_right_and_the_same_on_the_wire() {
    for (name, text) in BUILT_IN {
        let profile = parse_profile(&format!("devices/{name}.toml"), text).unwrap();
        let json = serde_json::to_value(&profile).unwrap();
        let mut fields: serde_json::Map<String, serde_json::Value> = toml::from_str::<toml::Table>(text)
            .unwrap()
            .into_iter()
            .map(|(key, value)| (key, serde_json::to_value(value).unwrap()))
            .collect();
        assert_eq!(json, serde_json::Value::Object(std::mem::take(&mut fields)), "{name}");
        assert_eq!(serde_json::from_value::<DeviceProfile>(json).unwrap(), profile);
    }
}

#[test]
fn a_sites_own_profile_goes_before_a_built_in_one_of_its_name() {
    let slow = BUILT_IN.iter().find(|(name, _)| *name == "generic-80").unwrap().1.replace("115200", "19200");
    let site = ProfileSource::with_site(BTreeMap::from([("generic-80".to_owned(), slow)]));
    let hall = parse("hall.toml", SAMPLE, &site).unwrap();
    assert_eq!(hall.devices[0].profile.baud(), 19_200);
    assert_eq!(sample().devices[0].profile.baud(), 115_200);
}

#[test]
fn the_report_on_the_sample_is_its_level_and_no_warning() {
    let findings = check_report(&sample());
    assert!(findings.iter().all(|finding| finding.mark == Mark::Met), "{findings:?}");
    assert_eq!(findings.len(), 8);
}

#[test]
fn the_report_warns_of_what_a_good_file_leaves_to_be_desired() {
    let text = sample_with("name = { zh = \"宽带\", en = \"Broadband\" }", "name = { zh = \"宽带\" }")
        .replace("[[teller]]\nnumber = \"1008\"\nname = \"黄强\"\n", "")
        .replace("[[teller]]\nnumber = \"1009\"\nname = \"周丽\"\n", "")
        .replace("services = \"all\"", "services = [\"payment\", \"roaming\"]")
        .replace("\"roaming\", ", "")
        .replace("prefix = \"J\"", "prefix = \"OJ\"")
        .replace(
            "cut_over = \"04:00\"",
            "cut_over = \"10:00\"\nhours = [ { days = [\"mon-fri\"], from = \"09:30\", to = \"17:00\" } ]",
        )
        .replace("# hours = [ {", "hours = [ {")
        .replace("\"reception\", \"vip\", \"group\"]", "\"reception\", \"vip\"]")
        .replacen("port = \"virtual\"", "port = \"/dev/ttyUSB0\"", 1)
        .replace("counter = 8", "place = \"hall\"")
        .replace("[[screen]]", "[[kiosk]]\nname = \"kiosk-2\"\n\n[[screen]]");
    let findings = check_report(&read(&text).unwrap());
    insta::assert_snapshot!(findings.iter().map(|finding| format!("{finding}\n")).collect::<String>());
}

#[test]
fn the_report_warns_of_what_the_rule_in_force_does_not_go_by() {
    let warned = |from: &str, to: &str, more: (&str, &str)| {
        let text = sample_with(from, to).replace(more.0, more.1);
        let findings = check_report(&read(&text).unwrap());
        let warnings = findings.into_iter().filter(|finding| finding.mark == Mark::Warning);
        warnings.map(|finding| finding.text.en.split(':').next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    let guard = "profile = \"guard+rescue\"";
    let none: [&str; 0] = [];
    assert_eq!(warned(guard, "profile = \"strict+rescue\"", ("# cap = 2", "cap = 2")), ["[routing] cap"]);
    assert_eq!(warned(guard, "profile = \"strict+rescue\"", ("# cap = 2", "# cap = 2")), none);
    assert_eq!(
        warned(guard, "profile = \"foresight\"", ("[3, 7, 12]", "[3, 7, 11]")),
        ["[routing] margins_min, rescue_min"]
    );
    assert_eq!(warned(guard, "profile = \"foresight\"", ("[3, 7, 12]", "[3, 7, 12]")), none);
}

#[test]
fn the_report_warns_of_a_directory_whose_questions_leave_the_machine() {
    let commented = "# url = \"http://192.168.1.20:8090/tier\"";
    let warned = |url: &str| {
        let findings = check_report(&read(&sample_with(commented, &format!("url = {url:?}"))).unwrap());
        findings.iter().any(|finding| finding.mark == Mark::Warning && finding.text.en.contains("in clear"))
    };
    assert!(warned("http://192.168.1.20:8090/tier"));
    assert!(!warned("http://127.0.0.1:8090/tier"));
}

#[test]
fn the_report_warns_of_a_panel_out_of_a_wheelchair_s_reach() {
    let warned = |mm: u32| {
        let text = sample_with("panel_bottom_mm = 967", &format!("panel_bottom_mm = {mm}"));
        let findings = check_report(&read(&text).unwrap());
        let warnings: Vec<_> = findings.into_iter().filter(|finding| finding.text.en.contains("reach")).collect();
        warnings.into_iter().map(|finding| finding.text.en).collect::<Vec<_>>()
    };
    assert_eq!(warned(1064), [""; 0]);
    let told = "[[kiosk]] kiosk-1 panel_bottom_mm: with the panel 1065 mm above the floor its upper controls are out of a wheelchair's reach; hang it at 1064 mm or lower and write that here";
    assert_eq!(warned(1065), [told]);
}

#[test]
fn deep_nesting_is_refused_and_overflows_nothing() {
    let deep = format!("areas = {}", "[".repeat(100_000));
    assert!(read(&deep).is_err());
    assert!(read(&format!("a{} = 1", ".a".repeat(10_000))).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_change_of_a_few_bytes_makes_it_panic(changes in prop::collection::vec((0..SAMPLE.len(), any::<u8>()), 1..6)) {
        let mut bytes = SAMPLE.as_bytes().to_vec();
        for (at, byte) in changes {
            bytes[at] = byte;
        }
        points_into(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn nor_does_taking_lines_out_or_doubling_them(at in 0..SAMPLE.lines().count(), count in 1_usize..20, twice in any::<bool>()) {
        let lines: Vec<&str> = SAMPLE.lines().collect();
        let end = (at + count).min(lines.len());
        let middle = if twice { [&lines[at..end], &lines[at..end]].concat() } else { Vec::new() };
        points_into(&[&lines[..at], &middle, &lines[end..]].concat().join("\n"));
    }
}

/// Parses; every mistake lies within the text.
fn points_into(text: &str) {
    let Err(errors) = read(text) else { return };
    assert!(!errors.is_empty());
    let lines: Vec<&str> = text.split('\n').collect();
    for error in errors {
        let line = lines.get(error.line - 1).unwrap_or_else(|| panic!("{error} is behind the end"));
        assert!(error.column <= line.chars().count() + 1, "{error} is behind {line:?}");
        assert!(!error.message.is_empty() && !error.mend.is_empty());
    }
}
