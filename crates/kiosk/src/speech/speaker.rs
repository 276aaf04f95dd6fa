//! Says one thing at a time, on a thread of its own. What is newer is said instead.

use std::collections::VecDeque;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use voice::{Phrase, Sound};

use super::Programs;
use super::player::{Ended, PlayError, play, synthesize};

/// A device that fails is named in the log once in this time.
const COMPLAINT: Duration = Duration::from_secs(60);

/// Whatever can say something.
pub trait Say {
    /// Says this instead of whatever is being said.
    fn say(&self, phrases: Vec<Phrase>);
    /// Says this when the rest is said.
    fn add(&self, phrases: Vec<Phrase>);
    /// Says nothing more, at once.
    fn hush(&self);
    /// Speaks as loud as this from the next phrase on, 0 to 100.
    fn set_volume(&self, volume: u8);
}

/// What the kiosk speaks with.
#[derive(Debug, Clone)]
pub struct Equipment {
    /// The programs.
    pub programs: Programs,
    /// ALSA's name of the loudspeaker or headphones; without one, the machine's default.
    pub device: Option<String>,
    /// A folder of recordings: `zh/请选择您要办理的业务.wav`. They come before the synthesizer.
    pub clips: Option<PathBuf>,
    /// How loud at first, 0 to 100.
    pub volume: u8,
}

/// The kiosk's voice.
#[derive(Debug)]
pub struct Speaker {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    wish: Mutex<Wish>,
    changed: Condvar,
}

#[derive(Debug)]
struct Wish {
    /// Counts the times that something else was wanted.
    turn: u64,
    phrases: VecDeque<Phrase>,
    speaking: bool,
    volume: u8,
    over: bool,
}

impl Speaker {
    /// Starts the thread.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(equipment: Equipment) -> io::Result<Self> {
        let wish = Wish { turn: 0, phrases: VecDeque::new(), speaking: false, volume: equipment.volume, over: false };
        let shared = Arc::new(Shared { wish: Mutex::new(wish), changed: Condvar::new() });
        let thread = thread::Builder::new().name("speech".to_owned()).spawn({
            let shared = Arc::clone(&shared);
            move || Mouth { equipment, shared, complained: None }.speak()
        })?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Waits until there is nothing more to say; whether that was within the time.
    #[must_use]
    pub fn is_silent_within(&self, limit: Duration) -> bool {
        let until = Instant::now() + limit;
        let mut wish = self.shared.wish();
        while wish.speaking || !wish.phrases.is_empty() {
            let Some(left) = until.checked_duration_since(Instant::now()) else { return false };
            wish = self.shared.changed.wait_timeout(wish, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    fn change(&self, change: impl FnOnce(&mut Wish)) {
        change(&mut self.shared.wish());
        self.shared.changed.notify_all();
    }
}

impl Say for Speaker {
    fn say(&self, phrases: Vec<Phrase>) {
        self.change(|wish| {
            wish.turn += 1;
            wish.phrases = phrases.into();
        });
    }

    fn add(&self, phrases: Vec<Phrase>) {
        self.change(|wish| wish.phrases.extend(phrases));
    }

    fn hush(&self) {
        self.say(Vec::new());
    }

    fn set_volume(&self, volume: u8) {
        self.change(|wish| wish.volume = volume);
    }
}

impl Drop for Speaker {
    fn drop(&mut self) {
        self.change(|wish| {
            wish.turn += 1;
            wish.over = true;
        });
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread that speaks panicked");
        }
    }
}

impl Shared {
    fn wish(&self) -> MutexGuard<'_, Wish> {
        // Nothing panics while it holds the wish, and a wish is whole after every change.
        self.wish.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits up to so long; whether what was wanted in this turn is wanted still.
    fn is_wanted(&self, turn: u64, wait: Duration) -> bool {
        let wish = self.wish();
        if wish.turn != turn {
            return false;
        }
        let (wish, _) = self.changed.wait_timeout(wish, wait).unwrap_or_else(PoisonError::into_inner);
        wish.turn == turn
    }
}

/// The thread.
struct Mouth {
    equipment: Equipment,
    shared: Arc<Shared>,
    complained: Option<Instant>,
}

impl Mouth {
    fn speak(mut self) {
        while let Some((turn, volume, phrase)) = self.next() {
            if volume == 0 {
                continue;
            }
            if let Err(error) = self.say(turn, volume, &phrase) {
                self.complain(&error);
            }
        }
    }

    /// Waits for the next phrase; `None` at the end.
    fn next(&self) -> Option<(u64, u8, Phrase)> {
        let mut wish = self.shared.wish();
        wish.speaking = false;
        loop {
            if wish.over {
                return None;
            }
            if let Some(phrase) = wish.phrases.pop_front() {
                wish.speaking = true;
                return Some((wish.turn, wish.volume, phrase));
            }
            self.shared.changed.notify_all();
            wish = self.shared.changed.wait(wish).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn say(&self, turn: u64, volume: u8, phrase: &Phrase) -> Result<(), PlayError> {
        let wanted = |wait| self.shared.is_wanted(turn, wait);
        let device = self.equipment.device.as_deref();
        let programs = &self.equipment.programs;
        if let Some(clips) = self.clips_of(phrase) {
            for clip in clips {
                if play(programs, device, &clip, volume, &wanted)? == Ended::Hushed {
                    return Ok(());
                }
            }
            return Ok(());
        }
        for (language, words) in phrase.breaths() {
            let Some(sound) = synthesize(programs, language, &words, &wanted)? else { return Ok(()) };
            if play(programs, device, &sound, volume, &wanted)? == Ended::Hushed {
                return Ok(());
            }
        }
        Ok(())
    }

    /// The recordings that say all of a phrase: one, or one of each part. A phrase of two voices is worse than the synthesizer.
    fn clips_of(&self, phrase: &Phrase) -> Option<Vec<Sound>> {
        if let Some(clip) = self.clip(&phrase.language, phrase.clip.as_deref()) {
            return Some(vec![clip]);
        }
        phrase.parts.iter().map(|part| self.clip(&part.language, part.clip.as_deref())).collect()
    }

    fn clip(&self, language: &str, name: Option<&str>) -> Option<Sound> {
        let file = self.equipment.clips.as_ref()?.join(language).join(name?).with_extension("wav");
        let content = std::fs::read(&file).ok()?;
        match Sound::from_wav(&content) {
            Ok(sound) => Some(sound),
            Err(error) => {
                tracing::warn!(file = %file.display(), %error, "this recording cannot be played");
                None
            }
        }
    }

    /// A phrase that cannot be said is lost, as a spoken word is; the page shows it.
    fn complain(&mut self, error: &PlayError) {
        if self.complained.is_none_or(|then| then.elapsed() >= COMPLAINT) {
            tracing::warn!(error = error as &dyn std::error::Error, "speaking");
            self.complained = Some(Instant::now());
        }
    }
}
