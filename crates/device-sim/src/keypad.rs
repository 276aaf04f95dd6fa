//! The deployed 呼叫器: a teller's keypad with two three-digit displays, a beeper and a rater (9600 8N1, RS-485).

use std::collections::VecDeque;
use std::io;
use std::time::Instant;

use tokio::sync::watch;

use crate::bus::{Bus, OnBus, Unit, Verdict, unit_methods};
use crate::keypad_frame::{KeypadFraming, KeypadMessage, frame};
use crate::line::{Line, LineOptions};

/// Key pressed, acknowledgement, order to start a rating.
const KEY: u8 = 0x01;
/// Six digits for the display.
const SHOW: u8 = 0x02;
/// One beep.
const BEEP: u8 = 0x03;
/// A rating was given.
const RATING: u8 = 0x11;
/// The evaluate key, and the order to start a rating.
const EVALUATE: u8 = 0x0B;
/// A digit that stays dark.
const DARK: u8 = 0x0A;

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

    /// Plugs several keypads into one line.
    ///
    /// # Errors
    /// As [`Keypad::start`].
    pub fn start_bus(line: &LineOptions, addresses: impl IntoIterator<Item = u8>) -> io::Result<Vec<Self>> {
        let pads: Vec<_> = addresses.into_iter().map(Pad::new).collect();
        let known: Vec<_> = pads.iter().map(|pad| (pad.shown.subscribe(), pad.address)).collect();
        let line = Line::start(line, Bus::new(KeypadFraming::default(), pads))?;
        Ok(OnBus::all(line, known.len())
            .into_iter()
            .zip(known)
            .map(|(on_bus, (shown, address))| Self { on_bus, shown, address })
            .collect())
    }

    unit_methods!(on_bus);

    /// Address of the keypad on its line.
    pub fn address(&self) -> u8 {
        self.address
    }

    /// Presses a key: its frame goes out at once, and waits for the host's acknowledgement.
    pub fn press(&self, key: Key) {
        self.on_bus.act(|place| {
            let pad = &mut place.unit;
            let mut bytes = key.frame(pad.address);
            pad.unanswered.push_back((key, bytes.clone()));
            if std::mem::take(&mut pad.garble_next)
                && let Some(byte) = bytes.get_mut(6)
            {
                *byte ^= 0x20;
            }
            Some(bytes)
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

    /// Key presses the host has not acknowledged, oldest first.
    pub fn unanswered(&self) -> Vec<Key> {
        self.on_bus.read(|place| place.unit.unanswered.iter().map(|(key, _)| *key).collect())
    }
}

struct Pad {
    address: u8,
    shown: watch::Sender<KeypadDisplay>,
    unanswered: VecDeque<(Key, Vec<u8>)>,
    acknowledged: usize,
    beeps: usize,
    ratings_started: usize,
    garble_next: bool,
}

impl Pad {
    fn new(address: u8) -> Self {
        Self {
            address,
            shown: watch::Sender::new(KeypadDisplay::default()),
            unanswered: VecDeque::new(),
            acknowledged: 0,
            beeps: 0,
            ratings_started: 0,
            garble_next: false,
        }
    }

    /// Whether the frame acknowledges a key: the host echoes it, a rating with function 01 instead of 11.
    fn acknowledges(&mut self, message: &KeypadMessage) -> bool {
        let echo = frame(message.address, message.function, &message.data);
        let rating = frame(message.address, RATING, &message.data);
        let answered = self.unanswered.iter().position(|(key, sent)| match key {
            Key::Rate(_) => message.function == KEY && *sent == rating,
            Key::Call
            | Key::Recall
            | Key::Evaluate
            | Key::Pause
            | Key::Transfer
            | Key::NoShow
            | Key::Hold
            | Key::CallBack => *sent == echo,
        });
        let found = answered.and_then(|index| self.unanswered.remove(index));
        self.acknowledged += usize::from(found.is_some());
        found.is_some()
    }
}

impl Unit for Pad {
    type Message = KeypadMessage;

    fn is_for_me(&self, message: &KeypadMessage) -> bool {
        message.address == self.address
    }

    fn hear(&mut self, message: &KeypadMessage, _at: Instant) -> (Verdict, Option<Vec<u8>>) {
        let verdict = if self.acknowledges(message) {
            Verdict::Understood
        } else {
            match (message.function, message.data.as_slice()) {
                (SHOW, [waiting @ .., a, b, c]) if waiting.len() == 3 => {
                    match (digits(waiting), digits(&[*a, *b, *c])) {
                        (Some(waiting), Some(ticket)) => {
                            let display = KeypadDisplay { waiting, ticket };
                            self.shown.send_if_modified(|shown| {
                                let changed = *shown != display;
                                *shown = display;
                                changed
                            });
                            Verdict::Understood
                        }
                        (None, _) | (_, None) => Verdict::Refused(format!("digits {:02X?}", message.data)),
                    }
                }
                (BEEP, []) => {
                    self.beeps += 1;
                    Verdict::Understood
                }
                (KEY, [EVALUATE]) => {
                    self.ratings_started += 1;
                    Verdict::Understood
                }
                (function, data) => Verdict::Refused(format!("function {function:02X} with {data:02X?}")),
            }
        };
        // The keypad answers nothing: it is the host that acknowledges.
        (verdict, None)
    }
}

/// Three digits, dark ones left out; `None` when one is neither 0 to 9 nor dark.
fn digits(data: &[u8]) -> Option<String> {
    data.iter().filter(|digit| **digit != DARK).map(|digit| char::from_digit(u32::from(*digit), 10)).collect()
}
