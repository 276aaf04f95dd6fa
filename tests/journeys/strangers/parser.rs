//! What `hardless-escpos` makes of a ticket's bytes.

use super::stranger;

/// A ticket as the parser has it.
#[derive(Debug, Default)]
pub struct ReadTicket {
    /// The text of each line that has any, without blanks at its end.
    pub lines: Vec<String>,
    /// What each QR code says.
    pub codes: Vec<String>,
    /// The size of each image.
    pub images: Vec<String>,
    /// How each piece was cut: `full` or `partial`.
    pub cuts: Vec<String>,
    /// The bytes of what it does not know, in hexadecimal.
    pub unknown: Vec<String>,
}

impl ReadTicket {
    /// Reads the bytes of a ticket.
    pub async fn of(bytes: &[u8]) -> Self {
        let printed = stranger::reads(bytes).await;
        let mut ticket = Self::default();
        let mut line = String::new();
        for node in printed.lines() {
            let (kind, rest) = node.split_once(' ').unwrap_or((node, ""));
            match kind {
                "text" => line.push_str(rest),
                "line-feed" => ticket.ends_line(&mut line),
                "qr" => ticket.codes.push(rest.to_owned()),
                "image" => ticket.images.push(rest.to_owned()),
                "cut" => ticket.cuts.push(rest.to_owned()),
                "unknown" => ticket.does_not_know(rest),
                // Settings, feeds and questions about the printer's state.
                _ => {}
            }
        }
        assert_eq!(line, "", "text that is never printed");
        ticket
    }

    /// Whether this stands in one of its lines.
    pub fn says(&self, words: &str) -> bool {
        self.lines.iter().any(|line| line.contains(words))
    }

    fn ends_line(&mut self, line: &mut String) {
        let text = std::mem::take(line);
        if !text.trim().is_empty() {
            self.lines.push(text.trim_end().to_owned());
        }
    }

    fn does_not_know(&mut self, rest: &str) {
        let bytes = rest.split(' ').next().unwrap_or_default();
        match self.unknown.last_mut() {
            // Custom's GS e n is not in the parser's book: it takes two bytes for the command and knows not that one follows.
            Some(command) if command == "1d65" => command.push_str(bytes),
            Some(_) | None => self.unknown.push(bytes.to_owned()),
        }
    }
}
