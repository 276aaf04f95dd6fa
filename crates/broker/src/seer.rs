//! Looks ahead on a thread of its own: after every change, but no more often than its share of the machine allows, and at least
//! once a minute of the hall's time. The loop never waits for it.
//!
//! What it knows it learns from the journal, at start and with each new day; the latest days tell it, and nothing else is kept.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use clock::Clock;
use forecast::advice::{self, Advice};
use forecast::alarm::Alarm;
use forecast::forward::Present;
use forecast::prospect::{Prospect, prospect};
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

/// Futures of a look, while few wait.
const FUTURES: usize = 100;
/// Futures each step of advice is tried in.
const ADVICE_FUTURES: usize = 60;
/// With more people waiting than this a look takes fewer futures, so that it stays short.
const CROWD: usize = 150;
/// A look is due after so long also when nothing changed, in the hall's ms.
const EVERY_MS: i64 = 60_000;
/// How often the clock is asked whether a look is due.
const POLL: Duration = Duration::from_millis(500);
/// Between two looks, at least; and so many times as long as the last one took.
const REST: Duration = Duration::from_millis(100);
const REST_SHARE: u32 = 4;
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
            let hall = self.published.read().world.hall.clone();
            if hall.day() != self.day {
                self.begin_day(&hall, desk);
            }
            let started = Instant::now();
            self.look(&hall);
            let rest = REST.max(started.elapsed() * REST_SHARE);
            if !self.wait(changes, rest) {
                return;
            }
        }
    }

    /// Makes a forecast of this moment and publishes it.
    pub(crate) fn look(&mut self, hall: &Hall) {
        let now_ms = self.clock.now_ms();
        self.looked_ms = now_ms;
        for (call, served) in served_in(hall) {
            if self.learnt_today.insert(call) {
                self.school.learnt.learn_service(&served);
            }
        }
        self.school.learnt.settle(hall.floor());
        let present = Present::of(hall, &self.school.learnt, now_ms, self.offset_ms(now_ms));
        let crowd = hall.queue().len().max(1);
        let share = |futures: usize| (futures * CROWD / crowd.max(CROWD)).max(3);
        let seed = now_ms as u64;
        let foreseen = prospect(&self.school.learnt, &present, share(FUTURES), seed);
        for ((alarm, since_ms), tier) in self.alarms.iter_mut().zip(&foreseen.tiers) {
            alarm.look(tier.expected_misses);
            // Who is late already is trouble that is there, and not over before they are called.
            let rings = alarm.is_on() || tier.overdue > 0;
            *since_ms = rings.then_some(since_ms.unwrap_or(now_ms));
        }
        let advice = match self.alarms.iter().any(|(_, since_ms)| since_ms.is_some()) {
            true => self.advise(hall, &present, share(ADVICE_FUTURES), seed),
            false => vec![],
        };
        self.published.foresee(self.told(hall, foreseen, advice, now_ms), now_ms);
    }

    fn advise(&self, hall: &Hall, present: &Present<'_>, futures: usize, seed: u64) -> Vec<Advice> {
        let services = hall.rules().services.iter().enumerate();
        let self_service: Vec<usize> =
            services.filter(|(_, service)| service.self_service.is_some()).map(|(index, _)| index).collect();
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

    /// A new day: learns from those before it, and tells routing.
    fn begin_day(&mut self, hall: &Hall, desk: &Desk) {
        self.day = hall.day();
        self.learnt_today.clear();
        let Some(day) = self.day else { return };
        let started = Instant::now();
        match self.past_days(day) {
            Ok(days) => {
                let mut school = School::new(Arc::new(hall.rules().clone()));
                for events in &days {
                    let offset_ms = self.offset_ms(events.first().map_or(0, |(at_ms, _)| *at_ms));
                    school.attend(events, offset_ms);
                }
                self.school = school;
                tracing::info!(days = days.len(), took = ?started.elapsed(), "learnt from the journal");
            }
            // Forecasts go on with what is known; the loop would notice a damaged journal itself.
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "learning from the journal"),
        }
        let now_ms = self.clock.now_ms();
        let offset_ms = self.offset_ms(now_ms);
        let midnight_ms = now_ms - (now_ms + offset_ms).rem_euclid(86_400_000);
        if self.school.learnt.days > 0 && !hall.outlook().knows(midnight_ms) {
            let command = Command::Learn(self.school.learnt.lesson(hall.rules(), midnight_ms));
            let (respond, _) = oneshot::channel();
            let (key, reply, language, sight) = (None, Reply::Nothing, Language::Zh, Sight::Public);
            let ask = CommandAsk { key, command, reply, language, sight, respond };
            // A full queue refuses it: then routing goes by what it knew.
            let _ = desk.ask(Ask::Command(Box::new(ask)));
        }
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
