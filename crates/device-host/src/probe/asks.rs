//! Asking whether a sign, a keypad or a card reader is at a port: questions that change nothing and light nothing.

use std::time::Duration;

use codecs::led::modbus::{Echo, Exchange, Request};
use codecs::led::{cpower, onbon};
use codecs::{id_card, keypad};
use wire::Flow;

use super::line::{Line, ProbeError};

/// How long a device on a line with others may take.
const ANSWER: Duration = Duration::from_millis(250);
/// How long a keypad that speaks by itself is listened to.
const KEY: Duration = Duration::from_secs(10);

/// A device that answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The built-in profile it behaves like.
    pub like: &'static str,
    /// The speed it answers at.
    pub baud: u32,
    /// Its address on the bus, where it has one.
    pub address: Option<u16>,
}

/// Asks for signs with these addresses: Onbon, C-Power, numeric windows by Modbus. Digit boards never answer.
///
/// # Errors
/// [`ProbeError`]
pub async fn ask_signs(path: &str, speeds: &[u32], addresses: &[u8]) -> Result<Vec<Heard>, ProbeError> {
    let mut found = Vec::new();
    for &baud in speeds {
        let line = Line::open(path, baud, Flow::None).await?;
        let asked = signs_at(&line, baud, addresses, &mut found).await;
        line.close().await;
        asked?;
    }
    Ok(found)
}

async fn signs_at(line: &Line, baud: u32, addresses: &[u8], found: &mut Vec<Heard>) -> Result<(), ProbeError> {
    line.settle().await?;
    for &address in addresses {
        let mut heard = |like| found.push(Heard { like, baud, address: Some(u16::from(address)) });
        let onbon = onbon::OnbonTraits { address: u16::from(address), ..onbon::OnbonTraits::default() };
        let is_card = |bytes: &[u8]| {
            let frames = onbon::Decoder::default().push(bytes);
            frames.iter().any(|frame| frame.is_acknowledgement() && frame.checked)
        };
        if is_card(&line.ask(&onbon::ping(&onbon), ANSWER, is_card).await?) {
            heard("onbon-bx5k");
        }
        let is_card = |bytes: &[u8]| {
            let frames = cpower::Decoder::default().push(bytes);
            frames.iter().any(|frame| frame.id == address && frame.is_on().is_some())
        };
        if is_card(&line.ask(&cpower::query_power(address), ANSWER, is_card).await?) {
            heard("cpower-5200");
        }
        if answers_modbus(line, address, Request::ReadHolding { start: 0, count: 2 }).await? {
            heard("modbus-window-6");
        }
    }
    Ok(())
}

/// Asks for keypads with these addresses by Modbus, and listens for one that speaks when a key is pressed.
///
/// # Errors
/// [`ProbeError`]
pub async fn ask_keypads(path: &str, baud: u32, addresses: &[u8]) -> Result<Vec<Heard>, ProbeError> {
    let line = Line::open(path, baud, Flow::None).await?;
    let mut found = Vec::new();
    let asked = keypads_at(&line, baud, addresses, &mut found).await;
    line.close().await;
    asked.map(|()| found)
}

async fn keypads_at(line: &Line, baud: u32, addresses: &[u8], found: &mut Vec<Heard>) -> Result<(), ProbeError> {
    line.settle().await?;
    for &address in addresses {
        if answers_modbus(line, address, Request::ReadDiscreteInputs { start: 0, count: 8 }).await? {
            found.push(Heard { like: "keypad-modbus-8", baud, address: Some(u16::from(address)) });
        }
    }
    if found.is_empty() {
        let frames = |bytes: &[u8]| keypad::Decoder::default().push(bytes);
        let heard = line.listen(KEY, |bytes| !frames(bytes).is_empty()).await?;
        if let Some(frame) = frames(&heard).first() {
            line.send(&keypad::acknowledge(frame)).await?;
            found.push(Heard { like: "keypad-huajiaoqi", baud, address: Some(u16::from(frame.address)) });
        }
    }
    Ok(())
}

/// Asks for a reader of resident identity cards.
///
/// # Errors
/// [`ProbeError`]
pub async fn ask_id_reader(path: &str, speeds: &[u32]) -> Result<Option<Heard>, ProbeError> {
    for &baud in speeds {
        let line = Line::open(path, baud, Flow::None).await?;
        let is_reader = |bytes: &[u8]| !id_card::Decoder::default().push(bytes).is_empty();
        let asked = async {
            line.settle().await?;
            line.ask(&id_card::status(), ANSWER, is_reader).await
        };
        let heard = asked.await;
        line.close().await;
        if is_reader(&heard?) {
            return Ok(Some(Heard { like: "id-reader-sdt", baud, address: None }));
        }
    }
    Ok(None)
}

/// A refusal is an answer too.
async fn answers_modbus(line: &Line, unit: u8, request: Request) -> Result<bool, ProbeError> {
    let Ok(frame) = request.frame(unit) else { return Ok(false) };
    let has_answered = |bytes: &[u8]| Exchange::new(unit, request.clone(), Echo::None).push(bytes).is_some();
    Ok(has_answered(&line.ask(&frame, ANSWER, has_answered).await?))
}
