//! The text of a spreadsheet: UTF-8 with or without a byte order mark, or GB18030, as Chinese spreadsheets save it.

use anyhow::bail;
use encoding_rs::{DecoderResult, GB18030};

/// The text that a file's bytes are.
///
/// # Errors
/// Where they are neither; what to save it as.
pub(super) fn decode(file: &str, bytes: Vec<u8>) -> anyhow::Result<String> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        bail!("{file}:1:1: the file is UTF-16; save it as CSV in UTF-8");
    }
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
        Err(error) => error.into_bytes(),
    };
    let mut decoder = GB18030.new_decoder_without_bom_handling();
    let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(bytes.len() * 3);
    let mut text = String::with_capacity(room);
    match decoder.decode_to_string_without_replacement(&bytes, &mut text, true).0 {
        DecoderResult::InputEmpty => Ok(text),
        // There is room for all of it: the only other end is a byte that is no character.
        DecoderResult::Malformed(..) | DecoderResult::OutputFull => {
            let line = text.matches('\n').count() + 1;
            let column = text.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            bail!("{file}:{line}:{column}: the text is neither UTF-8 nor GB18030 from here on; save it as CSV in UTF-8")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf_8_with_and_without_a_mark_and_gb18030_are_the_same_text() {
        let text = "kind,value,tier,level\r\nphone,13812341234,vip,钻石卡\r\n";
        let (gb, _, _) = GB18030.encode(text);
        for bytes in [text.as_bytes().to_vec(), format!("\u{feff}{text}").into_bytes(), gb.into_owned()] {
            assert_eq!(decode("a.csv", bytes).unwrap(), text);
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_told_with_their_place() {
        let told = |bytes: &[u8]| decode("a.csv", bytes.to_vec()).unwrap_err().to_string();
        assert!(told(b"kind,value\n\xB0\xA1x\xFF").starts_with("a.csv:2:3: the text is neither"));
        assert!(told(b"\xFF\xFEk\0").contains("UTF-16; save it as CSV in UTF-8"));
    }
}
