//! A logo in a printer's own memory.

use std::time::Duration;

use codecs::escpos::without_real_time;
use thiserror::Error;
use tokio::time::{Instant, sleep};
use wire::Flow;

use super::line::{Line, ProbeError};
use super::printer::ask_printer;

/// Dots a logo may be high: `FS q` itself allows 2304, a ticket's head has room for 40 mm.
pub const LOGO_MAX_HEIGHT: u16 = 320;
/// Bytes of dots that small printers have room for.
const MEMORY_BYTES: usize = 32 * 1024;
/// How long a printer that does not answer is left alone afterwards: writing takes seconds, and ends in a reset.
pub const NO_ANSWER_WAIT_MS: u64 = 8_000;
/// How long one that answers may be away.
const AWAY: Duration = Duration::from_secs(20);
const ASK_AGAIN: Duration = Duration::from_millis(500);

/// Why an image cannot be a logo.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum LogoError {
    /// It has no dots.
    #[error("the image is empty")]
    Empty,
    /// It is wider than the paper.
    #[error("the image is {width} dots wide, and the paper {dots}")]
    TooWide {
        /// The image's width.
        width: u16,
        /// The printer's.
        dots: u16,
    },
    /// It is higher than [`LOGO_MAX_HEIGHT`].
    #[error("the image is {height} dots high; a logo may be {LOGO_MAX_HEIGHT}")]
    TooHigh {
        /// The image's height.
        height: u16,
    },
    /// It has more dots than printers have room for.
    #[error("the image takes {bytes} bytes; printers have room for {MEMORY_BYTES}")]
    TooLarge {
        /// What it would take.
        bytes: usize,
    },
}

/// `FS q 1`: all logos of the memory are replaced by this one, which becomes number 1 (Epson ESC/POS command reference).
/// Width and height are rounded up to whole bytes; dots go column by column, from the top.
///
/// # Errors
/// [`LogoError`]
pub fn logo_bytes(
    (width, height): (u16, u16),
    dots: u16,
    is_black: impl Fn(u16, u16) -> bool,
) -> Result<Vec<u8>, LogoError> {
    if width == 0 || height == 0 {
        return Err(LogoError::Empty);
    }
    if width > dots {
        return Err(LogoError::TooWide { width, dots });
    }
    if height > LOGO_MAX_HEIGHT {
        return Err(LogoError::TooHigh { height });
    }
    let (columns, rows) = (width.div_ceil(8), height.div_ceil(8));
    let bytes = usize::from(columns) * usize::from(rows) * 8;
    if bytes > MEMORY_BYTES {
        return Err(LogoError::TooLarge { bytes });
    }
    let [x_low, x_high] = columns.to_le_bytes();
    let [y_low, y_high] = rows.to_le_bytes();
    let mut command = vec![0x1C, 0x71, 0x01, x_low, x_high, y_low, y_high];
    let begin = command.len();
    for x in 0..columns * 8 {
        for row in 0..rows {
            let black = (0..8).filter(|bit| x < width && row * 8 + bit < height && is_black(x, row * 8 + bit));
            command.push(black.fold(0, |byte, bit| byte | (0x80 >> bit)));
        }
    }
    without_real_time(&mut command[begin..]);
    Ok(command)
}

/// Stores a logo and waits until the printer is back: whether it answered then, `None` where it does not answer.
///
/// # Errors
/// [`ProbeError`]
pub async fn store_logo(path: &str, baud: u32, flow: Flow, logo: &[u8]) -> Result<Option<bool>, ProbeError> {
    let answered_before = ask_printer(path, baud).await?.is_some();
    let line = Line::open(path, baud, flow).await?;
    let sent = line.send(logo).await;
    line.close().await;
    sent?;
    if !answered_before {
        sleep(Duration::from_millis(NO_ANSWER_WAIT_MS)).await;
        return Ok(None);
    }
    let until = Instant::now() + AWAY;
    loop {
        sleep(ASK_AGAIN).await;
        if ask_printer(path, baud).await?.is_some() {
            return Ok(Some(true));
        }
        if Instant::now() >= until {
            return Ok(Some(false));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_go_down_the_columns() {
        let corner = logo_bytes((9, 9), 576, |x, y| (x, y) == (0, 0) || (x, y) == (8, 8)).unwrap();
        assert_eq!(corner[..7], [0x1C, 0x71, 1, 2, 0, 2, 0]);
        let dots = &corner[7..];
        assert_eq!(dots.len(), 16 * 2);
        assert_eq!((dots[0], dots[17]), (0x80, 0x80));
        assert_eq!(dots.iter().filter(|byte| **byte != 0).count(), 2);
    }

    #[test]
    fn an_image_that_paper_or_memory_has_no_room_for_is_refused() {
        let refused = |size, dots| logo_bytes(size, dots, |_, _| true).unwrap_err();
        assert_eq!(refused((0, 8), 576), LogoError::Empty);
        assert_eq!(refused((400, 8), 384), LogoError::TooWide { width: 400, dots: 384 });
        assert_eq!(refused((8, 321), 384), LogoError::TooHigh { height: 321 });
        assert_eq!(refused((1_000, 320), 1_024), LogoError::TooLarge { bytes: 40_000 });
    }

    #[test]
    fn no_real_time_command_is_left_in_a_logo() {
        let dots = |x: u16, y: u16| matches!((x, y), (0, 3) | (0, 13));
        assert_eq!(logo_bytes((1, 16), 576, dots).unwrap()[7..9], [0x30, 0x04]);
    }
}
