//! The dynamic areas of an Onbon font card: group A3, command 06 (Onbon BX-5K/6K protocol).

use encoding_rs::GBK;

/// Bytes of an area before its text.
const FIXED: usize = 27;

/// One area as the card shows it. Positions are in dots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnbonArea {
    /// 0 to 255; a new area of the same number replaces the old one.
    pub id: u8,
    /// Left edge in dots.
    pub x: usize,
    /// Top edge in dots.
    pub y: usize,
    /// Width in dots.
    pub width: usize,
    /// Height in dots.
    pub height: usize,
    /// The text, without the card's control sequences (`\F…` font, `\C…` colour, `\B…` ground; `\n` is a new line).
    pub text: String,
}

/// What a frame asks for.
pub(crate) struct Update {
    pub(crate) delete: Vec<u8>,
    pub(crate) areas: Vec<OnbonArea>,
}

/// Reads the data of a command A3 06: how many areas to delete and which, how many follow, and each with its length
/// before it, as the protocol's other implementations write it. An area alone, without these counts, is taken too.
pub(crate) fn update(data: &[u8], rows_in_eights: bool) -> Result<Update, String> {
    counted(data, rows_in_eights).or_else(|why| {
        area(data, rows_in_eights).map(|area| Update { delete: Vec::new(), areas: vec![area] }).map_err(|_| why)
    })
}

fn counted(data: &[u8], rows_in_eights: bool) -> Result<Update, String> {
    let short = || "shorter than its counts".to_owned();
    let (deletions, rest) = data.split_first().ok_or_else(short)?;
    let (delete, rest) = rest.split_at_checked(usize::from(*deletions)).ok_or_else(short)?;
    let (count, mut rest) = rest.split_first().ok_or_else(short)?;
    let mut areas = Vec::new();
    for _ in 0..*count {
        let (length, after) = rest.split_first_chunk::<2>().ok_or_else(short)?;
        let (one, after) = after.split_at_checked(usize::from(u16::from_le_bytes(*length))).ok_or_else(short)?;
        areas.push(area(one, rows_in_eights)?);
        rest = after;
    }
    if !rest.is_empty() {
        return Err(format!("{} bytes after the last area", rest.len()));
    }
    Ok(Update { delete: delete.to_vec(), areas })
}

/// `type X:2 Y:2 W:2 H:2 id spacing runmode timeout:2 sound ext align single newline mode exit speed stay length:4 text`.
fn area(bytes: &[u8], rows_in_eights: bool) -> Result<OnbonArea, String> {
    let (fixed, text) = bytes.split_first_chunk::<FIXED>().ok_or("shorter than an area")?;
    let [kind, x0, x1, y0, y1, w0, w1, h0, h1, id, rest @ ..] = *fixed;
    let [_spacing, _run, _timeout_low, _timeout_high, sound, extension, ..] = rest;
    if kind != 0 {
        return Err(format!("area type {kind:02X}"));
    }
    if sound != 0 || extension != 0 {
        return Err(format!("sound {sound:02X}, extension {extension:02X}"));
    }
    let (_, length) = fixed.split_last_chunk::<4>().ok_or("shorter than an area")?;
    let length = u32::from_le_bytes(*length);
    if usize::try_from(length) != Ok(text.len()) {
        return Err(format!("text length {length} with {} bytes", text.len()));
    }
    let (text, _) = GBK.decode_without_bom_handling(text);
    let columns = |low, high| {
        let value = u16::from_le_bytes([low, high]);
        // The top bit says: dots, not columns of 8.
        if value & 0x8000 != 0 { usize::from(value & 0x7FFF) } else { usize::from(value) * 8 }
    };
    let rows = |low, high| {
        let value = usize::from(u16::from_le_bytes([low, high]));
        if rows_in_eights { value * 8 } else { value }
    };
    Ok(OnbonArea {
        id,
        x: columns(x0, x1),
        y: rows(y0, y1),
        width: columns(w0, w1),
        height: rows(h0, h1),
        text: without_controls(&text),
    })
}

fn without_controls(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        plain.push_str(before);
        let digits = |count: usize| {
            after
                .get(1..=count)
                .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
                .and_then(|_| after.get(count + 1..))
        };
        let skipped = match after.as_bytes().first() {
            Some(b'n') => {
                plain.push('\n');
                after.get(1..)
            }
            Some(b'F') => digits(4),
            Some(b'C' | b'B') => digits(1),
            Some(_) | None => None,
        };
        rest = skipped.unwrap_or_else(|| {
            plain.push('\\');
            after
        });
    }
    plain.push_str(rest);
    plain
}
