//! Keypads listened to: which key was pressed, on which, and what its profile makes of it.

use std::time::Duration;

use codecs::keypad::polled::{KeyMap, PolledKeys};
use codecs::keypad::{Decoder, Event, Rating, acknowledge};
use codecs::led::modbus::{Answer, Echo, Exchange, Response};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use wire::{Flow, KeyAct, KeypadProfile, PolledKeypadProfile};

use super::line::{Line, ProbeError};
use crate::keypad::DEBOUNCE_MS;
use crate::keypad::codes::Codes;

/// How long a polled keypad may take for an answer.
const ANSWER: Duration = Duration::from_millis(150);
/// The hall's own rule of what is one press.
const SAME_PRESS: Duration = Duration::from_millis(DEBOUNCE_MS.unsigned_abs());

/// What happened on a keypad.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pressed {
    /// A key: its code as it came, its meaning in the profile, if it has one there.
    Key {
        /// The keypad's address.
        address: u8,
        /// The bytes in hexadecimal, or the number of the input.
        code: String,
        /// What the profile says of it.
        means: Option<KeyAct>,
    },
    /// A key of the rater, from 1.
    Rating {
        /// The keypad's address.
        address: u8,
        /// The number of the key.
        key: u8,
    },
    /// A keypad that is to be asked does not answer.
    Silent {
        /// The keypad's address.
        address: u8,
    },
}

/// Listens to the keypads of a line that speak by themselves, whatever their address, and acknowledges their keys.
///
/// # Errors
/// [`ProbeError`]
pub async fn listen_to_keys(
    path: &str,
    profile: &KeypadProfile,
    until: Instant,
    pressed: mpsc::Sender<Pressed>,
) -> Result<(), ProbeError> {
    let line = Line::open(path, profile.baud, Flow::None).await?;
    let listened = listen(&line, &Codes::of(&profile.keys), until, &pressed).await;
    line.close().await;
    listened
}

async fn listen(line: &Line, codes: &Codes, until: Instant, pressed: &mpsc::Sender<Pressed>) -> Result<(), ProbeError> {
    let mut decoder = Decoder::default();
    let mut last: Option<(Pressed, Instant)> = None;
    loop {
        let mut buffer = [0; 64];
        let count = tokio::select! {
            count = line.read(&mut buffer) => count?,
            () = sleep_until(until) => return Ok(()),
        };
        for frame in decoder.push(buffer.get(..count).unwrap_or_default()) {
            let address = frame.address;
            let event = match frame.event() {
                Some(Event::Keys(keys)) => {
                    Pressed::Key { address, code: hex(keys), means: codes.read(keys).map(|(act, _)| act) }
                }
                Some(Event::Rating(Rating(key))) => Pressed::Rating { address, key },
                None => continue,
            };
            let answer = acknowledge(&frame);
            decoder.sent(&answer);
            line.send(&answer).await?;
            // An adapter that echoes has done so by now; a later equal frame is the device's.
            decoder.forget_echoes();
            let again = last.as_ref().is_some_and(|(same, at)| *same == event && at.elapsed() < SAME_PRESS);
            last = Some((event.clone(), Instant::now()));
            if !again && pressed.send(event).await.is_err() {
                return Ok(());
            }
        }
    }
}

/// Asks the keypads of a line for their keys, one after the other.
///
/// # Errors
/// [`ProbeError`]
pub async fn poll_keys(
    path: &str,
    profile: &PolledKeypadProfile,
    addresses: &[u8],
    until: Instant,
    pressed: mpsc::Sender<Pressed>,
) -> Result<(), ProbeError> {
    let line = Line::open(path, profile.baud, Flow::None).await?;
    let polled = poll(&line, profile, addresses, until, &pressed).await;
    line.close().await;
    polled
}

async fn poll(
    line: &Line,
    profile: &PolledKeypadProfile,
    addresses: &[u8],
    until: Instant,
    pressed: &mpsc::Sender<Pressed>,
) -> Result<(), ProbeError> {
    // Inputs without a meaning are told too: that is what a technician looks for.
    let inputs = || KeyMap::new(profile.first_input, (0..profile.keys.len()).map(Some));
    let mut keypads: Vec<_> = addresses.iter().map(|address| (*address, PolledKeys::new(inputs()), false)).collect();
    let question = inputs().request();
    while Instant::now() < until {
        for (address, keys, is_told_silent) in &mut keypads {
            let Ok(frame) = question.frame(*address) else { continue };
            let echo = if profile.echo { Echo::Local } else { Echo::None };
            let mut exchange = Exchange::new(*address, question.clone(), echo);
            line.write(&frame).await?;
            let mut answer = None;
            let limit = Instant::now() + line.wire_time(frame.len() * 3) + ANSWER;
            while answer.is_none() && Instant::now() < limit {
                let heard = line.listen(limit.duration_since(Instant::now()), |heard| !heard.is_empty()).await?;
                answer = exchange.push(&heard);
            }
            let down = match answer {
                Some(Answer::Done(Response::Inputs(inputs))) => keys.press(&inputs),
                Some(Answer::Done(Response::Registers(_) | Response::Written) | Answer::Refused(_)) | None => {
                    keys.forget();
                    let is_news = !std::mem::replace(is_told_silent, true);
                    if is_news && pressed.send(Pressed::Silent { address: *address }).await.is_err() {
                        return Ok(());
                    }
                    continue;
                }
            };
            for at in down {
                let means = profile.keys.get(at).copied().filter(|act| *act != KeyAct::Unused);
                let input = usize::from(profile.first_input) + at;
                let event = Pressed::Key { address: *address, code: input.to_string(), means };
                if pressed.send(event).await.is_err() {
                    return Ok(());
                }
            }
        }
        sleep_until(until.min(Instant::now() + Duration::from_millis(u64::from(profile.poll_ms)))).await;
    }
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" ")
}
