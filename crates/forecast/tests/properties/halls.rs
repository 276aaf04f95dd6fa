//! Small halls and small days by chance.

use std::collections::BTreeSet;

use forecast::day::{Customer, Day, Shift, Staffed};
use hall::CounterNumber;
use hall::routing::{Cap, Margin, Profile, Routing};
use hall::rules::{CounterKind, CounterRule, Names, Rules, Service, Teller, Tier};
use proptest::prelude::*;

/// Seconds from opening within which everybody comes.
const DAY_S: u32 = 2400;

/// A hall with a day of its own, every counter open all day.
pub fn hall_and_day() -> impl Strategy<Value = (Rules, Day)> {
    halls().prop_flat_map(|rules| {
        let customers = prop::collection::vec(customer(rules.tiers.len(), rules.services.len()), 0..40);
        (Just(rules), customers).prop_map(|(rules, customers)| (rules, Day { customers, staffing: vec![] }))
    })
}

/// The same with tellers who come and go.
pub fn hall_and_staffed_day() -> impl Strategy<Value = (Rules, Day)> {
    hall_and_day().prop_flat_map(|(rules, day)| {
        let staffing = prop::collection::vec(shift(rules.counters.len()), 0..8);
        (Just(rules), Just(day), staffing).prop_map(|(rules, day, mut staffing)| {
            staffing.sort_by_key(|shift| shift.at_s);
            (rules, Day { staffing, ..day })
        })
    })
}

fn customer(tiers: usize, services: usize) -> impl Strategy<Value = Customer> {
    let who = (0..DAY_S / 15, 0..tiers, 0..services, 1_u32..40);
    let patience_s = prop_oneof![3 => Just(172_800_u32), 1 => 0..DAY_S];
    let head_start_s = prop_oneof![6 => Just(0_u32), 1 => Just(CARE_S)];
    (who, prop::bool::weighted(0.1), patience_s, head_start_s).prop_map(
        |((arrival, tier, service, takes), no_show, patience_s, head_start_s)| Customer {
            // Many come at one moment.
            arrival_s: arrival * 15,
            tier,
            service,
            service_s: takes * 15,
            no_show,
            patience_s,
            head_start_s,
        },
    )
}

fn shift(posts: usize) -> impl Strategy<Value = Shift> {
    let state = prop::sample::select(vec![Staffed::Open, Staffed::Paused, Staffed::Closed]);
    (0..DAY_S, 0..posts, state).prop_map(|(at_s, post, state)| Shift { at_s, post, state })
}

/// The head start of priority care in these halls, in seconds.
const CARE_S: u32 = 300;

/// Up to four tiers, four services and five counters, any skills, any profile.
pub fn halls() -> impl Strategy<Value = Rules> {
    (1_usize..=4, 1_usize..=4).prop_flat_map(|(tiers, services)| {
        let limits = prop::collection::vec(60_u32..500, tiers);
        let typical = prop::collection::vec(60_u32..500, services);
        let kind = prop::option::of(0..tiers);
        let others = prop::collection::vec((kind, 1_u32..(1 << services)), 0..5);
        (limits, typical, others, any::<prop::sample::Index>(), routing(tiers))
            .prop_map(|(limits, typical, others, place, routing)| hall(&limits, &typical, others, place, routing))
    })
}

fn routing(tiers: usize) -> impl Strategy<Value = Routing> {
    let names: Vec<String> = Profile::names().collect();
    let profile = prop::sample::select(names).prop_map(|name| name.parse::<Profile>().expect("a profile"));
    let cap = prop_oneof![Just(None), Just(Some(Cap::Off)), (0.5..3.0_f64).prop_map(|times| Some(Cap::Times(times)))];
    let rescue = prop_oneof![Just(Margin::Always), (-60_000_i64..400_000).prop_map(Margin::Within)];
    let margins_ms = prop::collection::vec(0_i64..300_000, tiers);
    let turns = prop::collection::vec(1_u32..4, tiers);
    let weights = prop::collection::vec(1_u32..8, tiers);
    (profile, cap, rescue, margins_ms, turns, weights, prop_oneof![Just(0.0), 0.0..0.5_f64]).prop_map(
        |(profile, cap, rescue, margins_ms, ratio, weights, price)| Routing {
            margins_ms,
            ratio,
            weights,
            rescue,
            price,
            cap,
            care_head_start_s: CARE_S,
            ..Routing::standard(profile, &[])
        },
    )
}

fn hall(
    limits_s: &[u32],
    typical_s: &[u32],
    mut counters: Vec<(Option<usize>, u32)>,
    place: prop::sample::Index,
    routing: Routing,
) -> Rules {
    // One general counter does everything: the configuration refuses a hall in which somebody would wait for ever.
    counters.insert(place.index(counters.len() + 1), (None, u32::MAX));
    let mut limit_s = 0;
    let tier = |(n, more_s): (usize, &u32)| {
        limit_s += more_s;
        let (id, prefix) = (format!("t{n}"), ["V", "G", "S", "A"][n]);
        Tier {
            id: id.into(),
            names: Names::default(),
            prefix: prefix.into(),
            limit_s,
            satisfaction_target_pct: 80,
            area: None,
        }
    };
    let service = |(n, typical_s): (usize, &u32)| Service {
        id: format!("s{n}").into(),
        names: Names::default(),
        prefix: None,
        documents: vec![],
        self_service: None,
        hours: None,
        daily_quota: None,
        windows: vec![],
        typical_s: *typical_s,
    };
    let counter = |(n, (kind, skills)): (u16, &(Option<usize>, u32))| CounterRule {
        number: CounterNumber(n),
        names: Names::default(),
        kind: kind.map_or(CounterKind::General, |tier| CounterKind::Dedicated(format!("t{tier}").into())),
        services: (0..typical_s.len())
            .filter(|service| skills & (1 << service) != 0)
            .map(|service| format!("s{service}").into())
            .collect::<BTreeSet<_>>(),
    };
    let tellers = (1..=counters.len()).map(|n| Teller { id: n.to_string().into(), name: "王芳".into() });
    Rules {
        names: Names::default(),
        tiers: limits_s.iter().enumerate().map(tier).collect(),
        services: typical_s.iter().enumerate().map(service).collect(),
        counters: (1..).zip(&counters).map(counter).collect(),
        tellers: tellers.collect(),
        routing,
        hours: None,
        cut_over_minute: 240,
    }
}
