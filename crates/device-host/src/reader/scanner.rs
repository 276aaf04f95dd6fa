//! A QR scanner: it speaks when a code is held before it.

use codecs::scanner::{Decoder, Scan, ScannerTraits};
use wire::{DeviceReport, IdentityInput, IdentityKind, ScannerProfile};

use super::Heard;
use crate::device::{Driver, Request};
use crate::time::Now;

/// The driver of one scanner.
#[derive(Debug)]
pub(crate) struct Scanner {
    traits: ScannerTraits,
    decoder: Decoder,
    heard: Heard,
    read: Option<IdentityInput>,
}

impl Scanner {
    pub(crate) fn new(profile: &ScannerProfile) -> Self {
        let charset = match profile.charset {
            wire::ScannerCharset::Gbk => codecs::scanner::ScannerCharset::Gbk,
            wire::ScannerCharset::Utf8 => codecs::scanner::ScannerCharset::Utf8,
        };
        Self::with(ScannerTraits { charset })
    }

    fn with(traits: ScannerTraits) -> Self {
        Self { traits, decoder: Decoder::new(traits), heard: Heard::Nothing, read: None }
    }
}

impl Driver for Scanner {
    fn opened(&mut self, _now: Now) {
        *self = Self::with(self.traits);
    }

    /// Half a code ends with the port.
    fn gone(&mut self, _why: &str) {
        *self = Self::with(self.traits);
    }

    fn heard(&mut self, _now: Now, bytes: &[u8]) -> bool {
        for scan in self.decoder.push(bytes) {
            self.heard = match scan {
                Scan::Code(code) => {
                    self.read = Some(IdentityInput { kind: IdentityKind::Code, value: code });
                    Heard::Sense
                }
                Scan::TooLong => Heard::Nonsense("it sent more than any code holds: is its line ending set?"),
                Scan::Undecodable => Heard::Nonsense("what it sent is no text: is its speed or code page right?"),
            };
        }
        true
    }

    fn health(&self) -> DeviceReport {
        self.heard.report("a code is held before it")
    }

    fn next_request(&mut self) -> Option<Request> {
        self.read.take().map(Request::Identify)
    }

    fn is_mute(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use wire::{Condition, DeviceState, ScannerCharset};

    use super::*;

    const NOW: Now = Now { hall_ms: 0, line_ms: 0 };

    #[test]
    fn a_code_is_read_and_ten_kilobytes_are_told_and_forgotten() {
        let mut scanner = Scanner::new(&ScannerProfile { baud: 9_600, charset: ScannerCharset::Gbk });
        scanner.heard(NOW, &[b'7'; 10_240]);
        assert_eq!((scanner.next_request(), scanner.health().conditions), (None, vec![Condition::Garbled]));
        scanner.heard(NOW, b"7\r\nM-0042\r\n");
        let Some(Request::Identify(read)) = scanner.next_request() else { panic!("a code") };
        assert_eq!((read.kind, read.value.as_str()), (IdentityKind::Code, "M-0042"));
        assert_eq!(scanner.health().state, DeviceState::Ok);
    }
}
