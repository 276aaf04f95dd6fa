//! A QR scanner in serial mode (9600 8N1): the content of each code it sees, and a terminator.

use std::io;

use super::talker::Talker;
use crate::line::{Line, LineOptions};
use crate::line_methods::line_methods;

/// In which code a scanner sends text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScannerCharset {
    /// GBK, as Chinese scanners do by default.
    Gbk,
    /// As most QR codes have it.
    Utf8,
}

/// How a scanner is built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScannerOptions {
    /// How it sends text.
    pub charset: ScannerCharset,
    /// What it sends after each code, for example CR LF.
    pub terminator: Vec<u8>,
}

impl Default for ScannerOptions {
    /// GBK, ended by CR LF.
    fn default() -> Self {
        Self { charset: ScannerCharset::Gbk, terminator: b"\r\n".to_vec() }
    }
}

/// A running scanner. Dropping it unplugs it.
pub struct QrScanner {
    line: Line<Talker>,
    options: ScannerOptions,
}

impl QrScanner {
    /// Plugs a scanner in. Needs a tokio runtime with I/O and time.
    ///
    /// # Errors
    /// Outside a runtime, or when no pseudo-terminal or no link can be made.
    pub fn start(line: &LineOptions, options: ScannerOptions) -> io::Result<Self> {
        Ok(Self { line: Line::start(line, Talker::default())?, options })
    }

    line_methods!(line);

    /// Sees a code that says `text`. What GBK lacks arrives as `?`.
    pub fn scan(&self, text: &str) {
        let content = match self.options.charset {
            ScannerCharset::Gbk => text.chars().flat_map(gbk).collect(),
            ScannerCharset::Utf8 => text.as_bytes().to_vec(),
        };
        self.scan_bytes(&content);
    }

    /// Sees a code that holds `content`, of any length and any bytes.
    pub fn scan_bytes(&self, content: &[u8]) {
        self.line.act(|talker| talker.say(&[content, &self.options.terminator].concat()));
    }

    /// Sees only half of a code: the first half of its bytes and no terminator, as when the cable slips.
    pub fn scan_half(&self, content: &[u8]) {
        self.line.act(|talker| talker.say(content.get(..content.len() / 2).unwrap_or_default()));
    }

    /// Sends nothing of what it sees (`true`).
    pub fn mute(&self, mute: bool) {
        self.line.act(|talker| talker.mute(mute));
    }

    /// How many codes it has sent.
    pub fn scans(&self) -> usize {
        self.line.read(Talker::said)
    }
}

/// One character of one or two bytes.
fn gbk(character: char) -> Vec<u8> {
    let text = character.to_string();
    let (bytes, _, lacking) = encoding_rs::GB18030.encode(&text);
    if lacking || bytes.len() > 2 { vec![b'?'] } else { bytes.into_owned() }
}
