//! Several devices on one RS-485 line.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Instant;

use crate::line::{Device, Line, LineOptions};

/// So many frames are kept for each device.
const KEPT_FRAMES: usize = 10_000;

/// What a device made of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Understood and carried out.
    Understood,
    /// Well-formed, but asking for something the device has not; it says so where its protocol can.
    Refused(String),
    /// Not a well-formed frame: a wrong check sum, a wrong length, noise, or a frame that never ended.
    Damaged(String),
    /// Lost on purpose (`drop_next`), or sent to a device without power (`dead`).
    Dropped,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Understood => f.write_str("understood"),
            Self::Refused(why) => write!(f, "refused: {why}"),
            Self::Damaged(why) => write!(f, "damaged: {why}"),
            Self::Dropped => f.write_str("dropped"),
        }
    }
}

/// One frame a device heard, as it was on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// When its last byte had arrived.
    pub at: Instant,
    /// The bytes on the wire, escapes included.
    pub bytes: Vec<u8>,
    /// What came of it.
    pub verdict: Verdict,
}

/// A stretch of the byte stream.
#[derive(Debug)]
pub(crate) enum Heard<M> {
    Message { message: M, bytes: Vec<u8> },
    Damaged { bytes: Vec<u8>, why: String },
}

/// Finds frames in a stream.
pub(crate) trait Framing: Send + 'static {
    type Message;
    fn push(&mut self, byte: u8) -> Vec<Heard<Self::Message>>;
    fn is_mid_frame(&self) -> bool;
    /// The rest after a silence, if there is one.
    fn give_up(&mut self) -> Vec<Heard<Self::Message>>;
}

/// One device on the bus.
pub(crate) trait Unit: Send + 'static {
    type Message;
    /// Whether the message is for this device, alone or among others.
    fn is_for_me(&self, message: &Self::Message) -> bool;
    /// Carries out what had arrived at `at`: what came of it, and the bytes of the answer, if any.
    fn hear(&mut self, message: &Self::Message, at: Instant) -> (Verdict, Option<Vec<u8>>);
    /// When it will speak on its own, if it will.
    fn alarm_at(&self) -> Option<Instant> {
        None
    }
    /// The time of [`Unit::alarm_at`] has come: the bytes it begins with, if any.
    fn alarm(&mut self, _at: Instant) -> Option<Vec<u8>> {
        None
    }
    /// An answer to noise, if the protocol has one.
    fn hear_damage(&mut self, _bytes: &[u8]) -> Option<Vec<u8>> {
        None
    }
}

/// A unit and what the bus keeps for it.
pub(crate) struct Place<U> {
    pub(crate) unit: U,
    pub(crate) frames: VecDeque<Frame>,
    pub(crate) last_frame_at: Option<Instant>,
    pub(crate) mute: bool,
    pub(crate) dead: bool,
    pub(crate) drop_next: usize,
}

/// All units of a line, behind one framing.
pub(crate) struct Bus<F, U> {
    framing: F,
    pub(crate) places: Vec<Place<U>>,
    output: Vec<u8>,
}

impl<F, U> Bus<F, U>
where
    F: Framing,
    U: Unit<Message = F::Message>,
{
    pub(crate) fn new(framing: F, units: impl IntoIterator<Item = U>) -> Self {
        let place =
            |unit| Place { unit, frames: VecDeque::new(), last_frame_at: None, mute: false, dead: false, drop_next: 0 };
        Self { framing, places: units.into_iter().map(place).collect(), output: Vec::new() }
    }

    /// Sends bytes a unit begins on its own.
    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.output.extend(bytes);
    }

    fn take(&mut self, heard: Heard<F::Message>, at: Instant) {
        match heard {
            Heard::Message { message, bytes } => {
                for place in &mut self.places {
                    if !place.unit.is_for_me(&message) {
                        continue;
                    }
                    if place.dead || place.drop_next > 0 {
                        place.drop_next = place.drop_next.saturating_sub(1);
                        place.log(at, bytes.clone(), Verdict::Dropped);
                        continue;
                    }
                    let (verdict, answer) = place.unit.hear(&message, at);
                    place.log(at, bytes.clone(), verdict);
                    if let Some(answer) = answer.filter(|_| !place.mute) {
                        self.output.extend(answer);
                    }
                }
            }
            // Nobody knows for whom it was: every unit heard it.
            Heard::Damaged { bytes, why } => {
                for place in &mut self.places {
                    let answer = if place.dead { None } else { place.unit.hear_damage(&bytes) };
                    place.log(at, bytes.clone(), Verdict::Damaged(why.clone()));
                    if let Some(answer) = answer.filter(|_| !place.mute) {
                        self.output.extend(answer);
                    }
                }
            }
        }
    }
}

impl<U> Place<U> {
    fn log(&mut self, at: Instant, bytes: Vec<u8>, verdict: Verdict) {
        self.last_frame_at = Some(at);
        self.frames.push_back(Frame { at, bytes, verdict });
        if self.frames.len() > KEPT_FRAMES {
            self.frames.pop_front();
        }
    }
}

impl<F, U> Device for Bus<F, U>
where
    F: Framing,
    U: Unit<Message = F::Message>,
{
    fn receive(&mut self, bytes: &[u8], at: Instant) {
        for byte in bytes {
            for heard in self.framing.push(*byte) {
                self.take(heard, at);
            }
        }
    }

    fn room(&self) -> usize {
        4096
    }

    fn take_output(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.output)
    }

    fn is_mid_frame(&self) -> bool {
        self.framing.is_mid_frame()
    }

    fn fell_silent(&mut self, at: Instant) {
        for heard in self.framing.give_up() {
            self.take(heard, at);
        }
    }

    fn alarm_at(&self) -> Option<Instant> {
        self.places.iter().filter_map(|place| place.unit.alarm_at()).min()
    }

    fn alarm(&mut self, at: Instant) {
        for place in &mut self.places {
            if place.unit.alarm_at().is_some_and(|due| due <= at)
                && let Some(bytes) = place.unit.alarm(at).filter(|_| !place.mute && !place.dead)
            {
                self.output.extend(bytes);
            }
        }
    }
}

/// A handle to one unit of a bus; the line ends with its last handle.
pub(crate) struct OnBus<F: Framing, U: Unit<Message = F::Message>> {
    pub(crate) line: Arc<Line<Bus<F, U>>>,
    index: usize,
}

impl<F, U> OnBus<F, U>
where
    F: Framing,
    U: Unit<Message = F::Message>,
{
    /// Plugs `units` into one line and gives a handle for each, in their order.
    pub(crate) fn start(
        line: &LineOptions,
        framing: F,
        units: impl IntoIterator<Item = U>,
    ) -> io::Result<impl Iterator<Item = Self>> {
        let bus = Bus::new(framing, units);
        let count = bus.places.len();
        let line = Arc::new(Line::start(line, bus)?);
        Ok((0..count).map(move |index| Self { line: Arc::clone(&line), index }))
    }

    pub(crate) fn read<R: Default>(&self, look: impl FnOnce(&Place<U>) -> R) -> R {
        self.line.read(|bus| bus.places.get(self.index).map(look)).unwrap_or_default()
    }

    pub(crate) fn act(&self, act: impl FnOnce(&mut Place<U>) -> Option<Vec<u8>>) {
        self.line.act(|bus| {
            if let Some(bytes) = bus.places.get_mut(self.index).and_then(act) {
                bus.send(&bytes);
            }
        });
    }

    /// Does something to two units of one line at once; what it returns is sent. False when the other is on another
    /// line, and nothing was done.
    pub(crate) fn act_with(
        &self,
        other: &Self,
        act: impl FnOnce(&mut Place<U>, &mut Place<U>) -> Option<Vec<u8>>,
    ) -> bool {
        let on_one_line = Arc::ptr_eq(&self.line, &other.line);
        on_one_line
            && self.line.act(|bus| {
                let Ok([one, two]) = bus.places.get_disjoint_mut([self.index, other.index]) else {
                    return false;
                };
                if let Some(bytes) = act(one, two) {
                    bus.send(&bytes);
                }
                true
            })
    }

    pub(crate) async fn wait_for<T>(&self, mut probe: impl FnMut(&Place<U>) -> Option<T>) -> T {
        self.line.wait_for(|bus| bus.places.get(self.index).and_then(&mut probe)).await
    }
}

/// The methods every device on a bus has beside those of its line. `$on_bus` names the field that holds it.
macro_rules! unit_methods {
    ($on_bus:ident) => {
        crate::line_methods::line_methods!($on_bus.line);

        /// The frames it heard, oldest first (the newest 10,000): those for it, and noise.
        pub fn frames(&self) -> Vec<crate::Frame> {
            self.$on_bus.read(|place| place.frames.iter().cloned().collect())
        }

        /// When its newest frame ended; other devices on the line do not count.
        pub fn last_frame_at(&self) -> Option<std::time::Instant> {
            self.$on_bus.read(|place| place.last_frame_at)
        }

        /// Waits until it has heard at least `count` frames (of the newest 10,000), and returns them.
        pub async fn wait_for_frames(&self, count: usize) -> Vec<crate::Frame> {
            self.$on_bus
                .wait_for(|place| (place.frames.len() >= count).then(|| place.frames.iter().cloned().collect()))
                .await
        }

        /// Stops (`true`) or resumes answering; frames are still carried out.
        pub fn mute(&self, mute: bool) {
            self.$on_bus.act(|place| {
                place.mute = mute;
                None
            });
        }

        /// Takes the device's power (`true`) or gives it back; its line and the others on it go on. Frames for it
        /// are still kept, as lost ones, so that a driver's patience can be measured.
        pub fn dead(&self, dead: bool) {
            self.$on_bus.act(|place| {
                place.dead = dead;
                None
            });
        }

        /// Whether it is mute.
        pub fn is_mute(&self) -> bool {
            self.$on_bus.read(|place| place.mute)
        }

        /// Whether it is without power.
        pub fn is_dead(&self) -> bool {
            self.$on_bus.read(|place| place.dead)
        }

        /// How many frames it has kept, the newest 10,000 at most.
        pub fn frame_count(&self) -> usize {
            self.$on_bus.read(|place| place.frames.len())
        }

        /// The newest frame it heard.
        pub fn last_frame(&self) -> Option<crate::Frame> {
            self.$on_bus.read(|place| place.frames.back().cloned())
        }

        /// How many of the kept frames arrived damaged.
        pub fn damaged_frames(&self) -> usize {
            let damaged = |frame: &&crate::Frame| matches!(frame.verdict, crate::Verdict::Damaged(_));
            self.$on_bus.read(|place| place.frames.iter().filter(damaged).count())
        }

        /// Loses the next `count` frames for this device: neither carried out nor answered.
        pub fn drop_next(&self, count: usize) {
            self.$on_bus.act(|place| {
                place.drop_next = count;
                None
            });
        }
    };
}
pub(crate) use unit_methods;
