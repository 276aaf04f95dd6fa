//! A hall for the unit tests: at ten o'clock, lived in by commands. Counter 1 is for VIPs, 2 to 4 are for everybody.

use std::collections::BTreeSet;
use std::sync::Arc;

use hall::command::{CounterAct, TakeTicket};
use hall::routing::Routing;
use hall::rules::{CounterKind, CounterRule, Names, Service, Teller, Tier};
use hall::{At, Command, CounterNumber, Event, Hall, Identity, Rules};

/// 2026-11-22 10:00 in China, and how far its clocks are ahead of UTC.
pub(crate) const TEN: i64 = 1_795_312_800_000;
pub(crate) const OFFSET_MS: i64 = 8 * 3_600_000;

pub(crate) struct At10 {
    pub(crate) hall: Hall,
    pub(crate) now_ms: i64,
    pub(crate) events: Vec<(i64, Event)>,
}

impl At10 {
    /// The day has begun, and every counter is closed.
    pub(crate) fn new() -> Self {
        let tiers = [("vip", "V", 600), ("gotone", "G", 900), ("ordinary", "A", 1800)];
        let tier = |(id, prefix, limit_s): (&str, &str, u32)| Tier {
            id: id.into(),
            names: names(id),
            prefix: prefix.into(),
            limit_s,
            satisfaction_target_pct: 80,
            area: None,
        };
        let counter = |number| CounterRule {
            number: CounterNumber(number),
            names: names("counter"),
            kind: if number == 1 { CounterKind::Dedicated("vip".into()) } else { CounterKind::General },
            services: BTreeSet::from(["s1".into()]),
        };
        let service = Service {
            id: "s1".into(),
            names: names("s1"),
            prefix: None,
            documents: vec![],
            self_service: None,
            hours: None,
            daily_quota: None,
            windows: vec![],
            typical_s: 300,
        };
        let rules = Rules {
            names: names("hall"),
            tiers: tiers.map(tier).to_vec(),
            services: vec![service],
            counters: (1..=4).map(counter).collect(),
            tellers: (1..=4).map(|n| Teller { id: teller(n).as_str().into(), name: "王芳".into() }).collect(),
            routing: Routing::standard("guard+rescue".parse().expect("a profile"), &[600, 900, 1800]),
            hours: None,
            cut_over_minute: 240,
        };
        let mut lived = Self { hall: Hall::new(Arc::new(rules)), now_ms: TEN, events: vec![] };
        let date = lived.moment().business_date(lived.hall.rules().cut_over_minute);
        lived.does(Command::OpenDay { date });
        lived
    }

    pub(crate) fn opens(&mut self, counter: u16) {
        self.does(Command::SignIn { counter: CounterNumber(counter), teller: teller(counter).as_str().into() });
    }

    pub(crate) fn at(&mut self, counter: u16, act: CounterAct) {
        self.does(Command::AtCounter { counter: CounterNumber(counter), act });
    }

    pub(crate) fn takes(&mut self, tier: &str) {
        self.takes_with(None, tier, None);
    }

    pub(crate) fn takes_at(&mut self, kiosk: &str, tier: &str, identity: Option<Identity>) {
        self.takes_with(Some(kiosk.to_owned()), tier, identity);
    }

    fn takes_with(&mut self, kiosk: Option<String>, tier: &str, identity: Option<Identity>) {
        let code = format!("code{}", self.hall.next_ticket()).into();
        self.does(Command::TakeTicket(TakeTicket {
            service: "s1".into(),
            tier: Some(tier.into()),
            identity,
            care: None,
            booked_ms: None,
            appointment: None,
            paperless: false,
            language: None,
            customer: None,
            kiosk,
            code,
        }));
    }

    fn moment(&self) -> At {
        At { utc_ms: self.now_ms, offset_s: 28_800 }
    }

    fn does(&mut self, command: Command) {
        for event in self.hall.decide(self.moment(), &command).expect("as the scene is set") {
            self.hall.apply(self.now_ms, &event);
            self.events.push((self.now_ms, event));
        }
    }
}

fn teller(counter: u16) -> String {
    format!("t{counter}")
}

fn names(name: &str) -> Names {
    Names { zh: name.to_owned(), en: name.to_owned() }
}
