//! A window display on Modbus RTU, of the DM36/DM56 kind (9600 8N1) or the Ditel DN kind.

use std::io;
use std::time::Instant;

use tokio::sync::watch;

use super::board::{Board, Lettering};
use crate::bus::{OnBus, Unit, Verdict, unit_methods};
use crate::font::Font;
use crate::line::LineOptions;
use crate::modbus::{Ask, Exception, ILLEGAL_ADDRESS, ILLEGAL_FUNCTION, ILLEGAL_VALUE, Request, RtuFraming, reply};

/// Digits of a DM36.
const DIGITS: u8 = 6;

/// How characters lie in the registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowRegisters {
    /// Each holds one ASCII character; the second one behind them a number shown to the right (DM36/DM56: 0 to 5, and 7).
    OneCharacter,
    /// Each holds two ASCII characters, the first in the high byte (Ditel DN).
    TwoCharacters,
}

/// How a window display is built.
#[derive(Clone, Debug)]
pub struct WindowOptions {
    /// Modbus unit, 1 to 247.
    pub unit: u8,
    /// Its register map.
    pub registers: WindowRegisters,
    /// The register of its first character.
    pub first: u16,
    /// How many characters it shows.
    pub digits: u8,
    /// The font its digits are made from.
    pub font: Font,
}

impl WindowOptions {
    /// A display of the DM36/DM56 kind.
    pub fn new(unit: u8, font: Font) -> Self {
        Self { unit, registers: WindowRegisters::OneCharacter, first: 0, digits: DIGITS, font }
    }
}

/// A running window display. Dropping the last one of a line unplugs the line.
pub struct WindowSign {
    on_bus: OnBus<RtuFraming, Window>,
    shown: watch::Receiver<String>,
    options: WindowOptions,
}

impl WindowSign {
    /// Plugs one display in. Needs a tokio runtime with I/O and time.
    ///
    /// # Errors
    /// Outside a runtime, or when no pseudo-terminal or no link can be made.
    pub fn start(line: &LineOptions, options: WindowOptions) -> io::Result<Self> {
        let mut signs = Self::start_bus(line, [options])?;
        signs.pop().ok_or_else(|| io::Error::other("no sign"))
    }

    /// Plugs several displays into one line.
    ///
    /// # Errors
    /// As [`WindowSign::start`].
    pub fn start_bus(line: &LineOptions, signs: impl IntoIterator<Item = WindowOptions>) -> io::Result<Vec<Self>> {
        let options: Vec<_> = signs.into_iter().collect();
        let units: Vec<_> = options.iter().map(Window::new).collect();
        let shown: Vec<_> = units.iter().map(|unit| unit.shown.subscribe()).collect();
        Ok(OnBus::start(line, RtuFraming::default(), units)?
            .zip(shown)
            .zip(options)
            .map(|((on_bus, shown), options)| Self { on_bus, shown, options })
            .collect())
    }

    unit_methods!(on_bus);

    /// Modbus unit of the display.
    pub fn unit(&self) -> u8 {
        self.options.unit
    }

    /// What its digits show, without blanks at both ends; `▯` stands for what digits cannot show.
    pub fn shown(&self) -> String {
        self.shown.borrow().trim().to_owned()
    }

    /// All digits, blanks included; empty before the first write. To be watched.
    pub fn watch(&self) -> watch::Receiver<String> {
        self.shown.clone()
    }

    /// Waits until the shown text, without blanks at both ends, satisfies `wanted`, and returns it.
    pub async fn wait_for_shown(&self, mut wanted: impl FnMut(&str) -> bool) -> String {
        self.on_bus
            .wait_for(|place| Some(place.unit.shown.borrow().trim().to_owned()).filter(|text| wanted(text)))
            .await
    }

    /// The display as it looks: lit and dark lamps.
    pub fn png(&self) -> Vec<u8> {
        let width = 8 * usize::from(self.options.digits);
        let mut board = Board::new(width, 16);
        board.write(&self.options.font, &self.shown.borrow(), &Lettering::plain(0, 0, width, 16));
        board.png()
    }
}

struct Window {
    unit: u8,
    map: WindowRegisters,
    first: u16,
    digits: usize,
    registers: Vec<u16>,
    value: Option<u16>,
    shown: watch::Sender<String>,
}

impl Unit for Window {
    type Message = Request;

    fn is_for_me(&self, request: &Request) -> bool {
        request.unit == self.unit || request.unit == 0
    }

    fn hear(&mut self, request: &Request, _at: Instant) -> (Verdict, Option<Vec<u8>>) {
        let (verdict, answer) = match self.carry_out(&request.ask) {
            Ok(body) => (Verdict::Understood, reply(self.unit, request.function, Ok(&body))),
            Err((exception, why)) => (Verdict::Refused(why), reply(self.unit, request.function, Err(exception))),
        };
        // Broadcasts are never answered.
        (verdict, (request.unit != 0).then_some(answer))
    }
}

impl Window {
    fn new(options: &WindowOptions) -> Self {
        let digits = usize::from(options.digits);
        let registers = match options.registers {
            WindowRegisters::OneCharacter => digits,
            WindowRegisters::TwoCharacters => digits.div_ceil(2),
        };
        Self {
            unit: options.unit,
            map: options.registers,
            first: options.first,
            digits,
            registers: vec![0; registers],
            value: None,
            shown: watch::Sender::new(String::new()),
        }
    }

    fn carry_out(&mut self, ask: &Ask) -> Result<Vec<u8>, Exception> {
        match ask {
            Ask::Read { from, count } => {
                if !(1..=125).contains(count) {
                    return Err((ILLEGAL_VALUE, format!("reading {count} registers")));
                }
                let mut body = vec![u8::try_from(count * 2).unwrap_or(u8::MAX)];
                for offset in 0..*count {
                    let value = self.register(from.saturating_add(offset))?;
                    body.extend(value.to_be_bytes());
                }
                Ok(body)
            }
            Ask::WriteOne { at, value } => {
                self.register(*at)?;
                self.write(*at, *value);
                self.show();
                Ok([at.to_be_bytes(), value.to_be_bytes()].concat())
            }
            Ask::WriteMany { from, values } => {
                let count = u16::try_from(values.len()).unwrap_or(u16::MAX);
                if !(1..=123).contains(&count) {
                    return Err((ILLEGAL_VALUE, format!("writing {count} registers")));
                }
                // All or nothing, as the standard says.
                for offset in 0..count {
                    self.register(from.saturating_add(offset))?;
                }
                for (at, value) in (*from..).zip(values) {
                    self.write(at, *value);
                }
                self.show();
                Ok([from.to_be_bytes(), count.to_be_bytes()].concat())
            }
            Ask::Contradiction => Err((ILLEGAL_VALUE, "byte count and register count".to_owned())),
            Ask::ReadInputs { .. } | Ask::Other => Err((ILLEGAL_FUNCTION, "a function it has not".to_owned())),
        }
    }

    /// Where a register stands among those of the text.
    fn place(&self, at: u16) -> Option<usize> {
        at.checked_sub(self.first).map(usize::from).filter(|place| *place < self.registers.len())
    }

    /// The register that shows its value as a number (DM36/DM56): one lies between it and the text.
    fn is_value(&self, at: u16) -> bool {
        let place = usize::from(at).checked_sub(usize::from(self.first));
        self.map == WindowRegisters::OneCharacter && place == Some(self.digits + 1)
    }

    fn register(&self, at: u16) -> Result<u16, Exception> {
        match self.place(at) {
            Some(place) => Ok(self.registers[place]),
            None if self.is_value(at) => Ok(self.value.unwrap_or_default()),
            None => Err((ILLEGAL_ADDRESS, format!("register {at}"))),
        }
    }

    fn write(&mut self, at: u16, value: u16) {
        match self.place(at) {
            Some(place) => {
                self.registers[place] = value;
                self.value = None;
            }
            None => self.value = Some(value),
        }
    }

    fn show(&mut self) {
        let text = match (self.value, self.map) {
            (Some(value), _) => format!("{value:>width$}", width = self.digits),
            (None, WindowRegisters::OneCharacter) => self.registers.iter().map(|value| glyph(*value)).collect(),
            (None, WindowRegisters::TwoCharacters) => {
                let bytes = self.registers.iter().flat_map(|value| value.to_be_bytes());
                bytes.take(self.digits).map(|byte| glyph(byte.into())).collect()
            }
        };
        self.shown.send_if_modified(|shown: &mut String| {
            let changed = *shown != text;
            *shown = text;
            changed
        });
    }
}

fn glyph(value: u16) -> char {
    match u8::try_from(value) {
        Ok(0) => ' ',
        Ok(byte @ 0x20..0x7F) => char::from(byte),
        Ok(_) | Err(_) => '▯',
    }
}
