//! The deployed 呼叫器: a teller's keypad with two three-digit displays, a beeper and a rater (9600 8N1, RS-485).

mod frame;
mod pad;

use std::io;
use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::bus::{OnBus, unit_methods};
use crate::line::LineOptions;
use frame::{KeypadFraming, frame};
use pad::{EVALUATE, KEY, Pad, RATING, superimposed};

/// What a teller or a customer presses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// 呼叫: call the next customer.
    Call,
    /// 重呼: call the same number again.
    Recall,
    /// 评价: ask the customer for a rating.
    Evaluate,
    /// 暂停: pause the counter.
    Pause,
    /// 转移: transfer the customer.
    Transfer,
    /// 弃号: the customer did not come.
    NoShow,
    /// 挂起: hold the ticket.
    Hold,
    /// 回呼: call a held ticket back.
    CallBack,
    /// The customer's rating, on the rater's keys; 1 to 4 on the deployed one.
    Rate(u8),
}

impl Key {
    fn frame(self, address: u8) -> Vec<u8> {
        match self {
            Self::Call => frame(address, KEY, &[0x0C]),
            Self::Recall => frame(address, KEY, &[0x0D]),
            Self::Evaluate => frame(address, KEY, &[EVALUATE]),
            Self::Pause => frame(address, KEY, &[0x12]),
            Self::Transfer => frame(address, KEY, &[0x13]),
            Self::NoShow => frame(address, KEY, &[0x06, 0x0F]),
            Self::Hold => frame(address, KEY, &[0x00, 0x0F]),
            Self::CallBack => frame(address, KEY, &[0x03, 0x0F]),
            Self::Rate(score) => frame(address, RATING, &[score]),
        }
    }
}

/// What the two displays show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeypadDisplay {
    /// Customers waiting: the lit digits, `""` when all are dark.
    pub waiting: String,
    /// The number being served: the lit digits, `""` when all are dark.
    pub ticket: String,
}

/// How a keypad is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeypadOptions {
    /// Address on its line.
    pub address: u8,
    /// After how long without an acknowledgement it says a key again; `None`: it says it once.
    pub repeat: Option<Duration>,
    /// How often it says a key again before it gives up.
    pub repeats: u32,
}

impl KeypadOptions {
    /// A keypad that says each key once.
    pub fn new(address: u8) -> Self {
        Self { address, repeat: None, repeats: 0 }
    }

    /// A keypad that says a key again each `repeat` without an acknowledgement, ten times at most.
    pub fn repeating(address: u8, repeat: Duration) -> Self {
        Self { address, repeat: Some(repeat), repeats: 10 }
    }
}

/// A running keypad. Dropping the last one of a line unplugs the line.
pub struct Keypad {
    on_bus: OnBus<KeypadFraming, Pad>,
    shown: watch::Receiver<KeypadDisplay>,
    address: u8,
}

impl Keypad {
    /// Plugs one keypad in. Needs a tokio runtime with I/O and time.
    ///
    /// # Errors
    /// Outside a runtime, or when no pseudo-terminal or no link can be made.
    pub fn start(line: &LineOptions, address: u8) -> io::Result<Self> {
        let mut pads = Self::start_bus(line, [address])?;
        pads.pop().ok_or_else(|| io::Error::other("no keypad"))
    }

    /// Plugs several keypads that say each key once into one line.
    ///
    /// # Errors
    /// As [`Keypad::start`].
    pub fn start_bus(line: &LineOptions, addresses: impl IntoIterator<Item = u8>) -> io::Result<Vec<Self>> {
        Self::start_bus_with(line, addresses.into_iter().map(KeypadOptions::new))
    }

    /// Plugs several keypads into one line.
    ///
    /// # Errors
    /// As [`Keypad::start`].
    pub fn start_bus_with(
        line: &LineOptions,
        keypads: impl IntoIterator<Item = KeypadOptions>,
    ) -> io::Result<Vec<Self>> {
        let pads: Vec<_> = keypads.into_iter().map(Pad::new).collect();
        let known: Vec<_> = pads.iter().map(|pad| (pad.shown.subscribe(), pad.options.address)).collect();
        Ok(OnBus::start(line, KeypadFraming::default(), pads)?
            .zip(known)
            .map(|(on_bus, (shown, address))| Self { on_bus, shown, address })
            .collect())
    }

    unit_methods!(on_bus);

    /// Address of the keypad on its line.
    pub fn address(&self) -> u8 {
        self.address
    }

    /// Presses a key: its frame goes out at once, and waits for the host's acknowledgement. A mute or dead keypad says
    /// nothing.
    pub fn press(&self, key: Key) {
        let now = Instant::now();
        self.on_bus.act(|place| {
            let bytes = if place.dead { None } else { Some(place.unit.press(key, now)) };
            bytes.filter(|_| !place.mute)
        });
    }

    /// Presses a key of this keypad and one of another on the same line at the same moment: the frames run over each
    /// other and neither can be read. False, and nothing pressed, when the other is not on this line.
    pub fn collide(&self, key: Key, other: &Self, other_key: Key) -> bool {
        let now = Instant::now();
        self.on_bus.act_with(&other.on_bus, |one, two| {
            Some(superimposed(&one.unit.press(key, now), &two.unit.press(other_key, now)))
        })
    }

    /// Whenever the host starts a rating, the customer presses `score` at once; `None`: nobody does.
    pub fn answer_ratings(&self, score: Option<u8>) {
        self.on_bus.act(|place| {
            place.unit.rates = score;
            None
        });
    }

    /// The next key's frame arrives damaged, as when device and host spoke at once.
    pub fn garble_next(&self) {
        self.on_bus.act(|place| {
            place.unit.garble_next = true;
            None
        });
    }

    /// What the displays show.
    pub fn shown(&self) -> KeypadDisplay {
        self.shown.borrow().clone()
    }

    /// The displays, to be watched.
    pub fn watch(&self) -> watch::Receiver<KeypadDisplay> {
        self.shown.clone()
    }

    /// Waits until the displays satisfy `wanted`, and returns them.
    pub async fn wait_for_shown(&self, mut wanted: impl FnMut(&KeypadDisplay) -> bool) -> KeypadDisplay {
        self.on_bus.wait_for(|place| Some(place.unit.shown.borrow().clone()).filter(&mut wanted)).await
    }

    /// How often it beeped.
    pub fn beeps(&self) -> usize {
        self.on_bus.read(|place| place.unit.beeps)
    }

    /// How often the host started a rating.
    pub fn ratings_started(&self) -> usize {
        self.on_bus.read(|place| place.unit.ratings_started)
    }

    /// How many key presses the host acknowledged.
    pub fn acknowledged(&self) -> usize {
        self.on_bus.read(|place| place.unit.acknowledged)
    }

    /// Waits until the host has acknowledged `count` key presses.
    pub async fn wait_for_acknowledged(&self, count: usize) {
        self.on_bus.wait_for(|place| (place.unit.acknowledged >= count).then_some(())).await;
    }

    /// How often it has said a key again for want of an acknowledgement.
    pub fn repeated(&self) -> usize {
        self.on_bus.read(|place| place.unit.repeated)
    }

    /// Key presses the host has not acknowledged, oldest first; those it has given up too.
    pub fn unanswered(&self) -> Vec<Key> {
        self.on_bus.read(|place| place.unit.unanswered.iter().map(|press| press.key).collect())
    }
}
