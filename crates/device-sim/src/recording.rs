//! Recordings of a line: a text line for each chunk of bytes, `milliseconds direction hex…`.
//!
//! `>` went from the host to the device, `<` from the device to the host; the milliseconds count from the start of the
//! recording. An empty line or one that begins with `#` says nothing.

use std::fmt;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Who sent a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the host to the device.
    ToDevice,
    /// From the device to the host.
    ToHost,
}

/// Bytes that crossed the line at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Since the start of the recording.
    pub after: Duration,
    /// Who sent them.
    pub direction: Direction,
    /// What was sent.
    pub bytes: Vec<u8>,
}

/// What was recorded on a line, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recording(pub Vec<Chunk>);

/// A text that is no recording.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// The file cannot be read.
    #[error("reading the recording {file}")]
    Read {
        /// The file.
        file: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// A line is not `milliseconds direction hex…`.
    #[error("line {line} of a recording: {text}")]
    Line {
        /// Counted from 1.
        line: usize,
        /// What stands there.
        text: String,
    },
}

impl Recording {
    /// Reads the text of a recording.
    ///
    /// # Errors
    /// [`RecordingError::Line`] for the first line that is not `milliseconds direction hex…`.
    pub fn parse(text: &str) -> Result<Self, RecordingError> {
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
        let chunk = |(index, line): (usize, &str)| {
            chunk(line).ok_or_else(|| RecordingError::Line { line: index + 1, text: line.to_owned() })
        };
        lines.map(chunk).collect::<Result<_, _>>().map(Self)
    }

    /// Reads a recording's file.
    ///
    /// # Errors
    /// When it cannot be read, or as [`Recording::parse`].
    pub fn read(file: &Path) -> Result<Self, RecordingError> {
        let text = std::fs::read_to_string(file);
        Self::parse(&text.map_err(|source| RecordingError::Read { file: file.to_owned(), source })?)
    }
}

impl fmt::Display for Recording {
    /// As [`Recording::parse`] reads it, to a millisecond.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|chunk| f.write_str(&line(chunk.after, chunk.direction, &chunk.bytes)))
    }
}

fn line(after: Duration, direction: Direction, bytes: &[u8]) -> String {
    let direction = match direction {
        Direction::ToDevice => '>',
        Direction::ToHost => '<',
    };
    let bytes: String = bytes.iter().map(|byte| format!(" {byte:02X}")).collect();
    format!("{} {direction}{bytes}\n", after.as_millis())
}

fn chunk(line: &str) -> Option<Chunk> {
    let mut words = line.split_ascii_whitespace();
    let after = Duration::from_millis(words.next()?.parse().ok()?);
    let direction = match words.next()? {
        ">" => Direction::ToDevice,
        "<" => Direction::ToHost,
        _ => return None,
    };
    let byte = |word: &str| u8::from_str_radix(word, 16).ok().filter(|_| word.len() == 2);
    let bytes = words.map(byte).collect::<Option<Vec<u8>>>().filter(|bytes| !bytes.is_empty())?;
    Some(Chunk { after, direction, bytes })
}

/// Writes a recording while it happens.
pub(crate) struct Recorder {
    file: File,
    started: Instant,
    failed: bool,
}

impl Recorder {
    pub(crate) fn create(file: &Path) -> io::Result<Self> {
        Ok(Self { file: File::create(file)?, started: Instant::now(), failed: false })
    }

    /// From the host.
    pub(crate) fn heard(&mut self, bytes: &[u8]) {
        self.write(Direction::ToDevice, bytes);
    }

    /// From the device.
    pub(crate) fn said(&mut self, bytes: &[u8]) {
        self.write(Direction::ToHost, bytes);
    }

    fn write(&mut self, direction: Direction, bytes: &[u8]) {
        if bytes.is_empty() || self.failed {
            return;
        }
        let line = line(self.started.elapsed(), direction, bytes);
        if let Err(error) = self.file.write_all(line.as_bytes()) {
            // Told once: the device goes on, and a recording that lacks something is no recording.
            self.failed = true;
            tracing::warn!(%error, "a recording of a simulated line ends");
        }
    }
}
