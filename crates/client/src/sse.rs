//! Server-Sent Events out of bytes (WHATWG HTML, section 9.2), with bounds: a broker gone mad costs a message, never
//! the memory of a screen.

/// Most bytes of one line, and of the data of one message.
const LIMIT: usize = 1 << 20;

/// What a message of the stream is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Item {
    /// A whole message.
    Message {
        /// Its `event:`; empty when it names none.
        event: String,
        /// Its `data:` lines, joined by line breaks.
        data: String,
        /// Its own `id:`, not one of a message before.
        id: Option<String>,
    },
    /// A message longer than [`LIMIT`]; it is lost.
    TooLong,
}

/// Finds messages in pieces of any size.
#[derive(Debug, Default)]
pub(crate) struct Parser {
    line: Vec<u8>,
    after_cr: bool,
    started: bool,
    event: String,
    data: Option<String>,
    id: Option<String>,
    too_long: bool,
}

impl Parser {
    /// The messages completed by `bytes`.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Vec<Item> {
        let mut items = Vec::new();
        let mut rest = bytes;
        while let Some(end) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            // CR LF is one line end, also when a piece ends between the two.
            let second_half = self.after_cr && end == 0 && rest[0] == b'\n';
            self.collect(&rest[..end]);
            self.after_cr = rest[end] == b'\r';
            rest = &rest[end + 1..];
            if !second_half {
                items.extend(self.end_of_line());
            }
        }
        if !rest.is_empty() {
            self.after_cr = false;
            self.collect(rest);
        }
        items
    }

    fn collect(&mut self, bytes: &[u8]) {
        if self.line.len() + bytes.len() > LIMIT {
            self.too_long = true;
            // What the line says is lost anyway; its length must still not look like an empty line.
            self.line.truncate(1);
            return;
        }
        self.line.extend_from_slice(bytes);
    }

    fn end_of_line(&mut self) -> Option<Item> {
        const BYTE_ORDER_MARK: &str = "\u{feff}";
        let line = std::mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&line);
        let line = if self.started { &line } else { line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&line) };
        self.started = true;
        if line.is_empty() {
            return self.end_of_message();
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.event),
            "data" => self.add_data(value),
            "id" if !value.contains('\0') => self.id = Some(value.to_owned()),
            // A comment (keep-alive), `retry`, or a field of a later version.
            _ => {}
        }
        None
    }

    fn add_data(&mut self, value: &str) {
        match &mut self.data {
            Some(data) if data.len() + value.len() > LIMIT => self.too_long = true,
            Some(data) => {
                data.push('\n');
                data.push_str(value);
            }
            None => self.data = Some(value.to_owned()),
        }
    }

    fn end_of_message(&mut self) -> Option<Item> {
        let event = std::mem::take(&mut self.event);
        let data = self.data.take();
        let id = self.id.take();
        if std::mem::take(&mut self.too_long) {
            return Some(Item::TooLong);
        }
        data.map(|data| Item::Message { event, data, id })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(event: &str, data: &str, id: Option<&str>) -> Item {
        Item::Message { event: event.to_owned(), data: data.to_owned(), id: id.map(str::to_owned) }
    }

    const STREAM: &str =
        ": keep-alive\n\nid: 9f.17\nevent: say\ndata: 请 A042 号\ndata:到 3 号窗口\r\n\r\ndata: 😀\r\rretry: 5\n\n";

    fn expected() -> Vec<Item> {
        vec![message("say", "请 A042 号\n到 3 号窗口", Some("9f.17")), message("", "😀", None)]
    }

    #[test]
    fn messages_are_found_wherever_the_pieces_are_cut() {
        assert_eq!(Parser::default().push(STREAM.as_bytes()), expected());
        for size in 1..STREAM.len() {
            let mut parser = Parser::default();
            let found: Vec<Item> = STREAM.as_bytes().chunks(size).flat_map(|piece| parser.push(piece)).collect();
            assert_eq!(found, expected(), "in pieces of {size}");
        }
    }

    #[test]
    fn a_huge_line_costs_its_message_and_no_memory() {
        let mut parser = Parser::default();
        parser.push(b"data: ");
        for _ in 0..64 {
            assert_eq!(parser.push(&[b'x'; LIMIT / 8]), []);
            assert!(parser.line.len() <= LIMIT);
        }
        assert_eq!(parser.push(b"\n\ndata: next\n\n"), [Item::TooLong, message("", "next", None)]);
    }

    #[test]
    fn many_lines_of_data_are_bounded_too() {
        let mut parser = Parser::default();
        let line = format!("data: {}\n", "x".repeat(LIMIT / 4));
        for _ in 0..64 {
            parser.push(line.as_bytes());
            assert!(parser.data.as_ref().is_some_and(|data| data.len() <= LIMIT + 64));
        }
        assert_eq!(parser.push(b"\n"), [Item::TooLong]);
    }

    #[test]
    fn a_message_the_connection_cut_off_is_none() {
        assert_eq!(Parser::default().push(b"id: 9f.3\ndata: {\"half\""), []);
    }

    #[test]
    fn a_byte_order_mark_is_skipped_once() {
        assert_eq!(Parser::default().push("\u{feff}data: a\n\n".as_bytes()), [message("", "a", None)]);
    }
}
