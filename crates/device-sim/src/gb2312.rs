//! Which two-byte characters a font of GB 2312-80 has: GB18030's own two-byte area is three times as large.

/// The character of two bytes, if GB 2312 has it.
pub(crate) fn character(first: u8, second: u8) -> Option<char> {
    if !has(first, second) {
        return None;
    }
    let pair = [first, second];
    let text = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(&pair)?;
    text.chars().next()
}

/// Whether GB 2312 has `character`.
pub(crate) fn has_glyph(character: char) -> bool {
    let text = character.to_string();
    match *encoding_rs::GB18030.encode(&text).0 {
        [first, second] => has(first, second),
        _ => character.is_ascii(),
    }
}

/// A byte string of ASCII and GB 2312 as text; `▯` stands for each character such a font lacks.
pub(crate) fn text(bytes: &[u8]) -> String {
    let mut text = String::new();
    let mut rest = bytes;
    loop {
        rest = match rest {
            [] => return text,
            [byte @ 0x00..0x80, rest @ ..] => {
                text.push(char::from(*byte));
                rest
            }
            [first, second, rest @ ..] => {
                text.push(character(*first, *second).unwrap_or('▯'));
                rest
            }
            [_] => {
                text.push('▯');
                &[]
            }
        };
    }
}

/// GB 2312-80: rows 1 to 9 have symbols, rows 16 to 87 the characters of levels 1 and 2. A row is the first byte
/// less A0.
fn has(first: u8, second: u8) -> bool {
    match first {
        0xA1 | 0xA3 | 0xB0..=0xD6 | 0xD8..=0xF7 => matches!(second, 0xA1..=0xFE),
        0xA2 => matches!(second, 0xB1..=0xE2 | 0xE5..=0xEE | 0xF1..=0xFC),
        0xA4 => matches!(second, 0xA1..=0xF3),
        0xA5 => matches!(second, 0xA1..=0xF6),
        0xA6 => matches!(second, 0xA1..=0xB8 | 0xC1..=0xD8),
        0xA7 => matches!(second, 0xA1..=0xC1 | 0xD1..=0xF1),
        0xA8 => matches!(second, 0xA1..=0xBA | 0xC5..=0xE9),
        0xA9 => matches!(second, 0xA4..=0xEF),
        0xD7 => matches!(second, 0xA1..=0xF9),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 682 symbols, 3755 characters of level 1 and 3008 of level 2.
    #[test]
    fn it_has_as_many_characters_as_the_standard() {
        let all = || (0..=255).flat_map(|first| (0..=255).map(move |second| (first, second)));
        assert_eq!(all().filter(|(first, second)| has(*first, *second)).count(), 682 + 3755 + 3008);
        assert_eq!(all().filter(|(first, second)| character(*first, *second).is_some()).count(), 682 + 3755 + 3008);
    }

    #[test]
    fn a_character_of_gbk_alone_is_missing_and_a_cut_one_as_well() {
        // 请, 镕 (E946 in GBK), A, and half of 号.
        assert_eq!(text(b"\xC7\xEB\xE9\x46A\xBA"), "请▯A▯");
    }
}
