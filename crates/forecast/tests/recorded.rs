//! A hall's journal as a day: replayed under the rules it lived by, it happens again; and what came between arrival and service
//! is counted once.

mod common;

use std::sync::Arc;

use common::{benchmark, days};
use forecast::day::{Customer, Day, Staffed};
use forecast::recorded::Recorded;
use forecast::replay::{Replay, replay};
use hall::command::{CounterAct, TakeTicket};
use hall::routing::Floor;
use hall::rules::Teller;
use hall::{Actor, At, Care, Command, CounterNumber, Destination, Event, Hall, HoldKind, Rules, TicketId, TicketState};

/// 2026-11-22 09:00 in China.
const NINE: i64 = 1_795_309_200_000;
const SECOND: i64 = 1000;

#[test]
fn a_day_lived_by_the_rules_happens_again_to_the_second() {
    for profile in ["strict", "guard+rescue", "ratio+rescue", "foresight", "foresight+rescue"] {
        let rules = rules(profile);
        let floor = Floor::of(&rules);
        let mut day = days("1.05", &rules).swap_remove(3);
        // A journal has them in the order in which they took their numbers.
        day.customers.sort_by_key(|one| (one.arrival_s, one.tier, one.service));
        day.staff("staffing.csv", "at_s,counter,state\n0,8,closed\n3600,7,paused\n5400,7,open\n", &rules)
            .expect("as the scene is set");
        let meant = replay(&floor, &day);

        let recorded = Lived::through(&rules, &day, &meant).recorded();
        assert!(calls(&recorded.happened) == calls(&meant), "{profile}: other calls happened");
        assert_eq!(figures(&recorded.happened), figures(&meant), "{profile}: the figures of what happened");

        let again = recorded.counted(&floor, replay(&floor, &recorded.day));
        assert!(calls(&again) == calls(&recorded.happened), "{profile}: the replay calls otherwise");
        assert_eq!(figures(&again), figures(&recorded.happened), "{profile}: the figures of the replay");
    }
}

#[test]
fn a_counter_nobody_opened_is_closed_and_the_others_as_they_were() {
    let rules = rules("strict");
    let mut lived = Lived::new(&rules);
    lived.passes(90);
    lived.opens(2);
    lived.passes(600);
    lived.at(2, CounterAct::Pause { reason: "吃饭".into() });
    let recorded = lived.recorded();
    let shifts: Vec<(u32, usize, Staffed)> =
        recorded.day.staffing.iter().map(|shift| (shift.at_s, shift.post, shift.state)).collect();
    let closed = [0, 2, 3, 4, 5, 6, 7].map(|post| (0, post, Staffed::Closed));
    assert_eq!(shifts[..7], closed);
    assert_eq!(shifts[7..], [(90, 1, Staffed::Open), (690, 1, Staffed::Paused)]);
    assert_eq!(recorded.opening_ms, NINE);
}

#[test]
fn somebody_held_and_back_is_one_customer_with_two_visits() {
    let mut lived = Lived::new(&rules("strict"));
    lived.opens(2);
    let ticket = lived.takes("ordinary", "s1", None);
    lived.passes(60);
    lived.at(2, CounterAct::CallNext);
    lived.passes(120);
    lived.at(2, CounterAct::Hold { reason: "证件".into(), kind: HoldKind::Customer });
    lived.passes(300);
    lived.does(Command::Rejoin { ticket, same_counter: false });
    lived.passes(30);
    lived.at(2, CounterAct::CallNext);
    lived.passes(200);
    lived.at(2, CounterAct::Complete { outcome: None });

    let recorded = lived.recorded();
    let rows: Vec<(u32, u32, u32)> =
        recorded.day.customers.iter().map(|one| (one.arrival_s, one.service_s, one.head_start_s)).collect();
    assert_eq!(rows, [(0, 120, 0), (480, 200, 480)], "the second visit has the place of the first arrival");
    let outcomes: Vec<_> = recorded.happened.outcomes.iter().map(|one| (one.wait_s, one.counts)).collect();
    assert_eq!(outcomes, [(Some(60), true), (Some(30), false)]);
}

#[test]
fn a_transfer_queues_for_the_new_service() {
    let mut lived = Lived::new(&rules("strict"));
    lived.opens(2);
    lived.takes("ordinary", "s1", None);
    lived.at(2, CounterAct::CallNext);
    lived.passes(100);
    let to = Destination::Service("s3".into());
    lived.at(2, CounterAct::Transfer { to, keep_place: true, note: None });
    let recorded = lived.recorded();
    let services: Vec<usize> = recorded.day.customers.iter().map(|one| one.service).collect();
    assert_eq!(services, [0, 2]);
    assert_eq!(recorded.day.customers[1].service_s, 396, "never served: what the hall expects of s3");
}

#[test]
fn a_call_that_was_undone_is_no_call() {
    let mut lived = Lived::new(&rules("strict"));
    lived.opens(2);
    lived.takes("ordinary", "s1", None);
    lived.passes(60);
    lived.at(2, CounterAct::CallNext);
    lived.passes(10);
    lived.at(2, CounterAct::Return);
    lived.passes(50);
    lived.at(2, CounterAct::CallNext);
    lived.passes(60);
    lived.at(2, CounterAct::Complete { outcome: None });
    let recorded = lived.recorded();
    assert_eq!(calls(&recorded.happened), [(0, 120, 1)]);
    assert_eq!(recorded.day.customers.len(), 1);
}

#[test]
fn no_shows_do_not_count_unless_they_came_after_all() {
    let mut lived = Lived::new(&rules("strict"));
    lived.opens(2);
    lived.takes("ordinary", "s1", None);
    let late = lived.takes("ordinary", "s1", None);
    for _ in 0..2 {
        lived.at(2, CounterAct::CallNext);
        lived.passes(60);
        lived.at(2, CounterAct::NoShow);
    }
    lived.at(2, CounterAct::Call { ticket: late });
    lived.passes(60);
    lived.at(2, CounterAct::Complete { outcome: None });
    let recorded = lived.recorded();
    let rows: Vec<(bool, bool)> = recorded
        .day
        .customers
        .iter()
        .zip(&recorded.happened.outcomes)
        .map(|(one, of)| (one.no_show, of.counts))
        .collect();
    assert_eq!(rows, [(true, false), (true, true), (false, false)]);
}

#[test]
fn care_moves_the_place_and_who_gives_up_has_lost_patience() {
    let mut lived = Lived::new(&rules("strict"));
    let gone = lived.takes("ordinary", "s1", None);
    lived.takes("ordinary", "s2", Some(Care::Elderly));
    lived.passes(1801);
    lived.does(Command::Cancel { ticket: gone, by: Actor::Customer });
    let recorded = lived.recorded();
    let rows: Vec<(u32, u32)> = recorded.day.customers.iter().map(|one| (one.head_start_s, one.patience_s)).collect();
    assert_eq!(rows, [(0, 1801), (600, 172_800)]);
    let missed: Vec<bool> = recorded.happened.outcomes.iter().map(|one| one.missed).collect();
    assert_eq!(missed, [true, true], "both waited beyond the half hour, called or not");
}

#[test]
fn a_service_that_the_rules_lost_is_left_out_and_told() {
    let mut lived = Lived::new(&rules("strict"));
    lived.takes("ordinary", "s1", None);
    lived.takes("ordinary", "s5", None);
    let mut fewer = rules("strict");
    fewer.services.pop();
    let recorded = Recorded::of(&fewer, &lived.events).expect("as the scene is set");
    assert_eq!((recorded.day.customers.len(), recorded.left_out), (1, 1));
    assert_eq!(Recorded::of(&fewer, &[]), None);
}

/// The benchmark hall with enough tellers.
fn rules(profile: &str) -> Rules {
    let mut rules = benchmark();
    rules.routing.profile = profile.parse().expect("as the scene is set");
    rules.tellers = (1..=8).map(|n: u16| Teller { id: teller(n).as_str().into(), name: "王芳".into() }).collect();
    rules
}

fn teller(counter: u16) -> String {
    (1000 + counter).to_string()
}

fn calls(replay: &Replay) -> Vec<(usize, u32, usize)> {
    replay.calls.iter().map(|call| (call.row, call.called_s, call.post)).collect()
}

/// Customers, misses, inversions, diversions.
fn figures(replay: &Replay) -> (usize, usize, u32, u32) {
    let count = |is: fn(&forecast::replay::Outcome) -> bool| replay.outcomes.iter().filter(|one| is(one)).count();
    (count(|one| one.counts), count(|one| one.missed), replay.inversions, replay.diverted)
}

/// A hall that is lived in by commands, and its journal.
struct Lived {
    hall: Hall,
    now_ms: i64,
    events: Vec<(i64, Event)>,
}

impl Lived {
    fn new(rules: &Rules) -> Self {
        let mut lived = Self { hall: Hall::new(Arc::new(rules.clone())), now_ms: NINE, events: Vec::new() };
        let date = At { utc_ms: NINE, offset_s: 28_800 }.business_date(240);
        lived.does(Command::OpenDay { date });
        lived
    }

    /// The day as it is meant to go; at each call the hall's own choice has to be the one that is meant.
    fn through(rules: &Rules, day: &Day, meant: &Replay) -> Self {
        let mut lived = Self::new(rules);
        let mut ends: Vec<(u32, usize)> = Vec::new();
        let mut tickets: Vec<Option<TicketId>> = vec![None; day.customers.len()];
        let (mut came, mut called, mut shifted) = (0, 0, 0);
        for post in (0..rules.counters.len()).filter(|post| day.opens_at_once(*post)) {
            lived.opens(rules.counters[post].number.0);
        }
        for now_s in 0..200_000 {
            lived.now_ms = NINE + i64::from(now_s) * SECOND;
            // Those who are done first, as a replay has it: a call does not complete the one before.
            for (_, row) in ends.extract_if(.., |(end_s, _)| *end_s <= now_s) {
                lived.done(&day.customers[row], tickets[row].expect("as the scene is set"));
            }
            while let Some(shift) = day.staffing.get(shifted).filter(|shift| shift.at_s <= now_s) {
                lived.shift(rules.counters[shift.post].number.0, shift.state);
                shifted += 1;
            }
            while let Some(one) = day.customers.get(came).filter(|one| one.arrival_s <= now_s) {
                let (tier, service) = (&rules.tiers[one.tier].id, &rules.services[one.service].id);
                tickets[came] = Some(lived.takes(tier.as_str(), service.as_str(), None));
                came += 1;
            }
            while let Some(call) = meant.calls.get(called).filter(|call| call.called_s <= now_s) {
                let counter = rules.counters[call.post].number;
                lived.at(counter.0, CounterAct::CallNext);
                assert_eq!(
                    lived.hall.counter(counter).expect("as the scene is set").ticket,
                    tickets[call.row],
                    "call {called}"
                );
                let one = &day.customers[call.row];
                let nobody = one.no_show || now_s - one.arrival_s > one.patience_s;
                ends.push((now_s + if nobody { 60 } else { one.service_s }, call.row));
                called += 1;
            }
            if came == day.customers.len() && ends.is_empty() {
                break;
            }
        }
        lived
    }

    fn done(&mut self, one: &Customer, ticket: TicketId) {
        let counter = self.hall.ticket(ticket).expect("as the scene is set").counter.expect("as the scene is set").0;
        let waited_s =
            (self.hall.ticket(ticket).expect("as the scene is set").last_call_ms.expect("as the scene is set") - NINE)
                / SECOND
                - i64::from(one.arrival_s);
        if one.no_show {
            self.at(counter, CounterAct::NoShow);
        } else if waited_s > i64::from(one.patience_s) {
            self.does(Command::Cancel { ticket, by: Actor::Staff });
        } else {
            self.at(counter, CounterAct::Complete { outcome: None });
        }
    }

    fn shift(&mut self, counter: u16, state: Staffed) {
        let present = self.hall.counter(CounterNumber(counter)).expect("as the scene is set");
        match state {
            Staffed::Open if present.state.teller().is_some() => self.at(counter, CounterAct::Resume),
            Staffed::Open => self.opens(counter),
            // A teller pauses when the customer is gone; the file says until when they call, so the event is noted as it stands.
            Staffed::Paused => {
                self.notes(Event::CounterPaused { counter: CounterNumber(counter), reason: "吃饭".into() })
            }
            Staffed::Closed => self.at(counter, CounterAct::SignOut),
        }
    }

    fn opens(&mut self, counter: u16) {
        let (counter, teller) = (CounterNumber(counter), teller(counter).as_str().into());
        self.does(Command::SignIn { counter, teller });
    }

    fn takes(&mut self, tier: &str, service: &str, care: Option<Care>) -> TicketId {
        let ticket = self.hall.next_ticket();
        self.does(Command::TakeTicket(TakeTicket {
            service: service.into(),
            tier: Some(tier.into()),
            identity: None,
            care,
            booked_ms: None,
            language: None,
            kiosk: None,
            code: format!("code{}", ticket.0).into(),
        }));
        assert_eq!(self.hall.ticket(ticket).map(|one| one.state), Some(TicketState::Waiting));
        ticket
    }

    fn at(&mut self, counter: u16, act: CounterAct) {
        self.does(Command::AtCounter { counter: CounterNumber(counter), act });
    }

    fn passes(&mut self, seconds: i64) {
        self.now_ms += seconds * SECOND;
    }

    fn does(&mut self, command: Command) {
        let events =
            self.hall.decide(At { utc_ms: self.now_ms, offset_s: 28_800 }, &command).expect("as the scene is set");
        events.into_iter().for_each(|event| self.notes(event));
    }

    fn notes(&mut self, event: Event) {
        self.hall.apply(self.now_ms, &event);
        self.events.push((self.now_ms, event));
    }

    fn recorded(&self) -> Recorded {
        Recorded::of(self.hall.rules(), &self.events).expect("as the scene is set")
    }
}
