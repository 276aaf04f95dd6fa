//! The printer's own reading of the ESC/POS byte stream, one command at a time.
//!
//! Written from the Epson ESC/POS command reference and the manuals of the Chinese printers that extend it
//! (`FS` commands, `ESC i`, `ESC m`, `GS e`), and never from the driver's encoder.

const DLE: u8 = 0x10;
const ESC: u8 = 0x1B;
const FS: u8 = 0x1C;
const GS: u8 = 0x1D;

/// What the bytes so far amount to.
#[derive(Debug, PartialEq)]
pub(crate) enum Decoded {
    /// The command is not complete.
    More,
    Command(Command),
}

/// One command, with its parameters as sent.
#[derive(Debug, PartialEq)]
pub(crate) enum Command {
    /// One character of the single-byte set.
    Narrow(char),
    /// One two-byte character of GB18030.
    Wide(char),
    /// Bytes no glyph of the printer stands for; how many cells of 12 dots they spoil, and why.
    Unprintable {
        cells: usize,
        why: String,
    },
    LineFeed,
    CarriageReturn,
    Tab,
    Initialise,
    Align(u8),
    Bold(bool),
    Underline(bool),
    Reverse(bool),
    /// `ESC !`: size and emphasis of single-byte characters.
    NarrowMode(u8),
    /// `FS !`: size and underline of double-byte characters.
    WideMode(u8),
    /// `FS W`: double-byte characters in quadruple size.
    WideQuadruple(bool),
    /// `GS !`: magnification of all characters.
    Size(u8),
    NarrowSpacing(u8),
    WideSpacing(u8, u8),
    LeftMargin(u16),
    Position(u16),
    DoubleByte(bool),
    FeedLines(u8),
    FeedDots(u8),
    LineSpacing(Option<u8>),
    Cut {
        full: bool,
        /// Dots past the cutter to feed first; `None`: cut where the paper stands.
        feed: Option<u8>,
    },
    /// `GS e` of a printer with a presenter.
    Presenter(Presenter),
    AutomaticStatus(u8),
    AnswerInOrder(u8),
    AnswerPaper,
    /// The head of `GS v 0`; its rows follow as data.
    Raster {
        mode: u8,
        row_bytes: u16,
        rows: u16,
    },
    Code {
        function: u8,
        data: Vec<u8>,
    },
    DefineLogos(Vec<Logo>),
    PrintLogo {
        number: u8,
        mode: u8,
    },
    /// Accepted and without effect on paper.
    Accepted,
    /// A real-time command, carried out when it arrived.
    RealTime,
    /// Not understood, or not something this printer has.
    Unknown(String),
}

/// What a presenter is to do (Pyramid Reliance command reference; Custom's printers have the same).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presenter {
    Retract,
    /// Hands the ticket out; one that is in the mouth already is let go.
    Eject,
    /// Hands the ticket out, and draws it back after so many seconds if it still is there; 0: never.
    Present {
        seconds: u8,
    },
    AnswerStatus,
    /// Settings without effect here.
    Accepted,
}

/// One picture of `FS q`: `columns` × 8 dots wide, `rows` × 8 dots high, stored column by column.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Logo {
    pub(crate) columns: usize,
    pub(crate) rows: usize,
    pub(crate) data: Vec<u8>,
}

/// Reads the command at the start of `bytes`, which grows byte by byte until this says it is complete.
pub(crate) fn decode(bytes: &[u8], double_byte: bool) -> Decoded {
    match *bytes {
        [] => Decoded::More,
        [DLE, ref rest @ ..] => real_time(rest),
        [ESC, ref rest @ ..] => escape(rest),
        [FS, ref rest @ ..] => chinese(rest),
        [GS, ref rest @ ..] => group(rest),
        [0x0A, ..] => done(Command::LineFeed),
        [0x0D, ..] => done(Command::CarriageReturn),
        [0x09, ..] => done(Command::Tab),
        [byte @ (0x00..0x20 | 0x7F), ..] => unknown(format!("control byte {byte:02X}")),
        [byte @ 0x20..0x7F, ..] => done(Command::Narrow(char::from(byte))),
        [byte, ..] if !double_byte => {
            done(Command::Unprintable { cells: 1, why: format!("byte {byte:02X} in single-byte mode") })
        }
        [byte @ (0x80 | 0xFF), ..] => {
            done(Command::Unprintable { cells: 1, why: format!("byte {byte:02X} begins no character") })
        }
        [_] => Decoded::More,
        [first, second, ..] => done(wide(first, second)),
    }
}

fn wide(first: u8, second: u8) -> Command {
    let spoilt = |why: String| Command::Unprintable { cells: 2, why };
    if (0x30..=0x39).contains(&second) {
        return spoilt(format!("four-byte character {first:02X} {second:02X} …"));
    }
    let pair = [first, second];
    let text = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(&pair);
    let mut characters = text.iter().flat_map(|text| text.chars());
    match (characters.next(), characters.next()) {
        (Some(character), None) => Command::Wide(character),
        (None | Some(_), _) => spoilt(format!("no character {first:02X} {second:02X}")),
    }
}

fn real_time(rest: &[u8]) -> Decoded {
    match *rest {
        [] | [0x04 | 0x05] => Decoded::More,
        [0x04 | 0x05, _, ..] => done(Command::RealTime),
        [0x14, ref arguments @ ..] if arguments.len() < 3 => Decoded::More,
        [0x14, ..] => done(Command::RealTime),
        [second, ..] => unknown(format!("DLE {second:02X}")),
    }
}

fn escape(rest: &[u8]) -> Decoded {
    match *rest {
        [] => Decoded::More,
        [b'@', ..] => done(Command::Initialise),
        [b'2', ..] => done(Command::LineSpacing(None)),
        // Manuals of Chinese printers: ESC i cuts fully, ESC m partly.
        [b'i', ..] => done(Command::Cut { full: true, feed: None }),
        [b'm', ..] => done(Command::Cut { full: false, feed: None }),
        [b'v', ..] => done(Command::AnswerPaper),
        [b'c', _, _, ..] => done(Command::Accepted),
        [b'p', _, _, _, ..] => done(Command::Accepted),
        [b'$', low, high, ..] => done(Command::Position(u16::from_le_bytes([low, high]))),
        [b'*', mode, low, high, ref data @ ..] => {
            let bytes_a_column = if matches!(mode, 32 | 33) { 3 } else { 1 };
            if data.len() < usize::from(u16::from_le_bytes([low, high])) * bytes_a_column {
                Decoded::More
            } else {
                unknown("ESC * (bit image)".to_owned())
            }
        }
        [b'c' | b'p' | b'$' | b'*', ..] => Decoded::More,
        [command, n, ..] => match command {
            b'a' => done(Command::Align(n)),
            b'E' | b'G' => done(Command::Bold(n & 1 == 1)),
            b'd' => done(Command::FeedLines(n)),
            b'J' => done(Command::FeedDots(n)),
            b'3' => done(Command::LineSpacing(Some(n))),
            b'!' => done(Command::NarrowMode(n)),
            b'-' => done(Command::Underline(matches!(n, 1 | 2 | b'1' | b'2'))),
            b' ' => done(Command::NarrowSpacing(n)),
            b't' | b'R' | b'=' => done(Command::Accepted),
            // Font A, upright, unrotated: what this printer does anyway.
            b'M' | b'V' | b'{' if matches!(n, 0 | b'0') => done(Command::Accepted),
            _ => unknown(format!("ESC {command:02X} {n:02X}")),
        },
        [command] => match command {
            b'a' | b'E' | b'G' | b'd' | b'J' | b'3' | b'!' | b'-' | b' ' | b't' | b'R' | b'=' | b'M' | b'V' | b'{' => {
                Decoded::More
            }
            _ => unknown(format!("ESC {command:02X}")),
        },
    }
}

fn chinese(rest: &[u8]) -> Decoded {
    match *rest {
        [b'&', ..] => done(Command::DoubleByte(true)),
        [b'.', ..] => done(Command::DoubleByte(false)),
        [b'!', n, ..] => done(Command::WideMode(n)),
        [b'-', n, ..] => done(Command::Underline(n != 0 && n != b'0')),
        [b'W', n, ..] => done(Command::WideQuadruple(n & 1 == 1)),
        [b'S', left, right, ..] => done(Command::WideSpacing(left, right)),
        [b'p', number, mode, ..] => done(Command::PrintLogo { number, mode }),
        [b'q', count, ref data @ ..] => logos(count, data),
        [] | [b'!' | b'-' | b'W' | b'S' | b'p' | b'q', ..] => Decoded::More,
        [command, ..] => unknown(format!("FS {command:02X}")),
    }
}

fn logos(count: u8, mut data: &[u8]) -> Decoded {
    let mut logos = Vec::new();
    for _ in 0..count {
        let [x_low, x_high, y_low, y_high, rest @ ..] = data else {
            return Decoded::More;
        };
        let columns = usize::from(u16::from_le_bytes([*x_low, *x_high]));
        let rows = usize::from(u16::from_le_bytes([*y_low, *y_high]));
        let Some((picture, rest)) = rest.split_at_checked(columns * rows * 8) else {
            return Decoded::More;
        };
        logos.push(Logo { columns, rows, data: picture.to_vec() });
        data = rest;
    }
    done(Command::DefineLogos(logos))
}

fn group(rest: &[u8]) -> Decoded {
    match *rest {
        [] => Decoded::More,
        [b'V', m @ (0 | 1 | b'0' | b'1'), ..] => done(Command::Cut { full: matches!(m, 0 | b'0'), feed: None }),
        [b'V', m @ (b'A' | b'B'), feed, ..] => done(Command::Cut { full: m == b'A', feed: Some(feed) }),
        [b'V'] | [b'V', b'A' | b'B'] => Decoded::More,
        [b'V', m, ..] => unknown(format!("GS V {m:02X}")),
        [b'v', b'0', mode, x_low, x_high, y_low, y_high, ..] => done(Command::Raster {
            mode,
            row_bytes: u16::from_le_bytes([x_low, x_high]),
            rows: u16::from_le_bytes([y_low, y_high]),
        }),
        [b'v'] | [b'v', b'0', ..] => Decoded::More,
        [b'v', second, ..] => unknown(format!("GS v {second:02X}")),
        [b'(', function, low, high, ref data @ ..] => {
            let length = usize::from(u16::from_le_bytes([low, high]));
            match data.get(..length) {
                None => Decoded::More,
                Some(data) => done(bracketed(function, data)),
            }
        }
        [b'(', ..] => Decoded::More,
        [b'L', low, high, ..] => done(Command::LeftMargin(u16::from_le_bytes([low, high]))),
        [b'W' | b'P', _, _, ..] => done(Command::Accepted),
        [b'L' | b'W' | b'P', ..] => Decoded::More,
        [b'e', n, ref arguments @ ..] => match (n, arguments) {
            (2, _) => done(Command::Presenter(Presenter::Retract)),
            (5, _) => done(Command::Presenter(Presenter::Eject)),
            (3, [_, ..]) => done(Command::Presenter(Presenter::Present { seconds: 0 })),
            (6, _) => done(Command::Presenter(Presenter::AnswerStatus)),
            (32, [_, seconds, ..]) => done(Command::Presenter(Presenter::Present { seconds: *seconds })),
            (1 | 18 | 20, _) => done(Command::Presenter(Presenter::Accepted)),
            (3, []) | (32, [] | [_]) => Decoded::More,
            (n, _) => unknown(format!("GS e {n:02X}")),
        },
        [command, n, ..] => match command {
            b'!' => done(Command::Size(n)),
            b'B' => done(Command::Reverse(n & 1 == 1)),
            b'a' => done(Command::AutomaticStatus(n)),
            b'r' => done(Command::AnswerInOrder(n)),
            // Smoothing.
            b'b' => done(Command::Accepted),
            _ => unknown(format!("GS {command:02X} {n:02X}")),
        },
        [command] => match command {
            b'!' | b'B' | b'a' | b'r' | b'b' | b'e' => Decoded::More,
            _ => unknown(format!("GS {command:02X}")),
        },
    }
}

/// `GS ( fn pL pH …`: of these the printer has the QR code (`k`, symbol 49).
fn bracketed(function: u8, data: &[u8]) -> Command {
    match (function, data) {
        (b'k', [49, code_function, data @ ..]) => Command::Code { function: *code_function, data: data.to_vec() },
        (b'k', _) => Command::Unknown("GS ( k of another symbol than QR".to_owned()),
        (function, _) => Command::Unknown(format!("GS ( {function:02X}")),
    }
}

fn done(command: Command) -> Decoded {
    Decoded::Command(command)
}

fn unknown(what: String) -> Decoded {
    Decoded::Command(Command::Unknown(what))
}
