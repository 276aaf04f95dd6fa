//! One breath, through two programs. Words and samples go through memory: nothing that is said touches a disk or a command line.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::fs::{MemfdFlags, memfd_create};
use voice::{Sound, SoundError};

use super::Programs;

/// Longer than this no synthesizer takes for one sentence.
const SYNTHESIS_LIMIT: Duration = Duration::from_secs(5);
/// A device may be that late with the end of a sound. Then it hangs.
pub const DEVICE_SLACK: Duration = Duration::from_secs(2);
/// How often a running program is looked at, and how soon it ends when somebody touches the page.
const LOOK: Duration = Duration::from_millis(10);
/// A program that was killed and does not end hangs in the system; it is left to itself.
const KILL_LIMIT: Duration = Duration::from_secs(1);
/// Words in a minute: slower than the synthesizer's own 175, for whoever hears it for the first time.
const WORDS_A_MINUTE: &str = "150";

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// By itself.
    Well,
    /// Because nobody wants to hear it any more.
    Hushed,
}

/// Why nothing was heard.
#[derive(Debug, thiserror::Error)]
pub enum PlayError {
    /// No memory, or no program.
    #[error("running {program}")]
    Run {
        /// Which.
        program: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The program said that it failed.
    #[error("{program} failed: {words}")]
    Failed {
        /// Which.
        program: String,
        /// The last of what it wrote to its standard error output.
        words: String,
    },
    /// The program took longer than it can need, and was killed.
    #[error("{program} hangs: killed after {} ms", .after.as_millis())]
    Hangs {
        /// Which.
        program: String,
        /// After this time.
        after: Duration,
    },
    /// The synthesizer wrote something else.
    #[error("reading what the synthesizer wrote")]
    Sound(#[from] SoundError),
}

/// Words become a sound; `None` when they were not wanted any more before that.
///
/// # Errors
/// [`PlayError`]
pub fn synthesize(
    programs: &Programs,
    language: &str,
    words: &str,
    wanted: &dyn Fn(Duration) -> bool,
) -> Result<Option<Sound>, PlayError> {
    let program = &programs.synthesizer;
    let input = in_memory(program, words.as_bytes())?;
    let mut output = in_memory(program, b"")?;
    let copy = output.try_clone().map_err(|source| run_error(program, source))?;
    let mut command = Command::new(program);
    command.args(["--stdin", "--stdout", "-b", "1", "-s", WORDS_A_MINUTE, "-v", voice_of(language)]);
    command.stdin(input).stdout(copy);
    match run(program, command, SYNTHESIS_LIMIT, wanted)? {
        Ended::Hushed => Ok(None),
        Ended::Well => {
            let mut wav = Vec::new();
            output.rewind().and_then(|()| output.read_to_end(&mut wav)).map_err(|source| run_error(program, source))?;
            Ok(Some(Sound::from_wav(&wav)?))
        }
    }
}

/// A sound is heard.
///
/// # Errors
/// [`PlayError`]
pub fn play(
    programs: &Programs,
    device: Option<&str>,
    sound: &Sound,
    volume: u8,
    wanted: &dyn Fn(Duration) -> bool,
) -> Result<Ended, PlayError> {
    let program = &programs.player;
    let input = in_memory(program, &sound.bytes(volume))?;
    let mut command = Command::new(program);
    command.args(["--quiet", "--file-type=raw", "--format=S16_LE"]);
    command.arg(format!("--rate={}", sound.rate())).arg(format!("--channels={}", sound.channels()));
    if let Some(device) = device {
        command.arg(format!("--device={device}"));
    }
    command.stdin(input).stdout(Stdio::null());
    run(program, command, sound.length() + DEVICE_SLACK, wanted)
}

/// The synthesizer's name of a language: it has several of Chinese.
fn voice_of(language: &str) -> &str {
    if language == "zh" { "cmn" } else { language }
}

fn run(
    program: &Path,
    mut command: Command,
    limit: Duration,
    wanted: &dyn Fn(Duration) -> bool,
) -> Result<Ended, PlayError> {
    let mut errors = in_memory(program, b"")?;
    let copy = errors.try_clone().map_err(|source| run_error(program, source))?;
    let started = Instant::now();
    let mut child = command.stderr(copy).spawn().map_err(|source| run_error(program, source))?;
    loop {
        match child.try_wait().map_err(|source| run_error(program, source))? {
            Some(status) if status.success() => return Ok(Ended::Well),
            Some(_) => {
                let mut words = String::new();
                let read = errors.rewind().and_then(|()| errors.read_to_string(&mut words));
                let words = match read {
                    Ok(_) => words.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("nothing said").to_owned(),
                    Err(error) => error.to_string(),
                };
                return Err(PlayError::Failed { program: name(program), words });
            }
            None => {}
        }
        let after = started.elapsed();
        if after >= limit {
            end(child);
            return Err(PlayError::Hangs { program: name(program), after });
        }
        if !wanted(LOOK.min(limit - after)) {
            end(child);
            return Ok(Ended::Hushed);
        }
    }
}

/// Kills it, and waits for it only as long as the system needs: a sound card that was pulled out can hold a program for ever.
fn end(mut child: Child) {
    if let Err(error) = child.kill() {
        tracing::warn!(%error, "ending a program that speaks");
    }
    let killed = Instant::now();
    while killed.elapsed() < KILL_LIMIT {
        match child.try_wait() {
            Ok(None) => std::thread::sleep(LOOK),
            Ok(Some(_)) | Err(_) => return,
        }
    }
    tracing::warn!(pid = child.id(), "a program that speaks was killed and does not end");
}

/// A file that only this process and its child see, and no disk.
fn in_memory(program: &Path, content: &[u8]) -> Result<File, PlayError> {
    let fill = || {
        let mut file = File::from(memfd_create("speech", MemfdFlags::CLOEXEC)?);
        file.write_all(content)?;
        file.rewind()?;
        Ok(file)
    };
    fill().map_err(|source| run_error(program, source))
}

fn run_error(program: &Path, source: io::Error) -> PlayError {
    PlayError::Run { program: name(program), source }
}

fn name(program: &Path) -> String {
    program.file_name().unwrap_or(program.as_os_str()).to_string_lossy().into_owned()
}
