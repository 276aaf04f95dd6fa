//! Good frames, written by hand: a decoder's counterpart is not used to test it.

use crc::{CRC_16_MODBUS, Crc};

/// A keypad's frame.
pub fn keypad(address: u8, function: u8, data: &[u8]) -> Vec<u8> {
    let length = 2 + data.len() as u8;
    let sum = data.iter().fold(address.wrapping_add(function), |sum, b| sum.wrapping_add(*b));
    let mut frame = vec![0xFF, 0x68, length, length, 0x68, address, function];
    frame.extend_from_slice(data);
    frame.extend([sum, 0x16]);
    frame
}

/// An Onbon frame to the host, with the header's fields where the protocol has them.
pub fn onbon(source: u16, data: &[u8]) -> Vec<u8> {
    let mut body = vec![0x00, 0x80];
    body.extend(source.to_le_bytes());
    body.extend([0, 0, 0, 0, 0, 0, 0xFE, 0x02]);
    body.extend((data.len() as u16).to_le_bytes());
    body.extend_from_slice(data);
    let mut crc = 0u16;
    for byte in &body {
        crc ^= u16::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xA001 } else { crc >> 1 };
        }
    }
    body.extend(crc.to_le_bytes());
    let mut frame = vec![0xA5; 8];
    for byte in body {
        match byte {
            0xA5 => frame.extend([0xA6, 2]),
            0xA6 => frame.extend([0xA6, 1]),
            0x5A => frame.extend([0x5B, 2]),
            0x5B => frame.extend([0x5B, 1]),
            plain => frame.push(plain),
        }
    }
    frame.push(0x5A);
    frame
}

/// A C-Power card's answer.
pub fn cpower(id: u8, command: u8, code: u8, data: &[u8]) -> Vec<u8> {
    let mut body = vec![0xE8, 0x32, id, command, code];
    body.extend_from_slice(data);
    let sum = body.iter().fold(0u16, |sum, byte| sum.wrapping_add(u16::from(*byte)));
    body.extend(sum.to_le_bytes());
    let mut frame = vec![0xA5];
    for byte in body {
        match byte {
            0xA5 => frame.extend([0xAA, 0x05]),
            0xAA => frame.extend([0xAA, 0x0A]),
            0xAE => frame.extend([0xAA, 0x0E]),
            plain => frame.push(plain),
        }
    }
    frame.push(0xAE);
    frame
}

/// A Modbus frame: `content` and its CRC.
pub fn modbus(content: &[u8]) -> Vec<u8> {
    let crc = Crc::<u16>::new(&CRC_16_MODBUS).checksum(content);
    [content, &crc.to_le_bytes()].concat()
}

/// A Modbus unit's answer with registers.
pub fn registers(unit: u8, values: &[u16]) -> Vec<u8> {
    let mut content = vec![unit, 3, 2 * values.len() as u8];
    content.extend(values.iter().flat_map(|value| value.to_be_bytes()));
    modbus(&content)
}

/// An answer of an identity card reader; `content` begins with the three bytes of its status.
pub fn id_card(content: &[u8]) -> Vec<u8> {
    let mut frame = vec![0xAA, 0xAA, 0xAA, 0x96, 0x69];
    frame.extend((content.len() as u16 + 1).to_be_bytes());
    frame.extend_from_slice(content);
    let xor = frame[5..].iter().fold(0, |xor, byte| xor ^ byte);
    frame.push(xor);
    frame
}

/// The answer with a whole card: the number where it belongs, everything else blank.
pub fn id_card_read(number: &str, photo: u8) -> Vec<u8> {
    let mut content = vec![0x00, 0x00, 0x90, 0x01, 0x00, 0x04, 0x00];
    let mut text = [0x20, 0x00].repeat(128);
    for (n, digit) in number.bytes().enumerate() {
        text[122 + 2 * n] = digit;
    }
    content.extend(text);
    content.extend([photo; 1024]);
    id_card(&content)
}

/// A card's second track with its check character.
pub fn track2(content: &str) -> Vec<u8> {
    let mut track = format!(";{content}?").into_bytes();
    let xor = track.iter().fold(0, |xor, byte| xor ^ (byte & 0x0F));
    track.push(0x30 + xor);
    track
}
