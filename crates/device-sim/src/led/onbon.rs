//! A hall or counter display with an Onbon BX-5K / BX-6K font card.

use std::collections::BTreeMap;
use std::io;
use std::time::Instant;

use tokio::sync::watch;

use super::board::{Board, Lettering};
use super::onbon_area::{OnbonArea, update};
use super::onbon_frame::{OnbonFraming, OnbonMessage, answer};
use crate::bus::{OnBus, Unit, Verdict, unit_methods};
use crate::font::Font;
use crate::line::LineOptions;

/// Error 3 of the Onbon BX-5K/6K protocol: busy.
const BUSY: u8 = 3;
/// Error 5 of the Onbon BX-5K/6K protocol: wrong check sum.
const WRONG_SUM: u8 = 5;
/// Every card carries the frame out. A card alone on its line answers it; of several none does.
const WILDCARD: u16 = 0xFFFE;
/// Every card carries the frame out and none answers.
const BROADCAST: u16 = 0xFFFF;

/// How a display is built.
#[derive(Clone, Debug)]
pub struct OnbonOptions {
    /// Address of the card, 1 to 65533.
    pub address: u16,
    /// Width of the board in dots.
    pub width: usize,
    /// Height of the board in dots.
    pub height: usize,
    /// Whether Y and height of an area count 8 dots instead of 1: sources of the protocol disagree.
    pub rows_in_eights: bool,
    /// The font its letters are made from.
    pub font: Font,
}

impl OnbonOptions {
    /// A board of 192 × 32 dots, twelve Chinese characters in each of two lines.
    pub fn new(address: u16, font: Font) -> Self {
        Self { address, width: 192, height: 32, rows_in_eights: false, font }
    }
}

/// A running display. Dropping the last one of a line unplugs the line.
pub struct OnbonSign {
    on_bus: OnBus<OnbonFraming, Sign>,
    shown: watch::Receiver<String>,
    options: OnbonOptions,
}

impl OnbonSign {
    /// Plugs one display in (57600 8N1 on the real line). Needs a tokio runtime with I/O and time.
    ///
    /// # Errors
    /// Outside a runtime, or when no pseudo-terminal or no link can be made.
    pub fn start(line: &LineOptions, options: OnbonOptions) -> io::Result<Self> {
        let mut signs = Self::start_bus(line, [options])?;
        signs.pop().ok_or_else(|| io::Error::other("no sign"))
    }

    /// Plugs several displays into one line.
    ///
    /// # Errors
    /// As [`OnbonSign::start`].
    pub fn start_bus(line: &LineOptions, signs: impl IntoIterator<Item = OnbonOptions>) -> io::Result<Vec<Self>> {
        let options: Vec<_> = signs.into_iter().collect();
        let alone = options.len() == 1;
        let units: Vec<_> = options
            .iter()
            .map(|options| Sign {
                address: options.address,
                rows_in_eights: options.rows_in_eights,
                alone,
                busy: false,
                areas: BTreeMap::new(),
                shown: watch::Sender::new(String::new()),
            })
            .collect();
        let shown: Vec<_> = units.iter().map(|unit| unit.shown.subscribe()).collect();
        Ok(OnBus::start(line, OnbonFraming::default(), units)?
            .zip(shown)
            .zip(options)
            .map(|((on_bus, shown), options)| Self { on_bus, shown, options })
            .collect())
    }

    unit_methods!(on_bus);

    /// Address of the card.
    pub fn address(&self) -> u16 {
        self.options.address
    }

    /// The text of all areas in the order of their numbers, one a line.
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

    /// The areas as they were sent, in the order of their numbers.
    pub fn areas(&self) -> Vec<OnbonArea> {
        self.on_bus.read(|place| place.unit.areas.values().cloned().collect())
    }

    /// Refuses every command as busy (error 3) while `busy`.
    pub fn busy(&self, busy: bool) {
        self.on_bus.act(|place| {
            place.unit.busy = busy;
            None
        });
    }

    /// The board as it looks: lit and dark lamps.
    pub fn png(&self) -> Vec<u8> {
        let mut board = Board::new(self.options.width, self.options.height);
        for area in self.areas() {
            board.write(&self.options.font, &area.text, &Lettering::plain(area.x, area.y, area.width, area.height));
        }
        board.png()
    }
}

struct Sign {
    address: u16,
    rows_in_eights: bool,
    alone: bool,
    busy: bool,
    areas: BTreeMap<u8, OnbonArea>,
    shown: watch::Sender<String>,
}

impl Unit for Sign {
    type Message = OnbonMessage;

    fn is_for_me(&self, message: &OnbonMessage) -> bool {
        message.destination == self.address || matches!(message.destination, WILDCARD | BROADCAST)
    }

    fn hear(&mut self, message: &OnbonMessage, _at: Instant) -> (Verdict, Option<Vec<u8>>) {
        let (verdict, error) = if self.busy {
            (Verdict::Refused("busy".to_owned()), Some(BUSY))
        } else {
            match self.carry_out(message) {
                Ok(()) => (Verdict::Understood, Some(0)),
                // The error numbers of unknown commands are not known: silence is what a driver must survive.
                Err(why) => (Verdict::Refused(why), None),
            }
        };
        let wanted = message.response == 0x01
            && match message.destination {
                BROADCAST => false,
                WILDCARD => self.alone,
                _ => true,
            };
        let reply = error.filter(|_| wanted).map(|error| answer(message, self.address, error));
        (verdict, reply)
    }

    /// A card that cannot tell whom a damaged frame was for answers only when it is alone: error 5.
    fn hear_damage(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        let whole = bytes.starts_with(&[0xA5]) && bytes.ends_with(&[0x5A]);
        (self.alone && whole).then(|| {
            let host = OnbonMessage::to_host();
            answer(&host, self.address, WRONG_SUM)
        })
    }
}

impl Sign {
    fn carry_out(&mut self, message: &OnbonMessage) -> Result<(), String> {
        match (message.group, message.command) {
            // Ping.
            (0xA2, 0x00) => return Ok(()),
            (0xA3, 0x06) => {
                let update = update(&message.data, self.rows_in_eights)?;
                for id in update.delete {
                    self.areas.remove(&id);
                }
                for area in update.areas {
                    self.areas.insert(area.id, area);
                }
            }
            // Clear.
            (0xA3, 0x10) => self.areas.clear(),
            (group, command) => return Err(format!("command {group:02X} {command:02X}")),
        }
        let text = self.areas.values().map(|area| area.text.as_str()).collect::<Vec<_>>().join("\n");
        self.shown.send_if_modified(|shown| {
            let changed = *shown != text;
            *shown = text;
            changed
        });
        Ok(())
    }
}
