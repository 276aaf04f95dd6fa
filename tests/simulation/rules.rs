//! The rules beside the reference model.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use config::ProfileSource;
use hall::command::CounterAct;
use hall::routing::{Profile, Routing};
use hall::{At, Command, CounterNumber, CounterState, Event, Hall, Rules, Standing, TicketId};

use crate::dice::Dice;
use crate::model::Model;
use crate::{Seed, seeds};

/// 2026-11-23 09:00 in Shanghai.
const OPENS_MS: i64 = 1_795_395_600_000;
const STEPS: u32 = 4000;

/// The rules of the sample hall.
pub fn sample() -> Rules {
    let mut rules =
        config::parse("sample.toml", config::SAMPLE, &ProfileSource::built_in()).expect("the sample is good").rules;
    // The order that the small model knows.
    rules.routing = Routing::standard(Profile::STRICT, &[600, 900, 1800]);
    rules
}

#[test]
fn the_rules_do_what_the_reference_model_does() {
    let rules = sample();
    for seed in seeds(&[1, 2, 3, 5, 8, 13, 21, 34]) {
        let _named = Seed(seed);
        let mut play = Play::new(seed, &rules);
        for step in 0..STEPS {
            play.step(step);
        }
        let Play { called, days, kept, .. } = play;
        assert!(called > 100 && days > 1 && kept > 0, "{called} calls, {days} days, {kept} appointments: too dull");
    }
}

/// Both halls, side by side.
struct Play {
    hall: Hall,
    model: Model,
    dice: Dice,
    now_ms: i64,
    journal: Vec<(i64, Event)>,
    /// Numbers given out on the open day.
    numbers: BTreeSet<String>,
    called: u32,
    days: u32,
    /// Numbers taken with an appointment.
    kept: u32,
}

impl Play {
    fn new(seed: u64, rules: &Rules) -> Self {
        Self {
            hall: Hall::new(Arc::new(rules.clone())),
            model: Model::new(rules.clone()),
            dice: Dice::new(seed, rules),
            now_ms: OPENS_MS,
            journal: vec![],
            numbers: BTreeSet::new(),
            called: 0,
            days: 0,
            kept: 0,
        }
    }

    fn step(&mut self, step: u32) {
        self.now_ms += self.dice.time_ms();
        let command = if step == 0 || self.dice.once_in(if self.model.day.is_some() { 500 } else { 20 }) {
            self.now_ms += 86_400_000;
            Command::OpenDay { date: self.at().business_date(self.hall.rules().cut_over_minute) }
        } else if self.dice.once_in(1500) {
            Command::CloseDay
        } else {
            let next = self.hall.next_ticket();
            let first = self.model.cards.first().map_or(next, |card| TicketId(card.id));
            self.dice.command(self.at(), first, next)
        };

        // Whom the model would call, before it does: the present ticket is never among those who wait.
        let pick = if let Command::AtCounter { counter, act: CounterAct::CallNext } = &command {
            self.model.pick(counter.0)
        } else {
            None
        };
        let decided = self.hall.decide(self.at(), &command);
        let played = self.model.play(self.now_ms, &command);
        assert_eq!(decided.is_ok(), played, "step {step}: {command:?} gave {decided:?}");
        for event in decided.unwrap_or_default() {
            self.note(&event, pick);
            self.hall.apply(self.now_ms, &event);
            self.journal.push((self.now_ms, event));
        }
        self.compare(&format!("after step {step}: {command:?}"));
        if step.is_multiple_of(512) {
            self.replay();
        }
    }

    fn at(&self) -> At {
        At { utc_ms: self.now_ms, offset_s: 28_800 }
    }

    fn note(&mut self, event: &Event, pick: Option<u64>) {
        if let Event::TicketCalled { ticket, because, .. } = event {
            self.called += 1;
            if because.rule != hall::routing::Rule::ByHand {
                assert_eq!(Some(ticket.0), pick, "the strict order");
            }
        }
        if let Event::DayOpened { .. } = event {
            self.days += 1;
            self.numbers.clear();
        }
        if let Event::TicketIssued(issued) = event {
            self.kept += u32::from(issued.appointment.is_some());
            assert!(self.numbers.insert(issued.number.to_string()), "{} was given out twice", issued.number);
        }
    }

    fn compare(&self, when: &str) {
        let (hall, model) = (&self.hall, &self.model);
        assert_eq!(hall.day(), model.day, "{when}");
        assert_eq!(hall.tickets().count(), model.cards.len(), "no ticket is lost, {when}");
        for (ticket, card) in hall.tickets().zip(&model.cards) {
            let real = (ticket.id.0, ticket.number.as_str(), ticket.service.as_str(), ticket.state);
            let play = (card.id, card.number.as_str(), card.service.as_str(), card.state);
            assert_eq!(real, play, "{when}");
            let real = (ticket.only_counter.map(|only| only.0), ticket.started_at_ms);
            assert_eq!(real, (card.only, card.started_ms), "{} {when}", card.number);
            assert!(ticket.waited_ms(self.now_ms) >= 0, "{when}");
        }
        let queue: Vec<_> = hall.queue().iter().map(|place| place.ticket.0).collect();
        assert_eq!(queue, model.queue(), "{when}");

        let real: Vec<_> = hall.appointments().map(|one| (one.booking.code.to_string(), one.cancelled)).collect();
        let play: Vec<_> = model.book.iter().map(|(code, entry)| (code.clone(), entry.off)).collect();
        assert_eq!(real, play, "{when}");
        for one in hall.appointments() {
            let free = !matches!(hall.standing(one, self.now_ms), Standing::Used | Standing::Cancelled);
            assert_eq!(free, model.is_free(one.booking.code.as_str()), "{} {when}", one.booking.code);
        }

        let mut at: BTreeMap<TicketId, CounterNumber> = BTreeMap::new();
        for counter in hall.counters() {
            let window = &model.windows[&counter.number.0];
            assert_eq!(counter.ticket.map(|id| id.0), window.card, "{when}");
            assert_eq!(counter.state.teller().map(|teller| teller.as_str()), window.teller.as_deref(), "{when}");
            assert_eq!(matches!(counter.state, CounterState::Paused { .. }), window.paused, "{when}");
            if let Some(ticket) = counter.ticket {
                assert_eq!(at.insert(ticket, counter.number), None, "{ticket} is at two counters {when}");
            }
        }
    }

    /// The journal so far makes the same hall.
    fn replay(&self) {
        let mut hall = Hall::new(Arc::new(self.hall.rules().clone()));
        for (at_ms, event) in &self.journal {
            hall.apply(*at_ms, event);
        }
        assert!(hall == self.hall, "a replay gives another hall");
    }
}
