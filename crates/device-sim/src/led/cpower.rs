//! A hall display with a Lumen C-Power card (流明, C-Power5200 kind).
//!
//! Written from the maker's Basic Protocol LED Display Controller and External Calls Communication Protocol.

mod text;

use std::collections::BTreeMap;
use std::io;
use std::time::Instant;

use tokio::sync::watch;

use super::board::{Board, Lettering};
use super::cpower_frame::{CPowerFraming, CPowerMessage, addressee, answer};
use crate::bus::{OnBus, Unit, Verdict, unit_methods};
use crate::font::Font;
use crate::line::LineOptions;
pub use text::CPowerText;
use text::{Packet, pure_text};

/// Every card carries the frame out and none answers.
const BROADCAST: u8 = 0xFF;

/// External calls; the sub-command is in the data.
const EXTERNAL: u8 = 0x7B;
/// Power: switches the display and tells whether it is on.
const POWER: u8 = 0x76;
/// Brightness of each hour.
const BRIGHTNESS: u8 = 0x46;

/// Return code of an external call: check sum error.
const WRONG_SUM: u8 = 0x01;
/// Return code of an external call: packets out of order.
const OUT_OF_ORDER: u8 = 0x02;
/// Return code for everything else it will not do; the maker leaves these open.
const WILL_NOT: u8 = 0x04;

/// Where one of the card's windows lies, in dots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CPowerWindow {
    /// Left edge.
    pub left: usize,
    /// Top edge.
    pub top: usize,
    /// Width.
    pub width: usize,
    /// Height.
    pub height: usize,
}

/// How a display is built.
#[derive(Clone, Debug)]
pub struct CPowerOptions {
    /// Id of the card, 1 to 254.
    pub id: u8,
    /// Width of the board in dots.
    pub width: usize,
    /// Height of the board in dots.
    pub height: usize,
    /// Its layout: window 0 first, eight at most.
    pub windows: Vec<CPowerWindow>,
    /// The font its letters are made from.
    pub font: Font,
}

impl CPowerOptions {
    /// A board of 192 × 32 dots that is one window.
    pub fn new(id: u8, font: Font) -> Self {
        Self::sized(id, 192, 32, font)
    }

    /// A board of `width` × `height` dots that is one window.
    pub fn sized(id: u8, width: usize, height: usize, font: Font) -> Self {
        Self { id, width, height, windows: vec![CPowerWindow { left: 0, top: 0, width, height }], font }
    }
}

/// A running display. Dropping the last one of a line unplugs the line.
pub struct CPowerSign {
    on_bus: OnBus<CPowerFraming, Card>,
    shown: watch::Receiver<String>,
    options: CPowerOptions,
}

impl CPowerSign {
    /// Plugs one display in (8N1 on the real line). Needs a tokio runtime with I/O and time.
    ///
    /// # Errors
    /// Outside a runtime, or when no pseudo-terminal or no link can be made.
    pub fn start(line: &LineOptions, options: CPowerOptions) -> io::Result<Self> {
        let mut signs = Self::start_bus(line, [options])?;
        signs.pop().ok_or_else(|| io::Error::other("no sign"))
    }

    /// Plugs several displays into one line.
    ///
    /// # Errors
    /// As [`CPowerSign::start`].
    pub fn start_bus(line: &LineOptions, signs: impl IntoIterator<Item = CPowerOptions>) -> io::Result<Vec<Self>> {
        let options: Vec<_> = signs.into_iter().collect();
        let units: Vec<_> = options.iter().map(Card::new).collect();
        let shown: Vec<_> = units.iter().map(|unit| unit.shown.subscribe()).collect();
        Ok(OnBus::start(line, CPowerFraming::default(), units)?
            .zip(shown)
            .zip(options)
            .map(|((on_bus, shown), options)| Self { on_bus, shown, options })
            .collect())
    }

    unit_methods!(on_bus);

    /// Id of the card.
    pub fn id(&self) -> u8 {
        self.options.id
    }

    /// The text of all windows in the order of their numbers, one a line; `""` while the display is off. `▯` stands
    /// for what a GB 2312 font lacks.
    pub fn shown(&self) -> String {
        self.shown.borrow().clone()
    }

    /// The shown text, to be watched.
    pub fn watch(&self) -> watch::Receiver<String> {
        self.shown.clone()
    }

    /// Waits until the shown text satisfies `wanted`, and returns it.
    pub async fn wait_for_shown(&self, mut wanted: impl FnMut(&str) -> bool) -> String {
        self.on_bus.wait_for(|place| Some(place.unit.shown.borrow().clone()).filter(|text| wanted(text))).await
    }

    /// The texts as they were sent, in the order of their windows; kept while the display is off.
    pub fn texts(&self) -> Vec<CPowerText> {
        self.on_bus.read(|place| place.unit.texts.values().cloned().collect())
    }

    /// Whether the display is switched on, as it is from power-up.
    pub fn is_on(&self) -> bool {
        self.on_bus.read(|place| place.unit.on)
    }

    /// The brightness set for each hour of the day: 0 to 31, above that the card's own sensor decides.
    pub fn brightness(&self) -> [u8; 24] {
        self.on_bus.read(|place| place.unit.brightness)
    }

    /// Does nothing of what it is told and says so with return code `code` (not 0), until `None`.
    pub fn refuse(&self, code: Option<u8>) {
        self.on_bus.act(|place| {
            place.unit.refusal = code.filter(|code| *code != 0);
            None
        });
    }

    /// The board as it looks: lit and dark lamps.
    pub fn png(&self) -> Vec<u8> {
        let mut board = Board::new(self.options.width, self.options.height);
        for text in self.texts().into_iter().filter(|_| self.is_on()) {
            if let Some(window) = self.options.windows.get(usize::from(text.window)) {
                let (across, down) = text.places();
                let place = Lettering {
                    left: window.left,
                    top: window.top,
                    width: window.width,
                    height: window.height,
                    letter: text.letter,
                    across,
                    down,
                };
                board.write(&self.options.font, &text.text, &place);
            }
        }
        board.png()
    }
}

struct Card {
    id: u8,
    windows: usize,
    on: bool,
    brightness: [u8; 24],
    texts: BTreeMap<u8, CPowerText>,
    /// The packets of an external call so far.
    call: Vec<u8>,
    next_packet: u8,
    refusal: Option<u8>,
    shown: watch::Sender<String>,
}

/// What a card does not do: the return code it gives, and why.
type Refusal = (u8, String);

impl Card {
    fn new(options: &CPowerOptions) -> Self {
        Self {
            id: options.id,
            windows: options.windows.len().min(8),
            on: true,
            brightness: [31; 24],
            texts: BTreeMap::new(),
            call: Vec::new(),
            next_packet: 0,
            refusal: None,
            shown: watch::Sender::new(String::new()),
        }
    }

    fn carry_out(&mut self, message: &CPowerMessage) -> Result<Vec<u8>, Refusal> {
        if let Some(code) = self.refusal {
            return Err((code, format!("told to refuse with {code:02X}")));
        }
        let answer = match (message.command, message.data.as_slice()) {
            (EXTERNAL, data) => self.external(data)?,
            (POWER, [1, ..]) => {
                // On and off times: an hour above 23 says that there are none.
                vec![1, u8::from(self.on), 24, 0, 24, 0, 0, 0, 0, 0]
            }
            (POWER, [0, on @ (0 | 1), ..]) => {
                self.on = *on == 1;
                vec![0, *on]
            }
            (BRIGHTNESS, [1, ..]) => [&[1], &self.brightness[..]].concat(),
            (BRIGHTNESS, [0, levels @ ..]) => {
                self.brightness =
                    levels.try_into().map_err(|_| (WILL_NOT, format!("brightness of {} hours", levels.len())))?;
                vec![1]
            }
            (command, data) => return Err((WILL_NOT, format!("command {command:02X} with {data:02X?}"))),
        };
        self.show();
        Ok(answer)
    }

    /// `length:2 packet last CC …`: the sub-command is in the first packet only.
    fn external(&mut self, data: &[u8]) -> Result<Vec<u8>, Refusal> {
        let packet = Packet::read(data).map_err(|why| (WILL_NOT, why))?;
        if packet.number == 0 {
            self.call.clear();
            self.next_packet = 0;
        }
        if packet.number != self.next_packet || packet.number > packet.last {
            return Err((OUT_OF_ORDER, format!("packet {} of {}", packet.number, packet.last)));
        }
        self.call.extend(packet.content);
        let sub_command = self.call.first().copied().unwrap_or_default();
        if packet.number < packet.last {
            self.next_packet += 1;
        } else {
            self.next_packet = 0;
            let text = pure_text(&std::mem::take(&mut self.call)).map_err(|why| (WILL_NOT, why))?;
            if usize::from(text.window) >= self.windows {
                return Err((WILL_NOT, format!("window {} of {}", text.window, self.windows)));
            }
            self.texts.insert(text.window, text);
        }
        Ok(vec![1, 0, 0, 0, sub_command])
    }

    fn show(&mut self) {
        let texts = self.texts.values().filter(|_| self.on).map(|text| text.text.as_str());
        let text = texts.collect::<Vec<_>>().join("\n");
        self.shown.send_if_modified(|shown| {
            let changed = *shown != text;
            *shown = text;
            changed
        });
    }

    /// External calls have a return code; the others say 0 or 1 in the first byte of their data.
    fn refuse(&self, command: u8, code: u8) -> Vec<u8> {
        if command == EXTERNAL {
            answer(self.id, command, code, &[0, 0, 0, 0])
        } else {
            answer(self.id, command, code, &[0])
        }
    }
}

impl Unit for Card {
    type Message = CPowerMessage;

    fn is_for_me(&self, message: &CPowerMessage) -> bool {
        message.id == self.id || message.id == BROADCAST
    }

    fn hear(&mut self, message: &CPowerMessage, _at: Instant) -> (Verdict, Option<Vec<u8>>) {
        let (verdict, reply) = match self.carry_out(message) {
            Ok(data) => (Verdict::Understood, answer(self.id, message.command, 0, &data)),
            Err((code, why)) => (Verdict::Refused(why), self.refuse(message.command, code)),
        };
        (verdict, Some(reply).filter(|_| message.wants_answer && message.id != BROADCAST))
    }

    fn hear_damage(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        let (id, command) = addressee(bytes)?;
        (id == self.id && command == EXTERNAL).then(|| self.refuse(command, WRONG_SUM))
    }
}
