//! A six-digit window display on Modbus RTU, of the DM36/DM56 kind (9600 8N1) or the Ditel DN kind.

use std::io;
use std::time::Instant;

use tokio::sync::watch;

use super::board::{Board, Lettering};
use crate::bus::{OnBus, Unit, Verdict, unit_methods};
use crate::font::Font;
use crate::line::LineOptions;
use crate::modbus::{Ask, Exception, ILLEGAL_ADDRESS, ILLEGAL_FUNCTION, ILLEGAL_VALUE, Request, RtuFraming, reply};

/// Digits of the display.
const DIGITS: usize = 6;
/// The register that shows its value as a number (DM36/DM56).
const VALUE: u16 = 7;

/// How characters lie in the registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowRegisters {
    /// Registers 0 to 5 hold one ASCII character each, register 7 a number shown to the right (DM36/DM56).
    OneCharacter,
    /// Registers 0 to 2 hold two ASCII characters each, the first in the high byte (Ditel DN).
    TwoCharacters,
}

/// How a window display is built.
#[derive(Clone, Debug)]
pub struct WindowOptions {
    /// Modbus unit, 1 to 247.
    pub unit: u8,
    /// Its register map.
    pub registers: WindowRegisters,
    /// The font its digits are made from.
    pub font: Font,
}

impl WindowOptions {
    /// A display of the DM36/DM56 kind.
    pub fn new(unit: u8, font: Font) -> Self {
        Self { unit, registers: WindowRegisters::OneCharacter, font }
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
        let units: Vec<_> = options
            .iter()
            .map(|options| Window {
                unit: options.unit,
                map: options.registers,
                registers: [0; DIGITS],
                value: None,
                shown: watch::Sender::new(String::new()),
            })
            .collect();
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

    /// All six digits, blanks included; empty before the first write. To be watched.
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
        let mut board = Board::new(8 * DIGITS, 16);
        board.write(&self.options.font, &self.shown.borrow(), &Lettering::plain(0, 0, 8 * DIGITS, 16));
        board.png()
    }
}

struct Window {
    unit: u8,
    map: WindowRegisters,
    registers: [u16; DIGITS],
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

    fn text_registers(&self) -> usize {
        match self.map {
            WindowRegisters::OneCharacter => DIGITS,
            WindowRegisters::TwoCharacters => DIGITS / 2,
        }
    }

    fn register(&self, at: u16) -> Result<u16, Exception> {
        let text = self.registers.get(..self.text_registers());
        match (text.and_then(|text| text.get(usize::from(at))), self.map) {
            (Some(value), _) => Ok(*value),
            (None, WindowRegisters::OneCharacter) if at == VALUE => Ok(self.value.unwrap_or_default()),
            (None, _) => Err((ILLEGAL_ADDRESS, format!("register {at}"))),
        }
    }

    fn write(&mut self, at: u16, value: u16) {
        match self.registers.get_mut(usize::from(at)) {
            Some(register) => {
                *register = value;
                self.value = None;
            }
            None => self.value = Some(value),
        }
    }

    fn show(&mut self) {
        let text = match (self.value, self.map) {
            (Some(value), _) => format!("{value:>DIGITS$}"),
            (None, WindowRegisters::OneCharacter) => self.registers.iter().map(|value| glyph(*value)).collect(),
            (None, WindowRegisters::TwoCharacters) => self.registers[..DIGITS / 2]
                .iter()
                .flat_map(|value| value.to_be_bytes())
                .map(|byte| glyph(byte.into()))
                .collect(),
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
