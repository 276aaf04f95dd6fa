//! The benchmark hall, lived in by commands, with the journal of it.

use std::sync::Arc;

use forecast::day::{Customer, Day, Staffed};
use forecast::learn::Learnt;
use forecast::recorded::Recorded;
use forecast::replay::{Replay, taught_by};
use hall::command::{CounterAct, TakeTicket};
use hall::routing::Lesson;
use hall::rules::Teller;
use hall::{Actor, At, Care, Command, CounterNumber, Event, Hall, Rules, TicketId, TicketState};

use crate::common::{benchmark, days};

/// 2026-11-22 09:00 in China.
pub const NINE: i64 = 1_795_309_200_000;
/// How far China's clocks are ahead of UTC, in ms.
pub const OFFSET_MS: i64 = 8 * 3_600_000;
const SECOND: i64 = 1000;

/// A hall that is lived in by commands.
pub struct Lived {
    pub hall: Hall,
    pub now_ms: i64,
    /// Its journal, with times.
    pub events: Vec<(i64, Event)>,
}

impl Lived {
    pub fn new(rules: &Rules) -> Self {
        let mut lived = Self { hall: Hall::new(Arc::new(rules.clone())), now_ms: NINE, events: Vec::new() };
        let date = At { utc_ms: NINE, offset_s: 28_800 }.business_date(240);
        lived.does(Command::OpenDay { date });
        lived
    }

    /// The day as it is meant to go; at each call the hall's own choice has to be the one that is meant.
    pub fn through(rules: &Rules, day: &Day, meant: &Replay, lesson: Option<&Lesson>) -> Self {
        let mut lived = Self::new(rules);
        lesson.into_iter().for_each(|lesson| lived.does(Command::Learn(lesson.clone())));
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

    pub fn opens(&mut self, counter: u16) {
        let (counter, teller) = (CounterNumber(counter), teller(counter).as_str().into());
        self.does(Command::SignIn { counter, teller });
    }

    pub fn takes(&mut self, tier: &str, service: &str, care: Option<Care>) -> TicketId {
        let ticket = self.hall.next_ticket();
        self.does(Command::TakeTicket(TakeTicket {
            service: service.into(),
            tier: Some(tier.into()),
            identity: None,
            care,
            booked_ms: None,
            appointment: None,
            paperless: false,
            language: None,
            customer: None,
            kiosk: None,
            code: format!("code{}", ticket.0).into(),
        }));
        assert_eq!(self.hall.ticket(ticket).map(|one| one.state), Some(TicketState::Waiting));
        ticket
    }

    pub fn at(&mut self, counter: u16, act: CounterAct) {
        self.does(Command::AtCounter { counter: CounterNumber(counter), act });
    }

    pub fn passes(&mut self, seconds: i64) {
        self.now_ms += seconds * SECOND;
    }

    pub fn does(&mut self, command: Command) {
        let events =
            self.hall.decide(At { utc_ms: self.now_ms, offset_s: 28_800 }, &command).expect("as the scene is set");
        events.into_iter().for_each(|event| self.notes(event));
    }

    fn notes(&mut self, event: Event) {
        self.hall.apply(self.now_ms, &event);
        self.events.push((self.now_ms, event));
    }

    pub fn recorded(&self) -> Recorded {
        Recorded::of(self.hall.rules(), &self.events).expect("as the scene is set")
    }
}

/// The benchmark hall with enough tellers.
pub fn rules(profile: &str) -> Rules {
    let mut rules = benchmark();
    rules.routing.profile = profile.parse().expect("as the scene is set");
    rules.tellers = (1..=8).map(|n: u16| Teller { id: teller(n).as_str().into(), name: "王芳".into() }).collect();
    rules
}

fn teller(counter: u16) -> String {
    (1000 + counter).to_string()
}

/// What a hall knows after some days, with its counters open from nine to six.
pub fn taught(rules: &Rules) -> Learnt {
    let mut shifts = "at_s,counter,state\n".to_owned();
    for (at_s, state) in [(0, "open"), (9 * 3600, "closed")] {
        (1..=8).for_each(|counter| shifts += &format!("{at_s},{counter},{state}\n"));
    }
    let mut ten: Vec<Day> = days("0.95", rules).into_iter().take(10).collect();
    ten.iter_mut().for_each(|day| day.staff("shifts.csv", &shifts, rules).expect("good shifts"));
    taught_by(rules, ten, 9 * 3600)
}
