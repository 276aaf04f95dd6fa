//! Reads a ticket's bytes from standard input with somebody else's parser of ESC/POS, and prints one line a node:
//!
//! ```text
//! text 缴费
//! line-feed
//! qr http://…
//! image 576 × 48
//! cut partial
//! unknown 1c26 FS &: FS & is not emulated
//! ```
//!
//! Settings that put nothing on paper are printed as the parser names them. Text is GB18030; the tool fails when it is not.

use std::io::{self, Read as _};
use std::process::ExitCode;

use encoding_rs::GB18030;
use hardless_escpos::{CodePages, Node, Parser, TableCodePage};

fn main() -> io::Result<ExitCode> {
    let mut ticket = Vec::new();
    io::stdin().read_to_end(&mut ticket)?;
    let mut parser = Parser::with_code_pages(untouched());
    let mut nodes = parser.push(&ticket);
    nodes.extend(parser.finish());
    for node in &nodes {
        match line(node) {
            Ok(line) => println!("{line}"),
            Err(bytes) => {
                eprintln!("this text is no GB18030: {bytes:02x?}");
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The parser has no Chinese. Code pages that leave each byte as it is keep what a code of two or four bytes is made of;
/// none of its bytes is a control character.
fn untouched() -> CodePages {
    let upper = std::array::from_fn(|at| char::from(0x80 + u8::try_from(at).unwrap_or(0x7F)));
    (0..=u8::MAX).fold(CodePages::default(), |pages, table| pages.with(table, TableCodePage::new("bytes", upper)))
}

/// `Err` with the bytes of a text that cannot be read.
fn line(node: &Node) -> Result<String, Vec<u8>> {
    Ok(match node {
        Node::Text { text } => format!("text {}", chinese(text)?),
        Node::LineFeed => "line-feed".to_owned(),
        Node::QrStore { text, .. } => format!("qr {text}"),
        Node::RasterImage { width_bytes, height, .. } => format!("image {} × {height}", 8 * u32::from(*width_bytes)),
        Node::Cut { partial, .. } => format!("cut {}", if *partial { "partial" } else { "full" }),
        Node::Unknown { bytes, command, warning } => {
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("unknown {hex} {}: {warning}", command.as_deref().unwrap_or("?"))
        }
        other => format!("{other:?}"),
    })
}

fn chinese(text: &str) -> Result<String, Vec<u8>> {
    // One character a byte, as the code pages above give them.
    let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
    match GB18030.decode_without_bom_handling_and_without_replacement(&bytes) {
        Some(text) => Ok(text.into_owned()),
        None => Err(bytes),
    }
}
