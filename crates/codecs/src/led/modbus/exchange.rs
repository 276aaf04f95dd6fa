//! The answer to one request, found in whatever the bus delivers.

use super::{CRC, Request};
use crate::stream::{Scan, Stream};

/// Whether the adapter hears what it sends itself, as two-wire RS-485 adapters often do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Echo {
    /// It does not.
    None,
    /// It does: the first frame equal to the request is skipped.
    Local,
}

/// What a unit answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It did as asked.
    Done(Response),
    /// It refused.
    Refused(Exception),
}

/// What a unit that did as asked says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Response {
    /// The inputs asked for, in order.
    Inputs(Vec<bool>),
    /// The registers asked for, in order.
    Registers(Vec<u16>),
    /// Everything was written.
    Written,
}

/// Why a unit refused (Modbus Application Protocol V1.1b3, section 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Exception {
    /// 01: it does not know the function.
    IllegalFunction,
    /// 02: it has no such register.
    IllegalAddress,
    /// 03: it does not take the value.
    IllegalValue,
    /// 04: it failed.
    DeviceFailure,
    /// 05: it accepted and needs long.
    Acknowledge,
    /// 06: it is busy.
    Busy,
    /// Any other code.
    Other(u8),
}

impl From<u8> for Exception {
    fn from(code: u8) -> Self {
        match code {
            1 => Self::IllegalFunction,
            2 => Self::IllegalAddress,
            3 => Self::IllegalValue,
            4 => Self::DeviceFailure,
            5 => Self::Acknowledge,
            6 => Self::Busy,
            other => Self::Other(other),
        }
    }
}

/// One request and the search for its answer.
#[derive(Clone, Debug)]
pub struct Exchange {
    unit: u8,
    request: Request,
    /// The request as sent, until its echo was heard.
    echo: Option<Vec<u8>>,
    stream: Stream,
}

impl Exchange {
    /// `request` was sent to `unit`.
    pub fn new(unit: u8, request: Request, echo: Echo) -> Self {
        let echo = match echo {
            Echo::Local => request.frame(unit).ok(),
            Echo::None => None,
        };
        Self { unit, request, echo, stream: Stream::default() }
    }

    /// The unit's answer, as soon as it is complete. Bytes that are no answer to this request are skipped:
    /// noise, other units, frames with a wrong CRC, an echo.
    pub fn push(&mut self, bytes: &[u8]) -> Option<Answer> {
        for byte in bytes {
            let echo = self.echo.as_deref();
            let found = self.stream.push(&[*byte], |at| scan(at, self.unit, &self.request, echo));
            for frame in found {
                match frame {
                    Found::Echo => self.echo = None,
                    Found::Answer(answer) => return Some(answer),
                }
            }
        }
        None
    }
}

enum Found {
    Echo,
    Answer(Answer),
}

fn scan(at: &[u8], unit: u8, request: &Request, echo: Option<&[u8]>) -> Scan<Found> {
    if let Some(echo) = echo {
        if at.starts_with(echo) {
            return Scan::Frame(Found::Echo, echo.len());
        }
        if echo.starts_with(at) {
            return Scan::Partial;
        }
    }
    let function = request.function();
    match at {
        [u, ..] if *u != unit => Scan::No,
        [_, f, ..] if *f != function && *f != function | 0x80 => Scan::No,
        [_, f, rest @ ..] => {
            let body = if *f == function { body_length(request) } else { 1 };
            let whole = 2 + body + 2;
            if at.len() < whole {
                return if plausible(request, *f, rest) { Scan::Partial } else { Scan::No };
            }
            let (checked, crc) = at[..whole].split_at(whole - 2);
            if CRC.checksum(checked).to_le_bytes() != crc {
                return Scan::No;
            }
            let body = &checked[2..];
            let answer = if *f == function {
                response(request, body).map(Answer::Done)
            } else {
                body.first().map(|code| Answer::Refused(Exception::from(*code)))
            };
            match answer {
                Some(answer) => Scan::Frame(Found::Answer(answer), whole),
                None => Scan::No,
            }
        }
        _ => Scan::Partial,
    }
}

/// Bytes between the function code and the CRC of a good answer.
fn body_length(request: &Request) -> usize {
    match request {
        Request::ReadDiscreteInputs { count, .. } => 1 + usize::from(*count).div_ceil(8),
        Request::ReadHolding { count, .. } => 1 + 2 * usize::from(*count),
        Request::WriteSingle { .. } | Request::WriteMultiple { .. } => 4,
    }
}

/// Whether a beginning may still become an answer to this request.
fn plausible(request: &Request, function: u8, rest: &[u8]) -> bool {
    if function != request.function() {
        return true;
    }
    let expected = expected_start(request);
    let known = rest.len().min(expected.len());
    rest[..known] == expected[..known]
}

/// What a good answer's body begins with: the byte count of a read, everything of a write.
fn expected_start(request: &Request) -> Vec<u8> {
    match request {
        Request::ReadDiscreteInputs { .. } | Request::ReadHolding { .. } => {
            vec![u8::try_from(body_length(request) - 1).unwrap_or(u8::MAX)]
        }
        Request::WriteSingle { register, value } => words(*register, *value),
        Request::WriteMultiple { start, values } => words(*start, u16::try_from(values.len()).unwrap_or(u16::MAX)),
    }
}

fn words(a: u16, b: u16) -> Vec<u8> {
    [a.to_be_bytes(), b.to_be_bytes()].concat()
}

fn response(request: &Request, body: &[u8]) -> Option<Response> {
    let data = body.strip_prefix(expected_start(request).as_slice())?;
    Some(match request {
        Request::ReadDiscreteInputs { count, .. } => Response::Inputs(
            (0..usize::from(*count)).map(|n| data.get(n / 8).is_some_and(|byte| byte >> (n % 8) & 1 == 1)).collect(),
        ),
        Request::ReadHolding { .. } => {
            Response::Registers(data.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect())
        }
        Request::WriteSingle { .. } | Request::WriteMultiple { .. } => Response::Written,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const READ: Request = Request::ReadHolding { start: 0, count: 2 };
    const WRITE: Request = Request::WriteSingle { register: 0, value: 0x000D };

    fn exchange(request: Request, echo: Echo) -> Exchange {
        Exchange::new(1, request, echo)
    }

    /// Reproduced with pymodbus and minimalmodbus over a pseudo-terminal.
    const READ_ANSWER: [u8; 9] = [0x01, 0x03, 0x04, 0, 0x0D, 0, 0, 0x6B, 0xF0];
    const WRITE_ANSWER: [u8; 8] = [0x01, 0x06, 0, 0, 0, 0x0D, 0x48, 0x0F];

    #[test]
    fn the_registers_asked_for_are_read() {
        let answer = exchange(READ, Echo::None).push(&READ_ANSWER);
        assert_eq!(answer, Some(Answer::Done(Response::Registers(vec![13, 0]))));
    }

    /// Reproduced with pymodbus and minimalmodbus over a pseudo-terminal.
    #[test]
    fn the_keys_polled_are_read() {
        let request = Request::ReadDiscreteInputs { start: 0, count: 8 };
        let answer = exchange(request, Echo::None).push(&[0x01, 0x02, 0x01, 0x00, 0xA1, 0x88]);
        assert_eq!(answer, Some(Answer::Done(Response::Inputs(vec![false; 8]))));
    }

    #[test]
    fn a_write_is_answered_by_its_echo() {
        let answer = exchange(WRITE, Echo::None).push(&WRITE_ANSWER);
        assert_eq!(answer, Some(Answer::Done(Response::Written)));
    }

    /// simplymodbus.ca, FC16: two registers written on unit 17.
    #[test]
    fn a_write_of_many_is_answered_by_how_many() {
        let request = Request::WriteMultiple { start: 1, values: vec![0x000A, 0x0102] };
        let mut exchange = Exchange::new(0x11, request, Echo::Local);
        let echo = [0x11, 0x10, 0x00, 0x01, 0x00, 0x02, 0x04, 0x00, 0x0A, 0x01, 0x02, 0xC6, 0xF0];
        assert_eq!(exchange.push(&echo), None);
        let answer = [0x11, 0x10, 0x00, 0x01, 0x00, 0x02, 0x12, 0x98];
        assert_eq!(exchange.push(&answer), Some(Answer::Done(Response::Written)));
    }

    #[test]
    fn on_a_bus_that_echoes_only_the_second_copy_is_the_answer() {
        let mut exchange = exchange(WRITE, Echo::Local);
        assert_eq!(exchange.push(&WRITE_ANSWER), None);
        assert_eq!(exchange.push(&WRITE_ANSWER), Some(Answer::Done(Response::Written)));
    }

    #[test]
    fn an_answer_after_garbage_in_single_bytes_is_found() {
        let mut exchange = exchange(READ, Echo::None);
        let mut answer = None;
        for byte in [0x01, 0x03, 0x04, 0x55, 0xFF].into_iter().chain(READ_ANSWER) {
            answer = answer.or(exchange.push(&[byte]));
        }
        assert_eq!(answer, Some(Answer::Done(Response::Registers(vec![13, 0]))));
    }

    #[test]
    fn a_wrong_crc_is_no_answer() {
        let mut bad = READ_ANSWER;
        bad[4] ^= 1;
        assert_eq!(exchange(READ, Echo::None).push(&bad), None);
    }

    #[test]
    fn another_units_answer_is_not_ours() {
        assert_eq!(Exchange::new(2, READ, Echo::None).push(&READ_ANSWER), None);
    }

    #[test]
    fn a_refusal_says_why() {
        let mut frame = vec![0x01, 0x83, 0x02];
        frame.extend(CRC.checksum(&frame).to_le_bytes());
        assert_eq!(exchange(READ, Echo::None).push(&frame), Some(Answer::Refused(Exception::IllegalAddress)));
    }
}
