//! Customers whom a person is to receive (norm: somebody is told at once): from the moment they show who they are at a kiosk until
//! they are called, are received, or have been told of for long enough. Who has a number is known from events and so survives a restart;
//! who has none is in memory only.

use hall::rules::{CounterKind, Tier};
use hall::{Event, Hall, Identity, Language, Rules, TicketId, TierId};
use wire::event::timestamp;
use wire::{Alarm, AlarmKind, LocalNames};

/// How long somebody without a number is told of, in ms: by then they have taken one or walked away.
const GUEST_MS: i64 = 120_000;
/// How long somebody with a number is told of, in ms.
const HOLDER_MS: i64 = 600_000;
/// How many are told of at a time.
const MOST: usize = 32;

/// Everybody who is to be received.
#[derive(Default)]
pub(crate) struct Arrivals {
    people: Vec<Arrival>,
    /// What was told last.
    told: Vec<Alarm>,
}

/// Somebody who has shown at a kiosk who they are.
pub(crate) struct Guest {
    pub(crate) kiosk: String,
    pub(crate) identity: Identity,
    pub(crate) tier: TierId,
}

struct Arrival {
    kiosk: String,
    masked: Option<String>,
    level: Option<String>,
    /// Their ticket and its number.
    ticket: Option<(TicketId, String)>,
    since_ms: i64,
    /// When they were last seen at the kiosk.
    seen_ms: i64,
    /// Somebody goes to them.
    received: bool,
}

/// The tier whose customers are received: the highest, where the hall has a desk for it. Where everybody is of one tier nobody is.
fn honoured(rules: &Rules) -> Option<&Tier> {
    let highest = rules.tiers.first().filter(|_| rules.tiers.len() > 1)?;
    let own = |kind: &CounterKind| matches!(kind, CounterKind::Dedicated(tier) if *tier == highest.id);
    rules.counters.iter().any(|counter| own(&counter.kind)).then_some(highest)
}

impl Arrivals {
    /// Somebody was identified at a kiosk; whether staff are told of them. Who shows a card twice is told of once, and who has a
    /// number already is told of by that.
    pub(crate) fn greet(&mut self, rules: &Rules, guest: Guest, now_ms: i64) -> bool {
        if honoured(rules).is_none_or(|tier| tier.id != guest.tier) {
            return false;
        }
        self.people.retain(|arrival| arrival.lasts(now_ms));
        let Guest { kiosk, identity: Identity { masked, level, .. }, .. } = guest;
        match self.people.iter_mut().find(|known| known.is(&kiosk, Some(&masked))) {
            Some(known) => {
                known.seen_ms = now_ms;
                known.level = level.or(known.level.take());
            }
            None => self.add(Arrival { level, ..Arrival::at(kiosk, Some(masked), now_ms) }),
        }
        true
    }

    /// Takes in what happened; `hall` has applied it.
    pub(crate) fn apply(&mut self, hall: &Hall, at_ms: i64, event: &Event) {
        match event {
            Event::TicketIssued(issued) => {
                let Some(kiosk) = issued.kiosk.as_deref() else { return };
                if honoured(hall.rules()).is_none_or(|tier| tier.id != issued.tier) {
                    return;
                }
                self.people.retain(|arrival| arrival.lasts(at_ms));
                let masked = issued.identity.as_ref().map(|identity| identity.masked.as_str());
                let level = issued.identity.as_ref().and_then(|identity| identity.level.clone());
                let ticket = Some((issued.ticket, issued.number.to_string()));
                let guest =
                    |known: &&mut Arrival| known.ticket.is_none() && masked.is_some() && known.is(kiosk, masked);
                match self.people.iter_mut().find(guest) {
                    Some(guest) => {
                        guest.ticket = ticket;
                        guest.level = level.or(guest.level.take());
                    }
                    None => {
                        let arrival = Arrival::at(kiosk.to_owned(), masked.map(str::to_owned), at_ms);
                        self.add(Arrival { ticket, level, ..arrival });
                    }
                }
            }
            Event::TicketCalled { ticket, .. } | Event::TicketCancelled { ticket, .. } => {
                self.people.retain(|arrival| arrival.ticket.as_ref().is_none_or(|(id, _)| id != ticket));
            }
            Event::DayOpened { .. } | Event::DayClosed { .. } => {
                self.people.retain(|arrival| arrival.ticket.is_none());
            }
            Event::TicketingChanged { .. }
            | Event::Learnt(_)
            | Event::AppointmentBooked(_)
            | Event::AppointmentCancelled { .. }
            | Event::TicketRecalled { .. }
            | Event::ServiceStarted { .. }
            | Event::TicketCompleted { .. }
            | Event::TicketNoShow { .. }
            | Event::TicketHeld { .. }
            | Event::TicketTransferred { .. }
            | Event::TicketRejoined { .. }
            | Event::TicketReturned { .. }
            | Event::TicketRated { .. }
            | Event::TicketPrioritised { .. }
            | Event::TicketReprinted { .. }
            | Event::CounterOpened { .. }
            | Event::CounterClosed { .. }
            | Event::CounterPaused { .. }
            | Event::CounterResumed { .. } => {}
        }
    }

    /// Somebody goes to whom an alarm is about; whether there is one, received before or not. Who then takes a number is not told of
    /// again.
    pub(crate) fn receive(&mut self, about: &str, now_ms: i64) -> bool {
        let mut found = false;
        for arrival in self.people.iter_mut().filter(|arrival| arrival.lasts(now_ms) && arrival.about() == about) {
            arrival.received = true;
            found = true;
        }
        found
    }

    /// An alarm for each who is to be received, the longest there first.
    pub(crate) fn alarms(&self, rules: &Rules, now_ms: i64) -> Vec<Alarm> {
        let Some(tier) = honoured(rules) else { return vec![] };
        let waits = |arrival: &&Arrival| !arrival.received && arrival.lasts(now_ms);
        let mut alarms: Vec<_> = self.people.iter().filter(waits).map(|arrival| arrival.alarm(tier)).collect();
        alarms.sort_by(|one, other| (one.since, &one.about).cmp(&(other.since, &other.about)));
        alarms
    }

    /// Whether there is nobody to tell of, and nobody was told of last.
    pub(crate) fn is_quiet(&self) -> bool {
        self.people.is_empty() && self.told.is_empty()
    }

    /// The alarms, when they are others than when this was last asked.
    pub(crate) fn news(&mut self, rules: &Rules, now_ms: i64) -> Option<Vec<Alarm>> {
        if self.is_quiet() {
            return None;
        }
        self.people.retain(|arrival| arrival.lasts(now_ms));
        let alarms = self.alarms(rules, now_ms);
        (alarms != self.told).then(|| {
            self.told.clone_from(&alarms);
            alarms
        })
    }

    fn add(&mut self, arrival: Arrival) {
        if self.people.len() == MOST {
            self.people.remove(0);
        }
        self.people.push(arrival);
    }
}

impl Arrival {
    /// Somebody who has just come, without a number and a level as yet.
    fn at(kiosk: String, masked: Option<String>, now_ms: i64) -> Self {
        Self { kiosk, masked, level: None, ticket: None, since_ms: now_ms, seen_ms: now_ms, received: false }
    }

    fn is(&self, kiosk: &str, masked: Option<&str>) -> bool {
        self.kiosk == kiosk && self.masked.as_deref() == masked
    }

    /// A clock that was set back does not keep anybody for longer.
    fn lasts(&self, now_ms: i64) -> bool {
        match self.ticket {
            Some(_) => (0..HOLDER_MS).contains(&(now_ms - self.since_ms)),
            None => (0..GUEST_MS).contains(&(now_ms - self.seen_ms)),
        }
    }

    fn about(&self) -> &str {
        self.ticket.as_ref().map_or(&self.kiosk, |(_, number)| number)
    }

    fn alarm(&self, tier: &Tier) -> Alarm {
        let kiosk = &self.kiosk;
        let number = self.ticket.as_ref().map(|(_, number)| number);
        let level = self.level.as_deref();
        let masked = self.masked.as_deref();
        let zh = {
            let who = tier.names.in_language(Language::Zh).to_owned()
                + &level.map_or_else(String::new, |level| format!("（{level}）"));
            // A blank parts the number from a word, not from a bracket that has its own.
            let gap = if level.is_some() { "" } else { " " };
            let who = masked.map_or(who.clone(), |masked| format!("{who}{gap}{masked} "));
            format!(
                "{who}在取号机 {kiosk}{}，请迎接",
                number.map_or_else(String::new, |number| format!("（{number}）"))
            )
        };
        let en = {
            let who = [tier.names.in_language(Language::En).to_owned()]
                .into_iter()
                .chain(level.map(|level| format!("({level})")))
                .chain(masked.map(str::to_owned))
                .collect::<Vec<_>>()
                .join(" ");
            let number = number.map_or_else(String::new, |number| format!(" ({number})"));
            format!("Please receive {who} at {kiosk}{number}")
        };
        Alarm {
            kind: AlarmKind::VipArrived,
            about: self.about().to_owned(),
            text: LocalNames { zh, en },
            since: timestamp(self.since_ms),
        }
    }
}

#[cfg(test)]
mod tests {
    use hall::IdentityKind;

    use super::*;
    use crate::testing::{At10, TEN};

    const MINUTE_MS: i64 = 60_000;

    struct Scene {
        lived: At10,
        arrivals: Arrivals,
    }

    impl Scene {
        fn new() -> Self {
            Self { lived: At10::new(), arrivals: Arrivals::default() }
        }

        fn shows(&mut self, tier: &str, number: &str) -> bool {
            let guest = Guest { kiosk: "kiosk-1".to_owned(), identity: identity(number), tier: tier.into() };
            self.arrivals.greet(self.lived.hall.rules(), guest, self.lived.now_ms)
        }

        fn takes(&mut self, tier: &str, number: Option<&str>) {
            self.happens(|lived| lived.takes_at("kiosk-1", tier, number.map(identity)));
        }

        fn happens(&mut self, what: impl FnOnce(&mut At10)) {
            let before = self.lived.events.len();
            what(&mut self.lived);
            for (at_ms, event) in &self.lived.events[before..] {
                self.arrivals.apply(&self.lived.hall, *at_ms, event);
            }
        }

        fn told(&self) -> Vec<(String, String)> {
            let alarms = self.arrivals.alarms(self.lived.hall.rules(), self.lived.now_ms);
            alarms.into_iter().map(|alarm| (alarm.about, alarm.text.zh)).collect()
        }
    }

    fn identity(number: &str) -> Identity {
        Identity { level: Some("钻石卡".to_owned()), ..Identity::mask(IdentityKind::Phone, number) }
    }

    fn only(about: &str, zh: &str) -> Vec<(String, String)> {
        vec![(about.to_owned(), zh.to_owned())]
    }

    #[test]
    fn who_shows_a_card_is_told_of_until_they_are_called() {
        let mut scene = Scene::new();
        assert!(scene.shows("vip", "13812345678"));
        assert_eq!(scene.told(), only("kiosk-1", "vip（钻石卡）138****5678 在取号机 kiosk-1，请迎接"));
        scene.lived.now_ms += MINUTE_MS;
        scene.takes("vip", Some("13812345678"));
        assert_eq!(scene.told(), only("V001", "vip（钻石卡）138****5678 在取号机 kiosk-1（V001），请迎接"));
        let alarm = scene.arrivals.alarms(scene.lived.hall.rules(), scene.lived.now_ms).remove(0);
        assert_eq!(alarm.since, timestamp(TEN), "since they showed who they are");
        assert_eq!(alarm.text.en, "Please receive vip (钻石卡) 138****5678 at kiosk-1 (V001)");
        scene.happens(|lived| {
            lived.opens(1);
            lived.at(1, hall::command::CounterAct::CallNext);
        });
        assert_eq!(scene.told(), []);
    }

    #[test]
    fn the_level_of_who_has_a_number_outlives_a_restart_of_the_broker() {
        let mut scene = Scene::new();
        assert!(scene.shows("vip", "13812345678"));
        scene.takes("vip", Some("13812345678"));
        let before = scene.told();
        let mut restarted = Arrivals::default();
        for (at_ms, event) in &scene.lived.events {
            restarted.apply(&scene.lived.hall, *at_ms, event);
        }
        scene.arrivals = restarted;
        assert_eq!(scene.told(), before);
        assert!(before[0].1.contains("钻石卡"), "{before:?}");
    }

    #[test]
    fn nobody_is_told_of_twice() {
        let mut scene = Scene::new();
        for _ in 0..3 {
            assert!(scene.shows("vip", "13812345678"));
        }
        assert_eq!(scene.told().len(), 1);
        scene.takes("vip", Some("13812345678"));
        assert!(scene.shows("vip", "13812345678"));
        assert_eq!(scene.told().len(), 1);
    }

    #[test]
    fn other_tiers_and_numbers_from_elsewhere_are_not_told_of() {
        let mut scene = Scene::new();
        assert!(!scene.shows("gotone", "13812345678"));
        scene.takes("ordinary", Some("13812345678"));
        scene.happens(|lived| lived.takes("vip"));
        assert_eq!(scene.told(), []);
    }

    #[test]
    fn a_number_of_the_highest_tier_is_told_of_without_any_identity() {
        let mut scene = Scene::new();
        scene.takes("vip", None);
        assert_eq!(scene.told(), only("V001", "vip在取号机 kiosk-1（V001），请迎接"));
        scene.takes("vip", None);
        assert_eq!(scene.told().len(), 2, "two who are not known are two");
    }

    #[test]
    fn who_walks_away_is_forgotten_after_two_minutes_and_who_waits_after_ten() {
        let mut scene = Scene::new();
        scene.shows("vip", "13812345678");
        scene.lived.now_ms = TEN + GUEST_MS - 1;
        assert_eq!(scene.told().len(), 1);
        scene.lived.now_ms = TEN + GUEST_MS;
        assert_eq!(scene.told(), []);
        scene.takes("vip", Some("13812345678"));
        scene.lived.now_ms += HOLDER_MS - 1;
        assert_eq!(scene.told().len(), 1);
        scene.lived.now_ms += 1;
        assert_eq!(scene.told(), []);
    }

    #[test]
    fn who_was_received_at_the_kiosk_is_not_told_of_again_with_their_number() {
        let mut scene = Scene::new();
        scene.shows("vip", "13812345678");
        assert!(!scene.arrivals.receive("V001", scene.lived.now_ms));
        assert!(scene.arrivals.receive("kiosk-1", scene.lived.now_ms));
        scene.takes("vip", Some("13812345678"));
        assert_eq!(scene.told(), []);
        assert!(scene.arrivals.receive("V001", scene.lived.now_ms), "another colleague presses, too");
    }

    #[test]
    fn news_is_told_once_and_so_is_its_end() {
        let mut scene = Scene::new();
        let rules = scene.lived.hall.rules().clone();
        assert_eq!(scene.arrivals.news(&rules, TEN), None);
        scene.shows("vip", "13812345678");
        assert_eq!(scene.arrivals.news(&rules, TEN).map(|alarms| alarms.len()), Some(1));
        assert_eq!(scene.arrivals.news(&rules, TEN + 1), None);
        assert_eq!(scene.arrivals.news(&rules, TEN + GUEST_MS), Some(vec![]));
        assert_eq!(scene.arrivals.news(&rules, TEN + GUEST_MS + 1), None);
    }

    #[test]
    fn in_a_hall_without_a_desk_for_them_nobody_is_told() {
        let mut scene = Scene::new();
        let mut rules = scene.lived.hall.rules().clone();
        rules.counters.remove(0);
        let guest = Guest { kiosk: "kiosk-1".to_owned(), identity: identity("13812345678"), tier: "vip".into() };
        assert!(!scene.arrivals.greet(&rules, guest, TEN));
        assert_eq!(scene.arrivals.alarms(&rules, TEN), []);
    }

    #[test]
    fn a_crowd_of_swipes_fills_no_memory() {
        let mut scene = Scene::new();
        for n in 0..100 {
            scene.shows("vip", &format!("138{n:04}5678{n:02}"));
        }
        assert_eq!(scene.arrivals.people.len(), MOST);
    }
}
