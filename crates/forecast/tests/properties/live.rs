//! The live hall and the simulator make the same calls.

use std::sync::Arc;

use forecast::day::{Customer, Day};
use forecast::replay::{Replay, replay_seen};
use forecast::sim::by_the_rules;
use hall::command::{CounterAct, TakeTicket};
use hall::routing::{Floor, Lesson, Outlook, Profile};
use hall::{At, Care, Command, CounterNumber, Hall, Rules, TicketId};
use proptest::prelude::*;

use crate::common::{benchmark, days};
use crate::halls::hall_and_day;

/// 2026-11-22 09:00 in China, when the hall opens.
const NINE: i64 = 1_795_309_200_000;

/// A hall that is asked along a replayed day.
struct Live {
    hall: Hall,
    now_s: u32,
}

impl Live {
    fn open(rules: &Rules, lesson: Option<&Lesson>) -> Self {
        let mut live = Self { hall: Hall::new(Arc::new(rules.clone())), now_s: 0 };
        live.does(Command::OpenDay { date: live.at().business_date(240) });
        if let Some(lesson) = lesson {
            live.does(Command::Learn(Lesson { begins_ms: lesson.begins_ms + NINE, ..lesson.clone() }));
        }
        for (counter, teller) in rules.counters.iter().zip(&rules.tellers) {
            live.does(Command::SignIn { counter: counter.number, teller: teller.id.clone() });
        }
        live
    }

    fn at(&self) -> At {
        At { utc_ms: NINE + i64::from(self.now_s) * 1000, offset_s: 28_800 }
    }

    fn does(&mut self, command: Command) {
        let at = self.at();
        let events = self.hall.decide(at, &command).unwrap_or_else(|refusal| panic!("{command:?}: {refusal:?}"));
        events.iter().for_each(|event| self.hall.apply(at.utc_ms, event));
    }

    fn takes(&mut self, one: &Customer) -> TicketId {
        let ticket = self.hall.next_ticket();
        let (tier, service) = (&self.hall.rules().tiers[one.tier], &self.hall.rules().services[one.service]);
        let wish = TakeTicket {
            service: service.id.clone(),
            tier: Some(tier.id.clone()),
            identity: None,
            care: (one.head_start_s > 0).then_some(Care::Elderly),
            booked_ms: None,
            appointment: None,
            paperless: false,
            language: None,
            customer: None,
            kiosk: None,
            code: format!("code{ticket}").into(),
        };
        self.does(Command::TakeTicket(wish));
        ticket
    }

    fn act(&mut self, counter: CounterNumber, act: CounterAct) {
        self.does(Command::AtCounter { counter, act });
    }
}

/// Lives a replayed day; at each of its calls the hall's own choice has to be the same.
fn live_through(rules: &Rules, day: &Day, meant: &Replay, lesson: Option<&Lesson>) {
    let mut live = Live::open(rules, lesson);
    let mut order: Vec<usize> = (0..day.customers.len()).collect();
    order.sort_by_key(|row| (day.customers[*row].arrival_s, day.customers[*row].tier, day.customers[*row].service));
    let mut tickets = vec![TicketId(0); order.len()];
    let mut order = order.into_iter().peekable();
    let mut busy: Vec<Option<u32>> = vec![None; rules.counters.len()];
    let mut calls = meant.calls.iter().peekable();
    loop {
        let comes = order.peek().map(|row| day.customers[*row].arrival_s);
        let next = busy.iter().flatten().copied().chain(comes).chain(calls.peek().map(|call| call.called_s)).min();
        let Some(now_s) = next else { return };
        live.now_s = now_s;
        for (post, until_s) in busy.iter_mut().enumerate() {
            if until_s.take_if(|until_s| *until_s <= now_s).is_some() {
                live.act(rules.counters[post].number, CounterAct::Complete { outcome: None });
            }
        }
        while let Some(row) = order.next_if(|row| day.customers[*row].arrival_s <= now_s) {
            tickets[row] = live.takes(&day.customers[row]);
        }
        while let Some(call) = calls.next_if(|call| call.called_s <= now_s) {
            let counter = rules.counters[call.post].number;
            live.act(counter, CounterAct::CallNext);
            let called = live.hall.counter(counter).and_then(|counter| counter.ticket);
            let profile = rules.routing.profile;
            assert_eq!(called, Some(tickets[call.row]), "{profile}: counter {counter} at {now_s} s");
            let one = &day.customers[call.row];
            let gone = one.no_show || now_s - one.arrival_s > one.patience_s;
            busy[call.post] = Some(now_s + if gone { 60 } else { one.service_s });
        }
    }
}

/// Replays under what was learnt, then lives it.
fn agree(rules: &Rules, day: &Day, lesson: Option<&Lesson>) {
    let floor = Floor::of(rules);
    let mut outlook = Outlook::presumed(&floor);
    lesson.into_iter().for_each(|lesson| outlook.learn(rules, lesson));
    let meant = replay_seen(&floor, outlook, day, by_the_rules, &mut ());
    live_through(rules, day, &meant, lesson);
}

/// A lesson for any hall: the hall opens at nine by its clock, the simulator at 0.
fn lesson(rules: &Rules, takes_ms: u32, arrivals_milli: u32) -> Lesson {
    Lesson {
        takes_ms: rules.services.iter().map(|service| (service.id.clone(), takes_ms)).collect(),
        mix_ms: takes_ms,
        begins_ms: -9 * 3_600_000,
        arrivals_milli: vec![arrivals_milli; 48],
        lowest_milli: vec![arrivals_milli / 2; 48],
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_hall_calls_whom_the_simulator_calls(
        (mut rules, day) in hall_and_day(),
        taught in prop::option::of((30_000_u32..600_000, 0_u32..40_000)),
    ) {
        let lesson = taught.map(|(takes_ms, arrivals_milli)| lesson(&rules, takes_ms, arrivals_milli));
        for name in Profile::names() {
            rules.routing.profile = name.parse().expect("a profile");
            agree(&rules, &day, lesson.as_ref());
        }
    }
}

#[test]
fn a_recorded_day_is_lived_as_it_is_replayed() {
    let mut rules = benchmark();
    rules.tellers = (1..=8).map(|n| hall::rules::Teller { id: n.to_string().into(), name: "王芳".into() }).collect();
    let day = days("1.05", &rules).swap_remove(7);
    for name in ["guard+rescue", "foresight", "foresight+rescue"] {
        rules.routing.profile = name.parse().expect("a profile");
        agree(&rules, &day, Some(&lesson(&rules, 360_000, 28_000)));
    }
}
