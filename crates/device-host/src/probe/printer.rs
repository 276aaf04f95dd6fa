//! Asking a printer nobody knows: at which speed it answers, and what.

use std::time::Duration;

use codecs::escpos::StatusKind;
use codecs::escpos::status::{
    CONFIRM, Condition, PrinterState, Query, Reply, StatusDecoder, disable_automatic, enable_automatic,
};
use serialport::SerialPort;
use wire::Flow;

use super::line::{Line, ProbeError};

/// The speeds printers come with, the commonest first, in bits a second.
pub const SPEEDS: [u32; 4] = [9_600, 19_200, 38_400, 115_200];

/// How long a printer may take for a question it answers at once.
const AT_ONCE: Duration = Duration::from_millis(400);
/// How long it may take for one it answers in print order, with nothing to print.
const IN_ORDER: Duration = Duration::from_millis(1_500);
/// Rounds of questions: the first may fall victim to what an earlier speed left in the printer.
const ROUNDS: usize = 2;

/// What a printer said at one speed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrinterAnswer {
    /// The speed it answered at, in bits a second.
    pub baud: u32,
    /// It answers all four questions of `DLE EOT`.
    pub real_time: bool,
    /// It reports by itself after `GS a`.
    pub automatic: bool,
    /// What it said about itself.
    pub state: PrinterState,
}

/// Asks at one speed: `DLE EOT` 1 to 4, and `GS a`. Nothing when nobody answers like a printer; a wrong speed may
/// leave some wrong characters on the paper.
///
/// # Errors
/// [`ProbeError`]
pub async fn ask_printer(path: &str, baud: u32) -> Result<Option<PrinterAnswer>, ProbeError> {
    let line = Line::open(path, baud, Flow::None).await?;
    let answer = ask_on(&line, baud).await;
    line.close().await;
    answer
}

async fn ask_on(line: &Line, baud: u32) -> Result<Option<PrinterAnswer>, ProbeError> {
    let mut real_time = None;
    for _ in 0..ROUNDS {
        if real_time.is_none() {
            line.settle().await?;
            real_time = state_in_real_time(line).await?;
        }
    }
    line.settle().await?;
    let automatic = automatic_state(line).await?;
    let Some(state) = real_time.or(automatic) else { return Ok(None) };
    // A printer that leaves some questions open would never count as well: it is one that says nothing.
    let is_whole = |state: Option<PrinterState>| state.is_some_and(|state| state.condition() != Condition::Unknown);
    Ok(Some(PrinterAnswer { baud, real_time: is_whole(real_time), automatic: is_whole(automatic), state }))
}

/// The answers to `DLE EOT`; nothing when a byte among them is no answer, as at a wrong speed.
async fn state_in_real_time(line: &Line) -> Result<Option<PrinterState>, ProbeError> {
    let question: Vec<u8> = Query::ALL.into_iter().flat_map(Query::bytes).collect();
    let mut decoder = StatusDecoder::new(StatusKind::RealTime);
    Query::ALL.into_iter().for_each(|query| decoder.expect(query));
    let heard = line.ask(&question, AT_ONCE, |heard| answers(heard) >= Query::ALL.len()).await?;
    let replies = decoder.push(&heard);
    let is_answer = |reply: &Reply| matches!(reply, Reply::RealTime { .. });
    if replies.is_empty() || decoder.take_noise() || !replies.iter().all(is_answer) {
        return Ok(None);
    }
    Ok(Some(fold(&replies)))
}

/// The report after `GS a`, which is switched off again.
async fn automatic_state(line: &Line) -> Result<Option<PrinterState>, ProbeError> {
    const REPORT_BYTES: usize = 4;
    let mut decoder = StatusDecoder::new(StatusKind::Automatic);
    let heard = line.ask(&enable_automatic(), AT_ONCE, |heard| answers(heard) >= REPORT_BYTES).await?;
    line.send(&disable_automatic()).await?;
    let replies = decoder.push(&heard);
    if decoder.take_noise() || !matches!(replies[..], [Reply::Automatic(_)]) {
        return Ok(None);
    }
    Ok(Some(fold(&replies)))
}

/// Bytes that are not flow control: a printer that holds off by XON and XOFF says these in between.
fn answers(heard: &[u8]) -> usize {
    const XON: u8 = 0x11;
    const XOFF: u8 = 0x13;
    heard.iter().filter(|byte| !matches!(**byte, XON | XOFF)).count()
}

fn fold(replies: &[Reply]) -> PrinterState {
    let mut state = PrinterState::default();
    replies.iter().for_each(|reply| state.fold(*reply));
    state
}

/// Whether it answers `GS r 1`, which it does in print order: asked of a printer that says it is well.
///
/// # Errors
/// [`ProbeError`]
pub async fn confirms_prints(path: &str, baud: u32) -> Result<bool, ProbeError> {
    let line = Line::open(path, baud, Flow::None).await?;
    let heard = async {
        line.settle().await?;
        line.ask(&CONFIRM, IN_ORDER, |heard| answers(heard) > 0).await
    };
    let heard = heard.await;
    line.close().await;
    let mut decoder = StatusDecoder::new(StatusKind::None);
    decoder.expect_printed();
    let replies = decoder.push(&heard?);
    Ok(matches!(replies[..], [Reply::Printed { .. }]) && !decoder.take_noise())
}

/// Whether it still answers when the wire `CTS` must allow every byte: then the wire is there and can hold us off.
///
/// # Errors
/// [`ProbeError`]
pub async fn holds_off_by_wire(path: &str, answer: &PrinterAnswer) -> Result<bool, ProbeError> {
    let line = Line::open(path, answer.baud, Flow::Hardware).await?;
    let asked = async {
        line.settle().await?;
        if answer.real_time { state_in_real_time(&line).await } else { automatic_state(&line).await }
    };
    let state = asked.await;
    line.close().await;
    Ok(state?.is_some())
}

/// The wire `CTS` as it is now; nothing where the port has no such wire or cannot be opened.
pub async fn clear_to_send(path: &str, baud: u32) -> Option<bool> {
    let path = path.to_owned();
    let read = move || serialport::new(path, baud).open_native().ok()?.read_clear_to_send().ok();
    tokio::task::spawn_blocking(read).await.ok().flatten()
}

/// Maker and model after `GS I 66` and `GS I 67`, as far as it says them. Clones may print the question instead.
///
/// # Errors
/// [`ProbeError`]
pub async fn printer_name(path: &str, baud: u32) -> Result<Option<String>, ProbeError> {
    const MAKER: u8 = 66;
    const MODEL: u8 = 67;
    let line = Line::open(path, baud, Flow::None).await?;
    let mut words = Vec::new();
    let asked = async {
        for n in [MAKER, MODEL] {
            line.settle().await?;
            let heard = line.ask(&[0x1D, 0x49, n], AT_ONCE, |heard| heard.ends_with(&[0])).await?;
            words.extend(name_in(&heard));
        }
        Ok::<(), ProbeError>(())
    };
    let asked = asked.await;
    line.close().await;
    asked?;
    Ok((!words.is_empty()).then(|| words.join(" ")))
}

/// `5F … 00`: the frame of `GS I` answers that are text (Epson ESC/POS command reference).
fn name_in(heard: &[u8]) -> Option<String> {
    let [0x5F, text @ .., 0x00] = heard else { return None };
    let is_text = !text.is_empty() && text.iter().all(|byte| (0x20..0x7F).contains(byte));
    is_text.then(|| String::from_utf8_lossy(text).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_text_in_its_frame() {
        assert_eq!(name_in(b"_TM-T88V\0").as_deref(), Some("TM-T88V"));
        for no_name in [&b"_\0"[..], b"TM-T88V\0", b"_TM", b"_\xC7\xEB\0", b""] {
            assert_eq!(name_in(no_name), None, "{no_name:?}");
        }
    }
}
