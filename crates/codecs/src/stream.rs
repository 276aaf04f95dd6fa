//! Finding frames in a byte stream that also carries noise, echoes and halves of frames.

use std::fmt;

/// Most bytes any decoder here keeps.
pub(crate) const LIMIT: usize = 4096;

/// What the bytes from one offset on are.
pub(crate) enum Scan<T> {
    /// A verified frame of so many bytes.
    Frame(T, usize),
    /// The beginning of a frame: more bytes will tell.
    Partial,
    /// No frame starts here.
    No,
}

/// The frame between a start mark, `at[..after]` with whatever repeats it, and `end`: neither mark stands within a frame. `open`
/// makes of what is between them a frame, or nothing.
pub(crate) fn between<T>(
    at: &[u8],
    after: usize,
    (start, end): (u8, u8),
    open: impl FnOnce(&[u8]) -> Option<T>,
) -> Scan<T> {
    let rest = &at[after..];
    match rest.iter().position(|b| *b == end || *b == start) {
        // A frame longer than this is nobody's.
        None if rest.len() > LIMIT / 4 => Scan::No,
        None => Scan::Partial,
        // Another frame began before this one ended.
        Some(found) if rest[found] == start => Scan::No,
        Some(found) => match open(&rest[..found]) {
            Some(frame) => Scan::Frame(frame, after + found + 1),
            None => Scan::No,
        },
    }
}

/// The bytes not yet understood, at most [`LIMIT`] of them. Printed, it tells how many: they may be half of a
/// person's card.
#[derive(Clone, Default)]
pub(crate) struct Stream {
    pending: Vec<u8>,
}

impl Stream {
    /// Add `bytes` and take out every frame `scan` recognises. A frame longer than half of [`LIMIT`] is lost.
    ///
    /// An unfinished beginning does not hide a complete frame behind it: noise that happens to look like a
    /// header costs nothing but itself.
    pub(crate) fn push<T>(&mut self, bytes: &[u8], scan: impl Fn(&[u8]) -> Scan<T>) -> Vec<T> {
        let mut found = Vec::new();
        for chunk in bytes.chunks(LIMIT / 2) {
            self.pending.extend_from_slice(chunk);
            self.take_frames(&scan, &mut found);
            let excess = self.pending.len().saturating_sub(LIMIT / 2);
            self.pending.drain(..excess);
        }
        found
    }

    /// Forget everything, as after a port was opened again.
    pub(crate) fn clear(&mut self) {
        self.pending.clear();
    }

    fn take_frames<T>(&mut self, scan: &impl Fn(&[u8]) -> Scan<T>, found: &mut Vec<T>) {
        let mut at = 0;
        let mut keep_from = None;
        while at < self.pending.len() {
            match scan(&self.pending[at..]) {
                Scan::Frame(frame, length) => {
                    found.push(frame);
                    at += length.max(1);
                    keep_from = None;
                }
                Scan::Partial => {
                    keep_from.get_or_insert(at);
                    at += 1;
                }
                Scan::No => at += 1,
            }
        }
        self.pending.drain(..keep_from.unwrap_or(self.pending.len()));
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").field("pending", &self.pending.len()).finish()
    }
}
