//! The page that a person reads to tell what a printer understands. Each block stands by itself, with a letter before it,
//! and what a printer does not understand spoils one line of it.
//!
//! The bytes are written out: what is tried here is what the profile of an unknown printer does not say yet.

use wire::CutCommand;

/// 中文正常 in GB 2312.
const CHINESE: [u8; 8] = [0xD6, 0xD0, 0xCE, 0xC4, 0xD5, 0xFD, 0xB3, 0xA3];
/// 镕 and 堃: in GBK and GB18030, not in GB 2312.
const RARE: [u8; 4] = [0xE9, 0x46, 0x88, 0xD2];
/// `ESC @`: reset.
const RESET: [u8; 2] = [0x1B, 0x40];
/// `FS &`: enter double-byte mode.
const FS_AMP: [u8; 2] = [0x1C, 0x26];
const LF: u8 = 0x0A;
/// Dots of an ASCII character.
const COLUMN_DOTS: u16 = 12;
/// Tenths of a millimetre of a line after reset, 1/6 inch.
const LINE_TENTHS_OF_MM: u16 = 42;

/// A line of the page that is just as wide as some paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ruler {
    /// The figure at its beginning.
    pub figure: char,
    /// Dots it takes.
    pub dots: u16,
}

/// The widths there are: 58 mm paper, 76 mm impact and 80 mm thermal printers.
pub const RULERS: [Ruler; 5] = [
    Ruler { figure: '1', dots: 384 },
    Ruler { figure: '2', dots: 400 },
    Ruler { figure: '3', dots: 512 },
    Ruler { figure: '4', dots: 576 },
    Ruler { figure: '5', dots: 608 },
];

/// The page: A Chinese without a command, B after `FS &`, C on the line after `FS &`, D rare characters, E an image, F a QR
/// code, G a large number, then the rulers.
///
/// A stands first: several printers keep their double-byte mode over a reset.
pub fn test_page() -> Vec<u8> {
    let mut page = RESET.to_vec();
    page.extend(b"A ");
    page.extend(CHINESE);
    page.push(LF);
    page.extend(RESET);
    // In the middle of a line, where a printer that obeys from the next line on does not obey yet.
    page.extend(b"B ");
    page.extend(FS_AMP);
    page.extend(CHINESE);
    page.push(LF);
    page.extend(RESET);
    page.extend(b"C");
    page.extend(FS_AMP);
    page.push(LF);
    page.extend(b"C ");
    page.extend(CHINESE);
    page.push(LF);
    page.extend(b"D ");
    page.extend(RARE);
    page.push(LF);
    page.extend(b"E\n");
    page.extend(flag());
    page.push(LF);
    page.extend(b"F\n");
    page.extend(qr(b"JIAOHAO"));
    page.push(LF);
    page.extend(b"G ");
    page.extend([0x1D, 0x21, 0x55]);
    page.extend(b"A001");
    page.extend([0x1D, 0x21, 0x00, LF]);
    for ruler in RULERS {
        page.extend(ruler_line(ruler));
    }
    page
}

/// A line that is readable at the right speed only: a number and the speed.
pub fn speed_line(number: usize, baud: u32) -> Vec<u8> {
    let mut line = vec![LF];
    line.extend(RESET);
    line.extend(format!("No. {number}: {baud}\n\n").bytes());
    line
}

/// A letter, some paper, and a cut command.
pub fn cut_trial(letter: char, cut: CutCommand, feed_mm: u8) -> Vec<u8> {
    let mut bytes = RESET.to_vec();
    bytes.extend(format!("{letter} ----------------\n").bytes());
    let lines = (u16::from(feed_mm) * 10).div_ceil(LINE_TENTHS_OF_MM);
    bytes.extend([0x1B, 0x64, u8::try_from(lines).unwrap_or(u8::MAX)]);
    match cut {
        CutCommand::PartialFeed => bytes.extend([0x1D, 0x56, 0x42, 0x00]),
        CutCommand::Partial => bytes.extend([0x1D, 0x56, 0x01]),
        CutCommand::EscI => bytes.extend([0x1B, 0x69]),
        CutCommand::EscM => bytes.extend([0x1B, 0x6D]),
        CutCommand::None => {}
    }
    bytes
}

fn ruler_line(ruler: Ruler) -> Vec<u8> {
    let columns = usize::from(ruler.dots / COLUMN_DOTS);
    format!("{}{}|\n", ruler.figure, "-".repeat(columns.saturating_sub(2))).into_bytes()
}

/// A chequered flag of 128 × 48 dots by `GS v 0`: of bytes 00 and FF only, which a printer without images skips or prints as
/// blanks, and no command can be read into them.
fn flag() -> Vec<u8> {
    const ROW_BYTES: u8 = 16;
    const ROWS: u8 = 48;
    const SQUARE_ROWS: u8 = 16;
    let mut bytes = vec![0x1D, 0x76, 0x30, 0x00, ROW_BYTES, 0x00, ROWS, 0x00];
    for row in 0..ROWS {
        bytes.extend((0..ROW_BYTES).map(|at| if (row / SQUARE_ROWS + at / 2).is_multiple_of(2) { 0xFF } else { 0x00 }));
    }
    bytes
}

/// `GS ( k`: model 2, modules of 6 dots, level M, store, print (Epson ESC/POS command reference).
fn qr(text: &[u8]) -> Vec<u8> {
    let stored = u8::try_from(text.len() + 3).unwrap_or(u8::MAX);
    let mut bytes = vec![0x1D, 0x28, 0x6B, 0x04, 0x00, 0x31, 0x41, 0x32, 0x00];
    bytes.extend([0x1D, 0x28, 0x6B, 0x03, 0x00, 0x31, 0x43, 0x06]);
    bytes.extend([0x1D, 0x28, 0x6B, 0x03, 0x00, 0x31, 0x45, 0x31]);
    bytes.extend([0x1D, 0x28, 0x6B, stored, 0x00, 0x31, 0x50, 0x30]);
    bytes.extend(text);
    bytes.extend([0x1D, 0x28, 0x6B, 0x03, 0x00, 0x31, 0x51, 0x30]);
    bytes
}

#[cfg(test)]
mod tests {
    use codecs::Charset;
    use codecs::escpos::{DoubleByte, NoGlyphs, PrinterTraits, Slip, ticket};

    use super::*;

    fn as_a_ticket_prints(text: &str) -> Vec<u8> {
        let traits = PrinterTraits {
            charset: Charset::Gb18030TwoByte,
            double_byte: DoubleByte::AlwaysOn,
            ..PrinterTraits::default()
        };
        let slip = Slip { hall: text.to_owned(), number: "A001".to_owned(), ..Slip::default() };
        ticket(&slip, &traits, &NoGlyphs).unwrap()
    }

    fn has(bytes: &[u8], part: &[u8]) -> bool {
        bytes.windows(part.len()).any(|window| window == part)
    }

    #[test]
    fn the_characters_are_sent_as_a_ticket_sends_them() {
        assert!(has(&as_a_ticket_prints("中文正常"), &CHINESE));
        assert!(has(&as_a_ticket_prints("镕堃"), &RARE));
    }

    #[test]
    fn chinese_without_a_command_comes_before_any_command() {
        let page = test_page();
        let at = |part: &[u8]| page.windows(part.len()).position(|window| window == part).unwrap();
        assert!(at(&CHINESE) < at(&FS_AMP));
    }

    #[test]
    fn the_page_fits_into_the_buffer_of_a_small_printer() {
        assert!(test_page().len() <= 2_048, "{}", test_page().len());
    }

    #[test]
    fn a_ruler_is_as_long_as_its_paper_is_wide() {
        for ruler in RULERS {
            let columns = u16::try_from(ruler_line(ruler).len() - 1).unwrap();
            assert!((ruler.dots - COLUMN_DOTS + 1..=ruler.dots).contains(&(columns * COLUMN_DOTS)), "{ruler:?}");
        }
    }
}
