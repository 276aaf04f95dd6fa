//! One batch: decide each ask on the draft and write its rows, commit once, then apply, publish and answer.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use hall::{At, Command, Event, Language, Refusal};
use store::{Committed, Request, StoreError};
use tokio::sync::oneshot;
use wire::{Passing, PassingKind};

use super::answer::{self, Answer, Reply};
use super::watchman::Watchman;
use super::{Ask, CommandAsk, Engine};
use crate::daylight::Daylight;
use crate::effects;
use crate::foreseen::Foreseen;
use crate::world::World;

/// What a batch has gathered, worthless until it is committed.
#[derive(Default)]
struct Gathered {
    events: Vec<(u64, i64, Event)>,
    passing: Vec<Passing>,
    answers: Vec<(oneshot::Sender<Answer>, Language, Answer)>,
    ticks: Vec<oneshot::Sender<()>>,
}

impl Engine {
    /// Works off a batch and leaves it empty.
    pub(super) fn run(&mut self, asks: &mut Vec<Ask>) {
        let started = Instant::now();
        let mut gathered = Gathered::default();
        let asked = asks.iter().any(|ask| matches!(ask, Ask::Tick { prove: true, .. }));
        let proves = asked && self.proved.is_none_or(|proved| proved.elapsed() > PROOF_HOLDS);
        self.watchman.look(&self.clock);
        let outcome = self.write(asks.drain(..), proves, &mut gathered);
        match outcome {
            Ok(committed) => {
                self.counters.commits.fetch_add(1, Ordering::Relaxed);
                let micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
                self.counters.commit_us.fetch_add(micros, Ordering::Relaxed);
                // An empty commit touches no disk and says nothing about it.
                if committed.entries() > 0 || proves {
                    self.storage_since_ms = None;
                    self.proved = Some(Instant::now());
                }
                self.published.publish(&committed, &gathered.events, &gathered.passing);
                for (respond, _, answer) in gathered.answers {
                    // Who hung up asks again with the same key.
                    let _ = respond.send(answer);
                }
                for respond in gathered.ticks {
                    let _ = respond.send(());
                }
            }
            Err(error) => {
                self.counters.failed_commits.fetch_add(1, Ordering::Relaxed);
                self.storage_since_ms.get_or_insert_with(|| self.clock.now_ms());
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "a batch was not committed; nobody is told yes"
                );
                self.draft = self.published.read().world.clone();
                // Nobody was told.
                self.daylight = Daylight::default();
                let mend = mend(error.kind()).to_owned();
                for (respond, language, _) in gathered.answers {
                    let _ = respond.send(Answer::storage_failed(language, mend.clone()));
                }
            }
        }
        self.published.note_trouble(self.storage_since_ms, self.watchman.doubted_since_ms());
    }

    /// Writes a batch and syncs it. On an error nothing of it exists.
    fn write(
        &mut self,
        asks: impl Iterator<Item = Ask>,
        proves: bool,
        gathered: &mut Gathered,
    ) -> Result<Committed, StoreError> {
        let at = super::moment(&self.clock, &self.premises.time_zone);
        let (seq, foreseen) = {
            let state = self.published.read();
            (state.seq, Arc::clone(&state.foreseen))
        };
        let Self { store, draft, premises, public_url, watchman, daylight, .. } = self;
        let mut batch = store.begin();
        let mut failure = None;
        let mut writer =
            Writer { draft, at, seq, premises, public_url, watchman, daylight, foreseen: &foreseen, gathered };
        for ask in asks {
            // After a failure the rest is only collected, so that everybody gets an answer.
            let rows = match (&mut batch, &failure) {
                (Ok(rows), None) => Some(&mut **rows),
                (Ok(_), Some(_)) | (Err(_), _) => None,
            };
            if let Err(error) = writer.take(ask, rows) {
                failure = Some(error);
            }
        }
        match failure {
            Some(error) => Err(error),
            None => {
                let mut batch = batch?;
                if proves {
                    batch.prove()?;
                }
                batch.commit()
            }
        }
    }
}

/// Turns asks into rows, events and answers.
pub(super) struct Writer<'e> {
    pub(super) draft: &'e mut World,
    pub(super) at: At,
    /// The newest event that is published.
    seq: u64,
    pub(super) premises: &'e crate::options::Premises,
    pub(super) public_url: &'e str,
    watchman: &'e mut Watchman,
    daylight: &'e mut Daylight,
    pub(super) foreseen: &'e Foreseen,
    gathered: &'e mut Gathered,
}

impl Writer<'_> {
    /// Works off one ask; without rows it is only noted, for the failure's answer.
    fn take(&mut self, ask: Ask, rows: Option<&mut Request<'_>>) -> Result<(), StoreError> {
        let (respond, language, outcome) = match (ask, rows) {
            (Ask::End, _) => return Ok(()),
            (Ask::Tick { .. }, None) => return Ok(()),
            (Ask::Tick { respond, .. }, Some(rows)) => {
                self.gathered.ticks.push(respond);
                return self.tick(rows);
            }
            (Ask::Command(ask), None) => (ask.respond, ask.language, Ok(Answer::empty())),
            (Ask::TestPage(ask), None) => (ask.respond, ask.language, Ok(Answer::empty())),
            (Ask::Print { respond, .. } | Ask::PrintJobs { respond, .. } | Ask::Abandon { respond, .. }, None) => {
                (respond, Language::Zh, Ok(Answer::empty()))
            }
            (Ask::Command(ask), Some(rows)) => {
                let outcome = self.command(&ask, rows);
                (ask.respond, ask.language, outcome)
            }
            (Ask::TestPage(ask), Some(rows)) => {
                let outcome = self.test_page(&ask, rows);
                (ask.respond, ask.language, outcome)
            }
            (Ask::Print { job, report, respond }, Some(rows)) => {
                (respond, Language::Zh, self.print_report(job, &report, rows))
            }
            (Ask::PrintJobs { kiosk, respond }, Some(rows)) => {
                (respond, Language::Zh, self.print_jobs(kiosk.as_deref(), rows))
            }
            (Ask::Abandon { key, respond }, Some(rows)) => (respond, Language::Zh, self.abandon(&key, rows)),
        };
        let (answer, outcome) = match outcome {
            Ok(answer) => (answer, Ok(())),
            Err(error) => (Answer::empty(), Err(error)),
        };
        self.gathered.answers.push((respond, language, answer));
        outcome
    }

    /// A customer left before the answer came: whatever number the key was given is given up, and a late original gets none.
    fn abandon(&mut self, key: &str, rows: &mut Request<'_>) -> Result<Answer, StoreError> {
        let Some(known) = rows.answer_for(key)? else {
            let gone = Answer::abandoned();
            rows.remember_answer(key, &GIVEN_UP, gone.status, &gone.body, self.at.utc_ms)?;
            return Ok(Answer::empty());
        };
        if let Ok(issued) = serde_json::from_slice::<wire::Issued>(&known.body) {
            let command = Command::Cancel { ticket: issued.ticket.id, by: hall::Actor::Customer };
            // Refused when it is being served or over already, which is as good.
            if let Ok(events) = self.draft.hall.decide(self.at, &command) {
                self.happen(&events, rows)?;
            }
        }
        Ok(Answer::empty())
    }

    fn command(&mut self, ask: &CommandAsk, rows: &mut Request<'_>) -> Result<Answer, StoreError> {
        if let Some(answer) = answered(ask.key.as_ref(), ask.language, rows)? {
            return Ok(answer);
        }
        if let Command::OpenDay { .. } = ask.command {
            self.watchman.believe();
        }
        let at_counter = match ask.reply {
            Reply::AtCounter(counter) => self.draft.hall.counter(counter).and_then(|counter| counter.ticket),
            Reply::Issued
            | Reply::Called(_)
            | Reply::Ticket(_)
            | Reply::Counter(_)
            | Reply::Appointment
            | Reply::Nothing => None,
        };
        let answer = match self.draft.hall.decide(self.at, &ask.command) {
            Ok(events) => {
                self.happen(&events, rows)?;
                let telling = answer::Telling {
                    now_ms: self.at.utc_ms,
                    language: ask.language,
                    sight: ask.sight,
                    public_url: self.public_url,
                    foreseen: self.foreseen,
                };
                answer::worded(self.draft, ask.reply, &events, at_counter, &telling)
            }
            Err(refusal) => {
                if !matches!(refusal, Refusal::NobodyWaits(_)) {
                    tracing::info!(?refusal, "refused");
                }
                answer::refused(&refusal, self.draft.hall.rules(), ask.language)
            }
        };
        if let Some((key, fingerprint)) = &ask.key {
            rows.remember_answer(key, fingerprint, answer.status, &answer.body, self.at.utc_ms)?;
        }
        Ok(answer)
    }

    /// Journals events with all that they lead to, and applies them to the draft.
    fn happen(&mut self, events: &[Event], rows: &mut Request<'_>) -> Result<(), StoreError> {
        let mut seq = 0;
        let mut places = BTreeSet::new();
        for event in events {
            seq = self.happen_one(event, rows)?;
            places.extend(effects::places_changed(self.draft, event));
        }
        // A sign is told where the events lead, not each step: a blank between two calls would cost its slow line twice.
        for place in places {
            let sign = effects::wanted(self.draft, &place, seq, Daylight::of(&self.premises.signs, self.at));
            self.pass(PassingKind::SignWanted { sign });
        }
        Ok(())
    }

    fn happen_one(&mut self, event: &Event, rows: &mut Request<'_>) -> Result<u64, StoreError> {
        let at_ms = self.at.utc_ms;
        let payload = serde_json::to_vec(event).unwrap_or_default();
        let seq = rows.append(at_ms, &payload)?;
        if let Event::DayOpened { .. } = event {
            rows.mark_day_start(seq)?;
            rows.forget_answers_before(at_ms - KEEP_ANSWERS_MS)?;
            rows.forget_prints_before(at_ms - KEEP_ANSWERS_MS)?;
        }
        self.draft.apply(at_ms, event);

        if let Some(print) = effects::print(self.draft, event) {
            self.enqueue(print, rows)?;
        }
        if let Some(say) = effects::say(self.draft, at_ms, event) {
            self.pass(say);
        }
        self.gathered.events.push((seq, at_ms, event.clone()));
        Ok(seq)
    }

    fn tick(&mut self, rows: &mut Request<'_>) -> Result<(), StoreError> {
        self.expire_prints(rows)?;
        self.tell_daylight();
        if !self.premises.opens_day || self.watchman.doubted_since_ms().is_some() {
            return Ok(());
        }
        let date = self.at.business_date(self.draft.hall.rules().cut_over_minute);
        // A clock that was set back keeps the day: `OpenDay` only goes forward.
        if self.draft.hall.latest_day().is_none_or(|latest| date > latest)
            && let Ok(events) = self.draft.hall.decide(self.at, &Command::OpenDay { date })
        {
            self.happen(&events, rows)?;
        }
        Ok(())
    }

    /// Tells every sign when the time of day makes it otherwise. A host that misses it asks for all signs when it is back.
    fn tell_daylight(&mut self) {
        let daylight = Daylight::of(&self.premises.signs, self.at);
        if std::mem::replace(self.daylight, daylight) != daylight {
            for place in effects::all_places(self.draft) {
                let sign = effects::wanted(self.draft, &place, self.seq, daylight);
                self.pass(PassingKind::SignWanted { sign });
            }
        }
    }

    pub(super) fn pass(&mut self, kind: PassingKind) {
        self.gathered.passing.push(Passing::new(self.at.utc_ms, kind));
    }
}

/// What a request with this key was answered before.
pub(super) fn answered(
    key: Option<&(String, [u8; 32])>,
    language: Language,
    rows: &Request<'_>,
) -> Result<Option<Answer>, StoreError> {
    let Some((key, fingerprint)) = key else { return Ok(None) };
    let answer = rows.answer_for(key)?.map(|known| {
        if known.fingerprint == *fingerprint || known.fingerprint == GIVEN_UP {
            Answer { status: known.status, body: known.body.into(), retry_after: None }
        } else {
            Answer::key_reused(language)
        }
    });
    Ok(answer)
}

fn mend(kind: store::ErrorKind) -> &'static str {
    match kind {
        store::ErrorKind::DiskFull => "the disk is full: make room; nothing was lost and it goes on by itself",
        store::ErrorKind::Corrupt => {
            "the database or the disk is damaged: run `jiaohao verify` and leave the files where they are"
        }
        store::ErrorKind::Io => "the disk refuses to write: check it; nothing was lost and it goes on by itself",
        store::ErrorKind::Busy => "another program holds the database: end it",
        store::ErrorKind::Misuse => "a fault of this program: see the log",
    }
}

/// Stands for whatever request a given-up key was made for, which nobody has seen; no request hashes to it.
const GIVEN_UP: [u8; 32] = [0; 32];
/// How long a commit counts as proof that the disk takes writes.
const PROOF_HOLDS: Duration = Duration::from_secs(1);
/// A retry after a night still gets its answer.
const KEEP_ANSWERS_MS: i64 = 86_400_000;
