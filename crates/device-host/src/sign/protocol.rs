//! What differs between displays: how a text becomes a frame, and which bytes mean that it is shown.

use std::error::Error;

use codecs::led::cpower::{self, CPowerTraits};
use codecs::led::digits;
use codecs::led::modbus::{self, ByteOrder, Echo, Exchange, Packing, RegisterMap, Request};
use codecs::led::onbon::{self, Area, OnbonTraits, Units};
use wire::{
    CpowerSignProfile, DigitCommand, DigitSignProfile, ModbusSignProfile, OnbonSignProfile, Place, RegisterLayout,
    SignLines, SignUnits, SignWanted,
};

use super::layout::{self, Board};
use crate::charsets::charset;

/// Unit 0 of Modbus: every unit, and none answers (Modbus over Serial Line V1.02, section 2.1).
const EVERY_UNIT: u8 = 0;
/// A new line within a text of an Onbon card (BX-5K/6K protocol, control characters of a text area).
const ONBON_NEW_LINE: &str = "\\n";

/// A wanted state as a display words it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Words {
    /// What is shown.
    pub(super) lit: String,
    /// The same without the newest call, for the dark half of its blinking; none where nobody is called.
    pub(super) dark: Option<String>,
}

/// What a display said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// It has what it was sent.
    Done,
    /// It does not, and why.
    Refused(String),
}

/// A display's language.
#[derive(Debug)]
pub(crate) enum Protocol {
    Onbon { traits: OnbonTraits, area: Area, board: Board, decoder: onbon::Decoder },
    CPower { traits: CPowerTraits, board: Board, lines: SignLines, dims: bool, decoder: cpower::Decoder },
    Modbus { unit: u8, profile: ModbusSignProfile, exchange: Option<Exchange> },
    Digits { id: u8, profile: DigitSignProfile },
}

impl Protocol {
    pub(crate) fn onbon(profile: &OnbonSignProfile, address: u16) -> Self {
        let board = Board::of_pixels(profile.width, profile.height);
        Self::Onbon {
            traits: OnbonTraits {
                address,
                down: match profile.vertical {
                    SignUnits::Eighths => Units::Eighths,
                    SignUnits::Pixels => Units::Pixels,
                },
                single_line: board.rows() == 1,
                ..OnbonTraits::default()
            },
            area: Area { id: 0, x: 0, y: 0, width: profile.width, height: profile.height },
            board,
            decoder: onbon::Decoder::default(),
        }
    }

    pub(crate) fn cpower(profile: &CpowerSignProfile, address: u16) -> Self {
        Self::CPower {
            traits: CPowerTraits {
                id: byte(address),
                window: profile.window,
                font: profile.font,
                charset: charset(profile.charset),
                ..CPowerTraits::default()
            },
            board: Board::of_pixels(profile.width, profile.height),
            lines: profile.lines,
            dims: profile.dims,
            decoder: cpower::Decoder::default(),
        }
    }

    pub(crate) fn modbus(profile: &ModbusSignProfile, address: u16) -> Self {
        Self::Modbus { unit: byte(address), profile: profile.clone(), exchange: None }
    }

    pub(crate) fn digits(profile: &DigitSignProfile, address: u16) -> Self {
        Self::Digits { id: byte(address), profile: profile.clone() }
    }

    /// The wanted state as this display words it.
    pub(super) fn words(&self, wanted: &SignWanted, place: &Place) -> Words {
        let number = || wanted.calls.first().map(|call| call.number.clone());
        match self {
            Self::Onbon { board, .. } => {
                worded(layout::lines(wanted, place, *board), wanted, |lines| lines.join(ONBON_NEW_LINE))
            }
            Self::CPower { board, lines: SignLines::LineFeed, .. } => {
                worded(layout::lines(wanted, place, *board), wanted, |lines| lines.join("\n"))
            }
            Self::CPower { board, lines: SignLines::Filled, .. } => {
                worded(layout::lines(wanted, place, *board), wanted, |lines| board.filled(lines))
            }
            Self::Modbus { .. } => Words { lit: number().unwrap_or_default(), dark: number().map(|_| String::new()) },
            // No board is known to go dark, so it stands at once.
            Self::Digits { profile, .. } => {
                let shown = number().and_then(|number| digits::last_three(&number)).unwrap_or(profile.idle);
                Words { lit: shown.to_string(), dark: None }
            }
        }
    }

    /// The frame that shows `text`.
    pub(super) fn frame(&mut self, text: &str) -> Result<Vec<u8>, Box<dyn Error>> {
        match self {
            Self::Onbon { traits, area, .. } => Ok(onbon::dynamic_text(traits, area, text)?),
            Self::CPower { traits, .. } => Ok(cpower::pure_text(traits, text)?),
            Self::Modbus { profile, .. } => {
                let registers = modbus::window_text(text, &map(profile));
                self.ask(Request::WriteMultiple { start: registers.first, values: registers.values })
            }
            Self::Digits { id, profile } => {
                let number = text.parse()?;
                Ok(match profile.command {
                    DigitCommand::Addressed => digits::small_board(*id, number)?.to_vec(),
                    DigitCommand::Xunpeng => digits::xunpeng(profile.colour, number, profile.info)?.to_vec(),
                })
            }
        }
    }

    /// Whether [`Self::light`] does something.
    pub(super) fn can_dim(&self) -> bool {
        match self {
            Self::CPower { dims, .. } => *dims,
            Self::Modbus { profile, .. } => profile.brightness_register.is_some(),
            Self::Onbon { .. } => true,
            Self::Digits { .. } => false,
        }
    }

    /// The frame that sets the brightness, in percent.
    pub(super) fn light(&mut self, percent: u8) -> Result<Vec<u8>, Box<dyn Error>> {
        match self {
            Self::Onbon { traits, .. } => Ok(onbon::set_brightness(traits, step(percent, onbon::MAX_BRIGHTNESS))),
            Self::CPower { traits, .. } => Ok(cpower::set_brightness(traits.id, step(percent, cpower::MAX_BRIGHTNESS))),
            Self::Modbus {
                profile: ModbusSignProfile { brightness_register: Some(register), brightness_full, .. },
                ..
            } => {
                let value = u32::from(*brightness_full) * u32::from(percent.min(100)) / 100;
                let request = Request::WriteSingle { register: *register, value: u16::try_from(value)? };
                self.ask(request)
            }
            Self::Modbus { .. } | Self::Digits { .. } => Err("it has no brightness".into()),
        }
    }

    /// This display's answer, if the bytes complete one.
    pub(super) fn heard(&mut self, bytes: &[u8]) -> Option<Answer> {
        match self {
            Self::Onbon { traits, decoder, .. } => {
                let frames = decoder.push(bytes);
                let frame = frames.into_iter().rfind(|frame| !frame.is_echo() && frame.source == traits.address)?;
                Some(match frame.fault() {
                    None => Answer::Done,
                    Some(fault) => Answer::Refused(format!("the card answered {fault:?}")),
                })
            }
            Self::CPower { traits, decoder, .. } => {
                let frames = decoder.push(bytes);
                let frame = frames.into_iter().rfind(|frame| !frame.is_echo() && frame.id == traits.id)?;
                Some(match frame.fault() {
                    None => Answer::Done,
                    Some(fault) => Answer::Refused(format!("the card answered {fault:?}")),
                })
            }
            Self::Modbus { exchange, .. } => match exchange.as_mut()?.push(bytes)? {
                modbus::Answer::Done(_) => Some(Answer::Done),
                modbus::Answer::Refused(why) => Some(Answer::Refused(format!("the display answered {why:?}"))),
            },
            Self::Digits { .. } => None,
        }
    }

    pub(super) fn is_mute(&self) -> bool {
        match self {
            // FFFF; of FFFE, the other one, the manual says both that cards answer it and that they do not.
            Self::Onbon { traits, .. } => matches!(traits.address, onbon::BROADCAST | u16::MAX),
            Self::CPower { traits, .. } => traits.id == cpower::BROADCAST,
            Self::Modbus { unit, .. } => *unit == EVERY_UNIT,
            Self::Digits { .. } => true,
        }
    }

    /// Half an answer from before the port was opened again is none.
    pub(super) fn clear(&mut self) {
        match self {
            Self::Onbon { decoder, .. } => decoder.clear(),
            Self::CPower { decoder, .. } => decoder.clear(),
            Self::Modbus { exchange, .. } => *exchange = None,
            Self::Digits { .. } => {}
        }
    }

    fn ask(&mut self, request: Request) -> Result<Vec<u8>, Box<dyn Error>> {
        let Self::Modbus { unit, profile, exchange } = self else { return Err("it speaks no Modbus".into()) };
        let bytes = request.frame(*unit)?;
        let echo = if profile.echo { Echo::Local } else { Echo::None };
        *exchange = (*unit != EVERY_UNIT).then(|| Exchange::new(*unit, request, echo));
        Ok(bytes)
    }
}

/// The lines as they stand, and with the newest call's left blank.
fn worded(lines: Vec<String>, wanted: &SignWanted, join: impl Fn(&[String]) -> String) -> Words {
    let lit = join(&lines);
    let dark = (!wanted.calls.is_empty()).then(|| {
        let mut lines = lines;
        if let Some(newest) = lines.first_mut() {
            " ".clone_into(newest);
        }
        join(&lines)
    });
    Words { lit, dark }
}

/// A percentage in steps of which `most` is full; never dark.
fn step(percent: u8, most: u8) -> u8 {
    let step = u16::from(most) * u16::from(percent.min(100)) / 100;
    u8::try_from(step.max(1)).unwrap_or(most)
}

fn map(profile: &ModbusSignProfile) -> RegisterMap {
    RegisterMap {
        first: profile.first_register,
        cells: u16::from(profile.characters),
        packing: match profile.layout {
            RegisterLayout::OneCharacter => Packing::OneARegister,
            RegisterLayout::TwoCharacters => Packing::TwoARegister(ByteOrder::HighFirst),
        },
        blank: b' ',
    }
}

/// Out of range, the frame is refused with the reason.
fn byte(address: u16) -> u8 {
    u8::try_from(address).unwrap_or(u8::MAX)
}
