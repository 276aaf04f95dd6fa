//! Modbus RTU (Modbus over Serial Line V1.02, Modbus Application Protocol V1.1b3), for window displays with
//! a register a character and for keypads polled as discrete inputs.
//!
//! One question at a time on a bus: make a [`Request`], send [`Request::frame`], and feed what comes back to
//! the [`Exchange`] of the same request. The 3.5-character silence that separates frames is lost in USB
//! adapters, so an answer is found by its length and its CRC, not by time.

mod exchange;
mod window;

use crc::{CRC_16_MODBUS, Crc};
use thiserror::Error;

pub use exchange::{Answer, Echo, Exception, Exchange, Response};
pub use window::{ByteOrder, Packing, RegisterMap, Registers, window_text};

const CRC: Crc<u16> = Crc::<u16>::new(&CRC_16_MODBUS);

/// A question or an order to one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Function 02: `count` inputs (1–2000) from `start`.
    ReadDiscreteInputs {
        /// First input, from 0.
        start: u16,
        /// How many.
        count: u16,
    },
    /// Function 03: `count` registers (1–125) from `start`.
    ReadHolding {
        /// First register, from 0.
        start: u16,
        /// How many.
        count: u16,
    },
    /// Function 06: one register.
    WriteSingle {
        /// The register, from 0.
        register: u16,
        /// Its new value.
        value: u16,
    },
    /// Function 16: 1–123 registers in a row.
    WriteMultiple {
        /// First register, from 0.
        start: u16,
        /// Their new values.
        values: Vec<u16>,
    },
}

/// Why a request cannot be put into a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ModbusError {
    /// Units are 1–247; 0 is for writes to everyone.
    #[error("addressing Modbus unit {unit}")]
    Unit {
        /// The unit asked for.
        unit: u8,
    },
    /// A frame holds so many and no more.
    #[error("asking for {count} registers or inputs in one Modbus frame that holds 1 to {most}")]
    Count {
        /// How many were asked for.
        count: usize,
        /// How many one frame holds.
        most: usize,
    },
}

impl Request {
    /// The frame to send to `unit`: 1–247, or 0 to write to every unit, which none answers.
    ///
    /// # Errors
    /// [`ModbusError`] when the unit does not exist or a count does not fit.
    pub fn frame(&self, unit: u8) -> Result<Vec<u8>, ModbusError> {
        if unit > 247 || (unit == 0 && !self.is_write()) {
            return Err(ModbusError::Unit { unit });
        }
        let mut frame = vec![unit, self.function()];
        match self {
            Self::ReadDiscreteInputs { start, count } => {
                within(usize::from(*count), 2000)?;
                push(&mut frame, &[*start, *count]);
            }
            Self::ReadHolding { start, count } => {
                within(usize::from(*count), 125)?;
                push(&mut frame, &[*start, *count]);
            }
            Self::WriteSingle { register, value } => push(&mut frame, &[*register, *value]),
            Self::WriteMultiple { start, values } => {
                let count = within(values.len(), 123)?;
                push(&mut frame, &[*start, u16::from(count)]);
                frame.push(2 * count);
                push(&mut frame, values);
            }
        }
        let crc = CRC.checksum(&frame);
        frame.extend_from_slice(&crc.to_le_bytes());
        Ok(frame)
    }

    /// The function code.
    pub fn function(&self) -> u8 {
        match self {
            Self::ReadDiscreteInputs { .. } => 0x02,
            Self::ReadHolding { .. } => 0x03,
            Self::WriteSingle { .. } => 0x06,
            Self::WriteMultiple { .. } => 0x10,
        }
    }

    fn is_write(&self) -> bool {
        match self {
            Self::WriteSingle { .. } | Self::WriteMultiple { .. } => true,
            Self::ReadDiscreteInputs { .. } | Self::ReadHolding { .. } => false,
        }
    }
}

/// The count as a byte; reads of more than 255 inputs do not need it.
fn within(count: usize, most: usize) -> Result<u8, ModbusError> {
    if count == 0 || count > most {
        return Err(ModbusError::Count { count, most });
    }
    Ok(u8::try_from(count).unwrap_or(u8::MAX))
}

fn push(frame: &mut Vec<u8>, words: &[u16]) {
    frame.extend(words.iter().flat_map(|word| word.to_be_bytes()));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reproduced with pymodbus and minimalmodbus over a pseudo-terminal.
    #[test]
    fn writing_13_into_register_0_is_the_known_frame() {
        let request = Request::WriteSingle { register: 0, value: 0x000D };
        assert_eq!(request.frame(1).unwrap(), [0x01, 0x06, 0, 0, 0, 0x0D, 0x48, 0x0F]);
    }

    /// Reproduced with pymodbus and minimalmodbus over a pseudo-terminal.
    #[test]
    fn reading_two_registers_is_the_known_frame() {
        let request = Request::ReadHolding { start: 0, count: 2 };
        assert_eq!(request.frame(1).unwrap(), [0x01, 0x03, 0, 0, 0, 2, 0xC4, 0x0B]);
    }

    /// Reproduced with pymodbus and minimalmodbus over a pseudo-terminal.
    #[test]
    fn polling_eight_keys_is_the_known_frame() {
        let request = Request::ReadDiscreteInputs { start: 0, count: 8 };
        assert_eq!(request.frame(1).unwrap(), [0x01, 0x02, 0, 0, 0, 8, 0x79, 0xCC]);
    }

    /// simplymodbus.ca, FC16 and FC06: registers 40002 and 40003 := 000A, 0102 on unit 17; register 40002 := 3.
    #[test]
    fn writing_registers_is_the_textbooks_frame() {
        let two = Request::WriteMultiple { start: 1, values: vec![0x000A, 0x0102] };
        assert_eq!(
            two.frame(0x11).unwrap(),
            [0x11, 0x10, 0x00, 0x01, 0x00, 0x02, 0x04, 0x00, 0x0A, 0x01, 0x02, 0xC6, 0xF0]
        );
        let one = Request::WriteSingle { register: 1, value: 3 };
        assert_eq!(one.frame(0x11).unwrap(), [0x11, 0x06, 0x00, 0x01, 0x00, 0x03, 0x9A, 0x9B]);
    }

    #[test]
    fn everyone_can_be_written_to_but_not_asked() {
        assert!(Request::WriteSingle { register: 0, value: 0 }.frame(0).is_ok());
        assert_eq!(Request::ReadHolding { start: 0, count: 1 }.frame(0), Err(ModbusError::Unit { unit: 0 }));
        assert_eq!(Request::WriteSingle { register: 0, value: 0 }.frame(248), Err(ModbusError::Unit { unit: 248 }));
    }

    #[test]
    fn a_frame_holds_no_more_than_it_can() {
        for (request, most) in [
            (Request::ReadHolding { start: 0, count: 126 }, 125),
            (Request::ReadDiscreteInputs { start: 0, count: 2001 }, 2000),
            (Request::WriteMultiple { start: 0, values: vec![0; 124] }, 123),
            (Request::WriteMultiple { start: 0, values: vec![] }, 123),
        ] {
            let error = request.frame(1).unwrap_err();
            assert!(matches!(error, ModbusError::Count { most: m, .. } if m == most), "{error}");
        }
        assert_eq!(Request::WriteMultiple { start: 0, values: vec![7; 123] }.frame(1).unwrap().len(), 255);
    }
}
