//! What a forecast of the live hall calls trouble is trouble: a limit as it was promised, of somebody who was never called.

mod common;

use std::sync::Arc;

use common::{benchmark, days};
use forecast::forward::Present;
use forecast::learn::Learnt;
use forecast::prospect::{Prospect, prospect};
use forecast::replay::replay;
use hall::command::{CounterAct, TakeTicket};
use hall::routing::Floor;
use hall::rules::Teller;
use hall::{At, Care, Command, CounterNumber, Hall, HoldKind, Rules, TicketId};

/// 2026-11-22 10:00 in China, an hour after the hall opened.
const TEN: i64 = 1_795_312_800_000;
const OFFSET_MS: i64 = 8 * 3_600_000;
const MINUTE: i64 = 60_000;
const FUTURES: usize = 100;

#[test]
fn priority_care_does_not_shorten_the_limit() {
    let mut lived = Lived::new();
    lived.opens_all();
    let ticket = lived.takes("vip", Some(Care::Elderly));
    lived.now_ms += 1000;
    let foreseen = lived.foreseen();
    assert_eq!(foreseen.tiers[0].overdue, 0, "their limit runs for ten minutes yet");
    let one = &foreseen.waiting[&ticket];
    assert!(one.waits.quantile(0.9) < 60.0, "a counter is free: {} s", one.waits.quantile(0.9));
    assert!(one.miss < 0.05, "called long before the limit: {}", one.miss);
}

#[test]
fn nobody_who_was_called_before_is_late_or_endangered() {
    let mut lived = Lived::new();
    lived.opens(2);
    let ticket = lived.takes("ordinary", None);
    lived.acts(2, CounterAct::CallNext);
    lived.now_ms += 2 * MINUTE;
    lived.acts(2, CounterAct::Hold { reason: "证件".into(), kind: HoldKind::Customer });
    lived.now_ms += 40 * MINUTE;
    lived.does(Command::Rejoin { ticket, same_counter: false });
    let foreseen = lived.foreseen();
    assert_eq!((foreseen.tiers[2].overdue, foreseen.waiting[&ticket].miss), (0, 0.0));

    // A call that was undone was none: whoever waits since then is late.
    let undone = lived.takes("ordinary", None);
    for act in [CounterAct::CallNext, CounterAct::Complete { outcome: None }, CounterAct::CallNext, CounterAct::Return]
    {
        lived.acts(2, act);
        lived.now_ms += 1000;
    }
    lived.now_ms += 31 * MINUTE;
    let foreseen = lived.foreseen();
    assert_eq!((foreseen.tiers[2].overdue, foreseen.waiting[&undone].miss), (1, 1.0));
}

struct Lived {
    hall: Hall,
    learnt: Learnt,
    now_ms: i64,
}

impl Lived {
    fn new() -> Self {
        let mut rules = benchmark();
        rules.routing.profile = "guard+rescue".parse().expect("a profile");
        rules.hours = None;
        let teller = |number| Teller { id: format!("t{number}").as_str().into(), name: format!("Teller {number}") };
        rules.tellers = rules.counters.iter().map(|counter| teller(counter.number)).collect();
        let learnt = taught(&rules);
        let mut lived = Self { hall: Hall::new(Arc::new(rules)), learnt, now_ms: TEN };
        lived.does(Command::OpenDay { date: lived.at().business_date(240) });
        lived
    }

    fn foreseen(&self) -> Prospect {
        let present = Present::of(&self.hall, &self.learnt, self.now_ms, OFFSET_MS);
        prospect(&self.learnt, &present, FUTURES, 7)
    }

    fn at(&self) -> At {
        At { utc_ms: self.now_ms, offset_s: 28_800 }
    }

    fn does(&mut self, command: Command) {
        let at = self.at();
        let events = self.hall.decide(at, &command).unwrap_or_else(|refusal| panic!("{command:?}: {refusal:?}"));
        events.iter().for_each(|event| self.hall.apply(at.utc_ms, event));
    }

    fn opens(&mut self, counter: u16) {
        self.does(Command::SignIn { counter: CounterNumber(counter), teller: format!("t{counter}").as_str().into() });
    }

    fn opens_all(&mut self) {
        (1..=8).for_each(|counter| self.opens(counter));
    }

    fn acts(&mut self, counter: u16, act: CounterAct) {
        self.does(Command::AtCounter { counter: CounterNumber(counter), act });
    }

    fn takes(&mut self, tier: &str, care: Option<Care>) -> TicketId {
        let ticket = self.hall.next_ticket();
        self.does(Command::TakeTicket(TakeTicket {
            service: "s1".into(),
            tier: Some(tier.into()),
            identity: None,
            care,
            booked_ms: None,
            language: None,
            kiosk: None,
            code: format!("code{ticket}").into(),
        }));
        ticket
    }
}

/// What a hall knows after some days, with its counters open from nine to six.
fn taught(rules: &Rules) -> Learnt {
    let floor = Floor::of(rules);
    let mut learnt = Learnt::nothing_yet(rules);
    let mut shifts = "at_s,counter,state\n".to_owned();
    for (at_s, state) in [(0, "open"), (9 * 3600, "closed")] {
        (1..=8).for_each(|counter| shifts += &format!("{at_s},{counter},{state}\n"));
    }
    for mut day in days("0.95", rules).into_iter().take(10) {
        day.staff("shifts.csv", &shifts, rules).expect("good shifts");
        learnt.settle(&floor);
        learnt.learn(&replay(&floor, &day).observed(&day, &floor, 9 * 3600));
    }
    learnt.settle(&floor);
    learnt
}
