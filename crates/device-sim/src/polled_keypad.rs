//! A keypad that waits to be asked: Modbus RTU, a discrete input a key (function 02), and registers for its displays
//! and its beeper where it has them (functions 06 and 10).

use std::collections::BTreeMap;
use std::io;
use std::time::{Duration, Instant};

use crate::bus::{OnBus, Unit, Verdict, unit_methods};
use crate::line::LineOptions;
use crate::modbus::{Ask, Exception, ILLEGAL_ADDRESS, ILLEGAL_FUNCTION, ILLEGAL_VALUE, Request, RtuFraming, reply};

/// How long a finger stays on a key.
const PRESS: Duration = Duration::from_millis(120);
/// A press lasts until it has been read so often: drivers take a key for pressed when two readings agree.
const READINGS: u32 = 2;

/// How a keypad is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolledKeypadOptions {
    /// Modbus unit, 1 to 247.
    pub unit: u8,
    /// Discrete inputs from 0 on, one a key.
    pub inputs: u16,
    /// Holding registers from 0 on.
    pub registers: u16,
}

impl PolledKeypadOptions {
    /// Eight keys and no register.
    pub fn new(unit: u8) -> Self {
        Self { unit, inputs: 8, registers: 0 }
    }
}

/// A running keypad. Dropping the last one of a line unplugs the line.
pub struct PolledKeypad {
    on_bus: OnBus<RtuFraming, Slave>,
    options: PolledKeypadOptions,
}

impl PolledKeypad {
    /// Plugs one keypad in. Needs a tokio runtime with I/O and time.
    ///
    /// # Errors
    /// Outside a runtime, or when no pseudo-terminal or no link can be made.
    pub fn start(line: &LineOptions, options: PolledKeypadOptions) -> io::Result<Self> {
        let mut pads = Self::start_bus(line, [options])?;
        pads.pop().ok_or_else(|| io::Error::other("no keypad"))
    }

    /// Plugs several keypads into one line.
    ///
    /// # Errors
    /// As [`PolledKeypad::start`].
    pub fn start_bus(
        line: &LineOptions,
        keypads: impl IntoIterator<Item = PolledKeypadOptions>,
    ) -> io::Result<Vec<Self>> {
        let options: Vec<_> = keypads.into_iter().collect();
        let handles = OnBus::start(line, RtuFraming::default(), options.iter().copied().map(Slave::new))?;
        Ok(handles.zip(options.iter().copied()).map(|(on_bus, options)| Self { on_bus, options }).collect())
    }

    unit_methods!(on_bus);

    /// Modbus unit of the keypad.
    pub fn unit(&self) -> u8 {
        self.options.unit
    }

    /// Presses the key of discrete input `input` and lets it go after 120 ms, but not before it has been read twice. False
    /// when the keypad has no such key.
    pub fn press(&self, input: u16) -> bool {
        self.finger(input, Finger { until: Some(Instant::now() + PRESS), readings: READINGS })
    }

    /// Presses the key of discrete input `input` for exactly `duration`, read or not. False when the keypad has no such
    /// key.
    pub fn tap(&self, input: u16, duration: Duration) -> bool {
        self.finger(input, Finger { until: Some(Instant::now() + duration), readings: 0 })
    }

    /// Presses the key of discrete input `input` until [`PolledKeypad::release`]. False when the keypad has no such key.
    pub fn hold(&self, input: u16) -> bool {
        self.finger(input, Finger { until: None, readings: 0 })
    }

    /// Lets the key of discrete input `input` go.
    pub fn release(&self, input: u16) {
        self.on_bus.act(|place| {
            place.unit.fingers.remove(&input);
            None
        });
    }

    /// The inputs that are set now, in ascending order.
    pub fn pressed(&self) -> Vec<u16> {
        let now = Instant::now();
        let is_down = |(input, finger): (&u16, &Finger)| finger.is_down(now).then_some(*input);
        self.on_bus.read(|place| place.unit.fingers.iter().filter_map(is_down).collect())
    }

    /// How often its inputs have been read.
    pub fn readings(&self) -> usize {
        self.on_bus.read(|place| place.unit.readings)
    }

    /// Waits until its inputs have been read `count` times since the start.
    pub async fn wait_for_readings(&self, count: usize) {
        self.on_bus.wait_for(|place| (place.unit.readings >= count).then_some(())).await;
    }

    /// What stands in its registers.
    pub fn registers(&self) -> Vec<u16> {
        self.on_bus.read(|place| place.unit.registers.clone())
    }

    /// Waits until its registers satisfy `wanted`, and returns them.
    pub async fn wait_for_registers(&self, mut wanted: impl FnMut(&[u16]) -> bool) -> Vec<u16> {
        self.on_bus.wait_for(|place| Some(place.unit.registers.clone()).filter(|registers| wanted(registers))).await
    }

    /// How often register `register` has been written, as a beeper's is at each beep.
    pub fn writes(&self, register: u16) -> usize {
        self.on_bus.read(|place| place.unit.writes.get(&register).copied().unwrap_or_default())
    }

    /// The next answer arrives with a wrong check sum.
    pub fn garble_next(&self) {
        self.on_bus.act(|place| {
            place.unit.garble_next = true;
            None
        });
    }

    fn finger(&self, input: u16, finger: Finger) -> bool {
        let exists = input < self.options.inputs;
        if exists {
            self.on_bus.act(|place| {
                place.unit.fingers.insert(input, finger);
                None
            });
        }
        exists
    }
}

/// What holds a key down.
#[derive(Clone, Copy, Debug)]
struct Finger {
    /// `None`: until it is taken away.
    until: Option<Instant>,
    /// Readings it waits for beyond that time.
    readings: u32,
}

impl Finger {
    fn is_down(&self, at: Instant) -> bool {
        self.readings > 0 || self.until.is_none_or(|until| at < until)
    }
}

struct Slave {
    unit: u8,
    inputs: u16,
    fingers: BTreeMap<u16, Finger>,
    readings: usize,
    registers: Vec<u16>,
    writes: BTreeMap<u16, usize>,
    garble_next: bool,
}

impl Slave {
    fn new(options: PolledKeypadOptions) -> Self {
        Self {
            unit: options.unit,
            inputs: options.inputs,
            fingers: BTreeMap::new(),
            readings: 0,
            registers: vec![0; options.registers.into()],
            writes: BTreeMap::new(),
            garble_next: false,
        }
    }

    fn carry_out(&mut self, ask: &Ask, at: Instant) -> Result<Vec<u8>, Exception> {
        match ask {
            Ask::ReadInputs { from, count } => self.read_inputs(*from, *count, at),
            Ask::Read { from, count } if (1..=125).contains(count) => {
                let values = self.range(*from, *count)?;
                let mut body = vec![u8::try_from(count * 2).unwrap_or(u8::MAX)];
                body.extend(values.iter().flat_map(|value| value.to_be_bytes()));
                Ok(body)
            }
            Ask::Read { count, .. } => Err((ILLEGAL_VALUE, format!("reading {count} registers"))),
            Ask::WriteOne { at, value } => {
                self.range(*at, 1)?.copy_from_slice(&[*value]);
                self.count_writes(*at, 1);
                Ok([at.to_be_bytes(), value.to_be_bytes()].concat())
            }
            Ask::WriteMany { from, values } => {
                let count = u16::try_from(values.len()).unwrap_or(u16::MAX);
                if !(1..=123).contains(&count) {
                    return Err((ILLEGAL_VALUE, format!("writing {count} registers")));
                }
                self.range(*from, count)?.copy_from_slice(values);
                self.count_writes(*from, count);
                Ok([from.to_be_bytes(), count.to_be_bytes()].concat())
            }
            Ask::Contradiction => Err((ILLEGAL_VALUE, "byte count and register count".to_owned())),
            Ask::Other => Err((ILLEGAL_FUNCTION, "a function it has not".to_owned())),
        }
    }

    /// Eight inputs a byte, the first in the lowest bit.
    fn read_inputs(&mut self, from: u16, count: u16, at: Instant) -> Result<Vec<u8>, Exception> {
        if !(1..=2000).contains(&count) {
            return Err((ILLEGAL_VALUE, format!("reading {count} inputs")));
        }
        let end = from.checked_add(count).filter(|end| *end <= self.inputs);
        let end = end.ok_or_else(|| (ILLEGAL_ADDRESS, format!("inputs {from} and {count} more")))?;
        self.readings += 1;
        self.fingers.retain(|_, finger| finger.is_down(at));
        let mut bits = vec![0_u8; usize::from(count.div_ceil(8))];
        for (input, finger) in self.fingers.range_mut(from..end) {
            finger.readings = finger.readings.saturating_sub(1);
            let place = input - from;
            if let Some(byte) = bits.get_mut(usize::from(place / 8)) {
                *byte |= 1 << (place % 8);
            }
        }
        Ok([&[u8::try_from(bits.len()).unwrap_or(u8::MAX)], &bits[..]].concat())
    }

    fn range(&mut self, from: u16, count: u16) -> Result<&mut [u16], Exception> {
        let (start, end) = (usize::from(from), usize::from(from) + usize::from(count));
        self.registers.get_mut(start..end).ok_or_else(|| (ILLEGAL_ADDRESS, format!("register {from} and {count} more")))
    }

    fn count_writes(&mut self, from: u16, count: u16) {
        for register in (from..).take(count.into()) {
            *self.writes.entry(register).or_default() += 1;
        }
    }
}

impl Unit for Slave {
    type Message = Request;

    fn is_for_me(&self, request: &Request) -> bool {
        request.unit == self.unit || request.unit == 0
    }

    fn hear(&mut self, request: &Request, at: Instant) -> (Verdict, Option<Vec<u8>>) {
        let (verdict, mut answer) = match self.carry_out(&request.ask, at) {
            Ok(body) => (Verdict::Understood, reply(self.unit, request.function, Ok(&body))),
            Err((exception, why)) => (Verdict::Refused(why), reply(self.unit, request.function, Err(exception))),
        };
        // Broadcasts are never answered.
        if request.unit == 0 {
            return (verdict, None);
        }
        if std::mem::take(&mut self.garble_next)
            && let Some(byte) = answer.last_mut()
        {
            *byte ^= 0x20;
        }
        (verdict, Some(answer))
    }
}
