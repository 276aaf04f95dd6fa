//! What differs between displays: how a text becomes a frame, and which bytes mean that it is shown.

use std::error::Error;

use codecs::led::modbus::{self, ByteOrder, Echo, Exchange, Packing, RegisterMap, Request};
use codecs::led::onbon::{self, Area, OnbonTraits, Units};
use wire::{ModbusSignProfile, OnbonSignProfile, Place, RegisterLayout, SignUnits, SignWanted};

use super::layout::{self, Board};

/// Unit 0 of Modbus: every unit, and none answers (Modbus over Serial Line V1.02, section 2.1).
const EVERY_UNIT: u8 = 0;

/// What a display said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// It shows what it was sent.
    Done,
    /// It does not, and why.
    Refused(String),
}

#[derive(Debug)]
pub(super) enum Protocol {
    Onbon { traits: OnbonTraits, area: Area, board: Board, decoder: onbon::Decoder },
    Modbus { unit: u8, map: RegisterMap, exchange: Option<Exchange> },
}

impl Protocol {
    pub(super) fn onbon(profile: &OnbonSignProfile, address: u16) -> Self {
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

    pub(super) fn modbus(profile: &ModbusSignProfile, address: u16) -> Self {
        Self::Modbus {
            // Out of range, the frame is refused with the reason.
            unit: u8::try_from(address).unwrap_or(u8::MAX),
            map: RegisterMap {
                first: profile.first_register,
                cells: u16::from(profile.characters),
                packing: match profile.layout {
                    RegisterLayout::OneCharacter => Packing::OneARegister,
                    RegisterLayout::TwoCharacters => Packing::TwoARegister(ByteOrder::HighFirst),
                },
                blank: b' ',
            },
            exchange: None,
        }
    }

    /// The wanted state as this display words it.
    pub(super) fn words(&self, wanted: &SignWanted, place: &Place) -> String {
        match self {
            Self::Onbon { board, .. } => layout::words(wanted, place, *board),
            Self::Modbus { .. } => wanted.calls.first().map(|call| call.number.clone()).unwrap_or_default(),
        }
    }

    /// The frame that shows `text`.
    pub(super) fn frame(&mut self, text: &str) -> Result<Vec<u8>, Box<dyn Error>> {
        match self {
            Self::Onbon { traits, area, .. } => Ok(onbon::dynamic_text(traits, area, text)?),
            Self::Modbus { unit, map, exchange } => {
                let registers = modbus::window_text(text, map);
                let request = Request::WriteMultiple { start: registers.first, values: registers.values };
                let bytes = request.frame(*unit)?;
                *exchange = (*unit != EVERY_UNIT).then(|| Exchange::new(*unit, request, Echo::None));
                Ok(bytes)
            }
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
            Self::Modbus { exchange, .. } => match exchange.as_mut()?.push(bytes)? {
                modbus::Answer::Done(_) => Some(Answer::Done),
                modbus::Answer::Refused(why) => Some(Answer::Refused(format!("the display answered {why:?}"))),
            },
        }
    }

    pub(super) fn is_broadcast(&self) -> bool {
        match self {
            Self::Onbon { traits, .. } => matches!(traits.address, onbon::BROADCAST | u16::MAX),
            Self::Modbus { unit, .. } => *unit == EVERY_UNIT,
        }
    }

    /// Half an answer from before the port was opened again is none.
    pub(super) fn clear(&mut self) {
        match self {
            Self::Onbon { decoder, .. } => decoder.clear(),
            Self::Modbus { exchange, .. } => *exchange = None,
        }
    }
}
