//! A device that plays its side of a recording back.

use std::io;
use std::time::{Duration, Instant};

use crate::line::{Device, Line, LineOptions};
use crate::line_methods::line_methods;
use crate::recording::{Direction, Recording};

/// So many of the bytes that were not expected are kept.
const KEPT_UNEXPECTED: usize = 64 * 1024;

/// When a replayed device says what was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplayPace {
    /// As soon as it has heard what came before.
    AtOnce,
    /// So long after what came before as when it was recorded.
    AsRecorded,
}

/// A running replay. Dropping it unplugs it.
///
/// It says each recorded chunk once it has heard all that the host had sent before it. Bytes of the driver that the
/// recording has not are passed over and kept for [`Replay::unexpected`], so that a driver that asks twice still
/// gets its answer.
pub struct Replay {
    line: Line<Player>,
}

impl Replay {
    /// Plugs the recorded device in. Needs a tokio runtime with I/O and time. What it says before the host has said
    /// anything waits for [`Replay::begin`], or for the host's first byte.
    ///
    /// # Errors
    /// Outside a runtime, or when no pseudo-terminal or no link can be made.
    pub fn start(line: &LineOptions, recording: &Recording, pace: ReplayPace) -> io::Result<Self> {
        Ok(Self { line: Line::start(line, Player::new(recording, pace))? })
    }

    line_methods!(line);

    /// Lets it say what it says first, once a driver is there.
    pub fn begin(&self) {
        let now = Instant::now();
        self.line.act(|player| player.begin(now));
    }

    /// Whether everything recorded has been said and heard.
    pub fn is_finished(&self) -> bool {
        self.line.read(Player::is_finished)
    }

    /// Waits until everything recorded has been said and heard.
    pub async fn wait_until_finished(&self) {
        self.line.wait_for(|player| player.is_finished().then_some(())).await;
    }

    /// The recorded bytes of the host it waits for now; empty when it waits for none.
    pub fn waits_for(&self) -> Vec<u8> {
        self.line.read(Player::waits_for)
    }

    /// What the driver sent and the recording has not (the newest 64 KiB), in order.
    pub fn unexpected(&self) -> Vec<u8> {
        self.line.read(|player| player.unexpected.clone())
    }
}

enum Step {
    Hear(Vec<u8>),
    Say { bytes: Vec<u8>, delay: Duration },
}

struct Player {
    steps: Vec<Step>,
    next: usize,
    pace: ReplayPace,
    /// When the step before was done; `None`: nothing has begun.
    since: Option<Instant>,
    heard: Vec<u8>,
    unexpected: Vec<u8>,
    output: Vec<u8>,
}

impl Player {
    fn new(recording: &Recording, pace: ReplayPace) -> Self {
        let mut steps: Vec<Step> = Vec::new();
        let mut before = Duration::ZERO;
        for chunk in &recording.0 {
            match (chunk.direction, steps.last_mut()) {
                // The driver's bytes may come in other chunks than they did.
                (Direction::ToDevice, Some(Step::Hear(bytes))) => bytes.extend(&chunk.bytes),
                (Direction::ToDevice, Some(Step::Say { .. }) | None) => steps.push(Step::Hear(chunk.bytes.clone())),
                (Direction::ToHost, _) => {
                    steps.push(Step::Say { bytes: chunk.bytes.clone(), delay: chunk.after.saturating_sub(before) });
                }
            }
            before = chunk.after;
        }
        Self { steps, next: 0, pace, since: None, heard: Vec::new(), unexpected: Vec::new(), output: Vec::new() }
    }

    fn is_finished(&self) -> bool {
        self.next >= self.steps.len()
    }

    fn waits_for(&self) -> Vec<u8> {
        match self.steps.get(self.next) {
            Some(Step::Hear(bytes)) => bytes.clone(),
            Some(Step::Say { .. }) | None => Vec::new(),
        }
    }

    fn begin(&mut self, at: Instant) {
        self.since.get_or_insert(at);
        self.go_on(at);
    }

    /// Does the steps whose time has come.
    fn go_on(&mut self, at: Instant) {
        while let (Some(step), Some(since)) = (self.steps.get(self.next), self.since) {
            match step {
                Step::Hear(wanted) => {
                    let found = self.heard.windows(wanted.len()).position(|heard| heard == wanted.as_slice());
                    let Some(before) = found else { return };
                    let end = before + wanted.len();
                    self.pass_over(before);
                    self.heard.drain(..end - before);
                    self.since = Some(at);
                }
                Step::Say { bytes, delay } => {
                    let due = since + *delay;
                    match self.pace {
                        ReplayPace::AtOnce => {}
                        ReplayPace::AsRecorded if due <= at => self.since = Some(due),
                        ReplayPace::AsRecorded => return,
                    }
                    self.output.extend(bytes);
                }
            }
            self.next += 1;
        }
        if self.is_finished() {
            self.pass_over(self.heard.len());
        }
    }

    /// The first `count` bytes heard were not expected.
    fn pass_over(&mut self, count: usize) {
        self.unexpected.extend(self.heard.drain(..count));
        let surplus = self.unexpected.len().saturating_sub(KEPT_UNEXPECTED);
        self.unexpected.drain(..surplus);
    }
}

impl Device for Player {
    fn receive(&mut self, bytes: &[u8], at: Instant) {
        self.heard.extend(bytes);
        self.begin(at);
        // What is longer than anything recorded cannot become it any more.
        let longest = self.waits_for().len().max(KEPT_UNEXPECTED);
        self.pass_over(self.heard.len().saturating_sub(longest));
    }

    fn room(&self) -> usize {
        4096
    }

    fn take_output(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.output)
    }

    fn alarm_at(&self) -> Option<Instant> {
        match (self.steps.get(self.next), self.pace) {
            (Some(Step::Say { delay, .. }), ReplayPace::AsRecorded) => Some(self.since? + *delay),
            (Some(Step::Say { .. }), ReplayPace::AtOnce) | (Some(Step::Hear(_)) | None, _) => None,
        }
    }

    fn alarm(&mut self, at: Instant) {
        self.go_on(at);
    }
}
