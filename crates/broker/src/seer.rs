//! Looks ahead on a thread of its own: after every change, but no more often than its share of the machine allows, and at least
//! once a minute of the hall's time. The loop never waits for it.
//!
//! What it knows it learns from the journal, at start and with each new day; there is no other file. What routing needs of it
//! goes into the journal as an event of the day.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

use clock::Clock;
use forecast::advice::{self, Advice};
use forecast::alarm::Alarm;
use forecast::forward::Present;
use forecast::prospect::{self, Prospect, prospect};
use forecast::school::{School, served_in};
use forecast::score::Told;
use hall::{Command, Date, Hall, Language, Rules, TicketId};
use jiff::tz::TimeZone;
use tokio::sync::oneshot;

use crate::engine::{Ask, CommandAsk, Desk, Reply};
use crate::foreseen::{Expected, Foreseen, Newcomer};
use crate::published::Published;
use crate::view::Sight;

/// What a seer works with.
pub(crate) struct Seer {
    published: Published,
    clock: Clock,
    time_zone: TimeZone,
    data: PathBuf,
    school: School,
    /// Calls of today that were learnt from already.
    learnt_today: HashSet<(TicketId, usize)>,
    day: Option<Date>,
    alarms: Vec<(Alarm, Option<i64>)>,
    looked_ms: i64,
}

/// A look is due after so long also when nothing changed, in the hall's ms.
const EVERY_MS: i64 = 60_000;
/// How often the clock is asked whether a look is due.
const POLL: Duration = Duration::from_millis(500);
/// Between two looks, at least; and so many times as long as the last one took.
const REST: Duration = Duration::from_millis(100);
const REST_SHARE: u32 = 4;
/// After a look that failed, for it may fail again.
const REST_AFTER_FAULT: Duration = Duration::from_secs(30);
/// Events of so many past days at most are learnt from: the journal is read from about there.
const EVENTS: u64 = 150_000;
/// Days that forecasts are made again for, to see what they are worth.
const DAYS: usize = 21;

impl Seer {
    pub(crate) fn new(
        published: Published,
        clock: Clock,
        time_zone: TimeZone,
        data: PathBuf,
        rules: Arc<Rules>,
    ) -> Self {
        let tiers = rules.tiers.len();
        Self {
            published,
            clock,
            time_zone,
            data,
            school: School::new(rules),
            learnt_today: HashSet::new(),
            day: None,
            alarms: vec![(Alarm::default(), None); tiers],
            looked_ms: i64::MIN,
        }
    }

    /// Looks until nobody changes anything any more: `changes` ends with the loop.
    pub(crate) fn run(mut self, changes: &Receiver<()>, desk: &Desk) {
        loop {
            let day = self.published.read().world.hall.day();
            let learnt =
                day == self.day || attempt("learning from the journal", || self.begin_day(day, changes)) == Some(true);
            let started = Instant::now();
            let looked = attempt("looking ahead", || self.look(desk));
            self.published.note_blindness(looked.is_none(), self.clock.now_ms());
            let rest = match looked.filter(|()| learnt) {
                Some(()) => REST.max(started.elapsed() * REST_SHARE),
                None => REST_AFTER_FAULT,
            };
            if !self.wait(changes, rest) {
                return;
            }
        }
    }

    /// The first look, before anything was learnt.
    pub(crate) fn look_first(&mut self) {
        let hall = self.published.read().world.hall.clone();
        let looked = attempt("looking ahead", || self.foresee(&hall));
        self.published.note_blindness(looked.is_none(), self.clock.now_ms());
    }

    /// Makes a forecast of this moment and publishes it.
    fn look(&mut self, desk: &Desk) {
        let hall = self.published.read().world.hall.clone();
        self.foresee(&hall);
        self.teach(&hall, desk);
    }

    fn foresee(&mut self, hall: &Hall) {
        let now_ms = self.clock.now_ms();
        self.looked_ms = now_ms;
        for (call, served) in served_in(hall) {
            if self.learnt_today.insert(call) {
                self.school.learnt.learn_service(&served);
            }
        }
        self.school.learnt.settle();
        let present = Present::of(hall, &self.school.learnt, now_ms, self.offset_ms(now_ms));
        let waiting = hall.queue().len();
        let share = |futures: usize| prospect::in_a_crowd(futures, waiting);
        let seed = now_ms as u64;
        let foreseen = prospect(&self.school.learnt, &present, share(prospect::FUTURES), seed);
        for ((alarm, since_ms), tier) in self.alarms.iter_mut().zip(&foreseen.tiers) {
            alarm.look(tier.expected_misses, tier.overdue);
            *since_ms = alarm.is_on().then_some(since_ms.unwrap_or(now_ms));
        }
        let advice = match self.alarms.iter().any(|(_, since_ms)| since_ms.is_some()) {
            true => self.advise(hall, &present, share(advice::FUTURES), seed),
            false => vec![],
        };
        self.published.foresee(self.told(hall, foreseen, advice, now_ms), now_ms);
    }

    fn advise(&self, hall: &Hall, present: &Present<'_>, futures: usize, seed: u64) -> Vec<Advice> {
        let self_service = advice::self_service(hall.rules());
        advice::advise(&self.school.learnt, present, &self_service, futures, seed)
    }

    fn told(&self, hall: &Hall, prospect: Prospect, advice: Vec<Advice>, now_ms: i64) -> Foreseen {
        let School { calibration, learnt, .. } = &self.school;
        let tier_of = |id: &TicketId| hall.ticket(*id).map_or(0, |ticket| hall.indices(ticket).0);
        let waiting = prospect.waiting.into_iter().map(|(id, one)| {
            let told = Told::calibrated(&one.waits, calibration, tier_of(&id));
            (id, Expected { told, miss: one.miss })
        });
        let newcomers = prospect.newcomers.iter().enumerate().map(|(tier, services)| {
            let newcomer = |(service, waits)| Newcomer {
                told: Told::calibrated(waits, calibration, tier),
                ahead: hall.ahead_of_newcomer(tier, service).total(),
                each_s: each_s(hall, learnt, tier, service),
            };
            services.iter().enumerate().map(newcomer).collect()
        });
        Foreseen {
            at_ms: now_ms,
            waiting: waiting.collect(),
            newcomers: newcomers.collect(),
            tiers: prospect.tiers,
            alarms: self.alarms.iter().map(|(_, since_ms)| *since_ms).collect(),
            advice,
            samples: u32::try_from(learnt.services.measured()).unwrap_or(u32::MAX),
        }
    }

    /// A new day, or none: learns from those before it, and says whether that went well; what was known before stays otherwise.
    /// Ends early when the loop is gone.
    fn begin_day(&mut self, day: Option<Date>, changes: &Receiver<()>) -> bool {
        let Some(today) = day else {
            self.day = None;
            return true;
        };
        let started = Instant::now();
        let days = match self.past_days(today) {
            Ok(days) => days,
            // Forecasts go on with what is known; the loop would notice a damaged journal itself.
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "learning from the journal");
                return false;
            }
        };
        let mut school = School::new(Arc::new(self.published.read().world.hall.rules().clone()));
        for events in &days {
            if changes.try_recv() == Err(TryRecvError::Disconnected) {
                return false;
            }
            let offset_ms = self.offset_ms(events.first().map_or(0, |(at_ms, _)| *at_ms));
            school.attend(events, offset_ms);
        }
        self.school = school;
        self.learnt_today.clear();
        self.day = day;
        tracing::info!(days = days.len(), took = ?started.elapsed(), "learnt from the journal");
        true
    }

    /// Tells routing what was learnt, once a day. Until it has it, routing goes by typical times; a full queue or disk refuses it
    /// until the next look.
    fn teach(&self, hall: &Hall, desk: &Desk) {
        let Some(begins_ms) = hall.day().and_then(|day| self.begins_ms(day, hall.rules().cut_over_minute)) else {
            return;
        };
        // Of a day whose eve is not learnt from yet, the lesson would be an old one, and it is told once.
        if self.day != hall.day() || self.school.learnt.days == 0 || hall.outlook().knows(begins_ms) {
            return;
        }
        let begins_s = u32::from(hall.rules().cut_over_minute) * 60;
        let command = Command::Learn(self.school.learnt.lesson(hall.rules(), begins_ms, begins_s));
        let (respond, _) = oneshot::channel();
        let (key, reply, language, sight) = (None, Reply::Nothing, Language::Zh, Sight::Public);
        let ask = CommandAsk { key, command, reply, language, sight, respond };
        let _ = desk.ask(Ask::Command(Box::new(ask)));
    }

    /// When this business day begins, UTC ms.
    fn begins_ms(&self, day: Date, cut_over_minute: u16) -> Option<i64> {
        let (year, month) = (i16::try_from(day.year).ok()?, i8::try_from(day.month).ok()?);
        let date = jiff::civil::Date::new(year, month, i8::try_from(day.day).ok()?).ok()?;
        let (hour, minute) = (i8::try_from(cut_over_minute / 60).ok()?, i8::try_from(cut_over_minute % 60).ok()?);
        let begins = date.at(hour, minute, 0, 0).to_zoned(self.time_zone.clone()).ok()?;
        Some(begins.timestamp().as_millisecond())
    }

    /// The events of the latest days before this one, by day.
    fn past_days(&self, today: Date) -> Result<Vec<Vec<(i64, hall::Event)>>, store::VerifyError> {
        store::read_latest(&self.data, EVENTS, |entries| {
            let mut days: Vec<Vec<(i64, hall::Event)>> = vec![];
            let mut within = false;
            for entry in entries {
                let entry = entry?;
                // What a newer version wrote is not for this one to learn from.
                let Ok(event) = serde_json::from_slice(&entry.payload) else { continue };
                if let hall::Event::DayOpened { date, .. } = &event {
                    within = *date < today;
                    if within {
                        days.push(vec![]);
                    }
                }
                if let Some(day) = days.last_mut().filter(|_| within) {
                    day.push((entry.at_ms, event));
                }
            }
            let surplus = days.len().saturating_sub(DAYS);
            days.drain(..surplus);
            Ok(days)
        })
    }

    fn offset_ms(&self, at_ms: i64) -> i64 {
        i64::from(self.time_zone.to_offset(wire::event::timestamp(at_ms)).seconds()) * 1000
    }

    /// Waits until something changed or a minute has passed, at least for `rest`; false when the loop is gone.
    fn wait(&self, changes: &Receiver<()>, rest: Duration) -> bool {
        let rested = Instant::now() + rest;
        let mut changed = false;
        loop {
            let left = rested.saturating_duration_since(Instant::now());
            match changes.recv_timeout(if left.is_zero() { POLL } else { left }) {
                Ok(()) => changed = true,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return false,
            }
            let due = (self.clock.now_ms() - self.looked_ms).abs() >= EVERY_MS;
            if Instant::now() >= rested && (changed || due) {
                return true;
            }
        }
    }
}

/// Does something that must not end the looks when it fails: a fault is logged, and the next look is another try.
fn attempt<T>(what: &str, act: impl FnOnce() -> T) -> Option<T> {
    // Whatever the seer knows after a fault is no worse than a forecast that is off: it holds nothing that was promised.
    match catch_unwind(AssertUnwindSafe(act)) {
        Ok(done) => Some(done),
        Err(_) => {
            tracing::error!("{what} failed; numbers and calls go on, and it is tried again");
            None
        }
    }
}

/// What each person ahead adds to a wait, in seconds: an average service shared by the counters that are open for this one.
fn each_s(hall: &Hall, learnt: &forecast::learn::Learnt, tier: usize, service: usize) -> f64 {
    let floor = hall.floor();
    let open = floor.posts.iter().filter(|post| {
        let able = post.tiers > tier && post.skills.binary_search(&service).is_ok();
        let calls = |state: &hall::CounterState| matches!(state, hall::CounterState::Open { .. });
        able && hall.counter(post.number).is_some_and(|counter| calls(&counter.state))
    });
    let average_ms = (0..floor.services).map(|service| learnt.services.mean_ms(service)).sum::<f64>();
    average_ms / floor.services.max(1) as f64 / 1000.0 / open.count().max(1) as f64
}

#[cfg(test)]
mod tests {
    use hall::Event;
    use hall::command::CounterAct;

    use super::*;
    use crate::testing::{At10, OFFSET_MS, TEN};
    use crate::world::World;

    /// A seer of a hall in which these events happened.
    fn seer_of(lived: &At10) -> Seer {
        let rules = Arc::new(lived.hall.rules().clone());
        let published = Published::new("epoch".to_owned(), World::new(Arc::clone(&rules)), &[], TEN);
        tell(&published, &lived.events);
        let (clock, _) = Clock::stepped(lived.now_ms);
        let zone = TimeZone::fixed(jiff::tz::offset(8));
        Seer::new(published, clock, zone, PathBuf::from("nowhere"), rules)
    }

    fn tell(published: &Published, events: &[(i64, Event)]) {
        let numbered: Vec<_> = (1..).zip(events).map(|(seq, (at_ms, event))| (seq, *at_ms, event.clone())).collect();
        published.replay(&numbered);
    }

    #[test]
    fn a_look_publishes_waits_and_trouble() {
        let mut lived = At10::new();
        lived.opens(2);
        (0..30).for_each(|_| lived.takes("ordinary"));
        let mut seer = seer_of(&lived);
        seer.look_first();
        let state = seer.published.read();
        assert_eq!(state.foreseen.waiting.len(), 30);
        assert!(state.foreseen.tiers[2].expected_misses > 3.0, "{:?}", state.foreseen.tiers);
        assert_eq!(state.foreseen.alarms, [None, None, Some(TEN)]);
        assert_eq!(state.blind_since_ms, None);
    }

    #[test]
    fn visits_are_learnt_once_also_when_the_day_closes() {
        let mut lived = At10::new();
        lived.opens(2);
        for _ in 0..3 {
            lived.takes("ordinary");
            lived.at(2, CounterAct::CallNext);
            lived.now_ms += 60_000;
            lived.at(2, CounterAct::Complete { outcome: None });
        }
        let mut seer = seer_of(&lived);
        seer.look_first();
        seer.look_first();
        assert_eq!(seer.school.learnt.services.measured(), 3);
        let (_keep, changes) = std::sync::mpsc::sync_channel(1);
        seer.begin_day(None, &changes);
        seer.look_first();
        assert_eq!(seer.school.learnt.services.measured(), 3);
    }

    #[test]
    fn a_fault_ends_one_look_and_not_the_looks() {
        assert_eq!(attempt("a test", || 1), Some(1));
        assert_eq!(attempt("a test", || -> u8 { panic!("as it may happen") }), None);
        let seer = seer_of(&At10::new());
        seer.published.note_blindness(true, 1000);
        seer.published.note_blindness(true, 2000);
        assert_eq!(seer.published.read().blind_since_ms, Some(1000));
        seer.published.note_blindness(false, 3000);
        assert_eq!(seer.published.read().blind_since_ms, None);
    }

    #[test]
    fn a_lesson_that_cannot_be_read_is_tried_again() {
        let mut seer = seer_of(&At10::new());
        let (_keep, changes) = std::sync::mpsc::sync_channel(1);
        let today = seer.published.read().world.hall.day();
        assert!(!seer.begin_day(today, &changes), "there is no journal here");
        assert_eq!((seer.day, today.is_some()), (None, true), "it is tried again");
    }

    #[test]
    fn a_business_day_begins_at_its_cut_over() {
        let seer = seer_of(&At10::new());
        let day = Date { year: 2026, month: 11, day: 22 };
        let begins_ms = seer.begins_ms(day, 240).expect("a date");
        assert_eq!((begins_ms + OFFSET_MS).rem_euclid(86_400_000), 4 * 3_600_000);
        assert_eq!(TEN - begins_ms, 6 * 3_600_000);
    }

    #[test]
    fn each_person_ahead_adds_less_where_more_counters_are_open() {
        let mut lived = At10::new();
        lived.opens(2);
        let seer = seer_of(&lived);
        let alone_s = each_s(&lived.hall, &seer.school.learnt, 2, 0);
        lived.opens(3);
        assert!((each_s(&lived.hall, &seer.school.learnt, 2, 0) - alone_s / 2.0).abs() < 1e-9);
    }
}
