//! The voice itself: other people's programs, started, stopped and given up on. Where it does not matter what they are, they are
//! scripts of this test.

use kiosk::speech::{DEVICE_SLACK, Equipment, Programs, Say, Speaker};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use voice::{Listener, Phrase};

/// Longer than anything here takes on a machine that does other things as well.
const PATIENCE: Duration = Duration::from_secs(20);

fn phrase(words: &str) -> Phrase {
    Phrase::of(words, "zh", Listener::Customer).expect("words")
}

/// A WAV file of this many samples at 8 kHz, each of this value.
fn wav(samples: u32, value: i16) -> Vec<u8> {
    let mut file = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data".to_vec();
    file.extend((samples * 2).to_le_bytes());
    file.extend((0..samples).flat_map(|_| value.to_le_bytes()));
    file
}

struct Rig {
    folder: TempDir,
}

impl Rig {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A program of one line of shell, in the rig's folder.
    fn script(&self, name: &str, line: &str) -> PathBuf {
        let file = self.file(name);
        fs::write(&file, format!("#!/bin/sh\ncd {}\n{line}\n", self.folder.path().display())).expect("writes");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("changes");
        file
    }

    /// A speaker whose synthesizer writes these samples whatever it is told, and whose player is this line.
    fn speaker(&self, sound: &[u8], player: &str) -> Speaker {
        fs::write(self.file("sound.wav"), sound).expect("writes");
        let synthesizer = self.script("synthesizer", "cat >>told; exec cat sound.wav");
        self.with(synthesizer, self.script("player", player), None)
    }

    fn with(&self, synthesizer: PathBuf, player: PathBuf, device: Option<String>) -> Speaker {
        let programs = Programs { synthesizer, player };
        let clips = Some(self.file("clips"));
        Speaker::start(Equipment { programs, device, clips, volume: 100 }).expect("a thread")
    }

    /// Waits until a file has so many lines, and hands them back.
    fn lines(&self, name: &str, count: usize) -> Vec<String> {
        let begun = Instant::now();
        loop {
            let text = fs::read_to_string(self.file(name)).unwrap_or_default();
            let lines: Vec<String> = text.lines().map(str::to_owned).collect();
            if lines.len() >= count {
                return lines;
            }
            assert!(begun.elapsed() < PATIENCE, "{name} has {lines:?}");
            std::thread::yield_now();
        }
    }
}

fn is_running(pid: &str) -> bool {
    // A program that has ended and was not waited for is a zombie; one that was is gone.
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

fn until_gone(pid: &str) {
    let begun = Instant::now();
    while is_running(pid) {
        assert!(begun.elapsed() < PATIENCE, "{pid} still runs");
        std::thread::yield_now();
    }
}

/// Says its process id and then nothing, for longer than any sound here.
const HANGS: &str = "echo $$ >>playing; exec sleep 600";

#[test]
fn what_is_newer_stops_what_is_older() {
    let rig = Rig::new();
    let speaker = rig.speaker(&wav(80_000, 0), HANGS);
    speaker.say(vec![phrase("一")]);
    let first = rig.lines("playing", 1).remove(0);
    speaker.say(vec![phrase("二")]);
    let second = rig.lines("playing", 2).remove(1);
    assert_ne!(first, second);
    assert!(!is_running(&first), "two voices at once");
    speaker.hush();
    assert!(speaker.is_silent_within(PATIENCE));
    until_gone(&second);
}

#[test]
fn hushing_takes_no_longer_than_a_finger_does() {
    let rig = Rig::new();
    let speaker = rig.speaker(&wav(80_000, 0), HANGS);
    speaker.say(vec![phrase("一"), phrase("二")]);
    let pid = rig.lines("playing", 1).remove(0);
    let begun = Instant::now();
    speaker.hush();
    assert!(speaker.is_silent_within(PATIENCE));
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    until_gone(&pid);
    assert_eq!(rig.lines("playing", 1).len(), 1, "the second phrase was begun");
}

#[test]
fn a_player_that_hangs_is_killed_two_seconds_after_the_sound_and_the_next_phrase_is_said() {
    let rig = Rig::new();
    let speaker = rig.speaker(&wav(800, 0), HANGS);
    let begun = Instant::now();
    speaker.say(vec![phrase("一"), phrase("二")]);
    let pids = rig.lines("playing", 2);
    assert!(begun.elapsed() >= Duration::from_millis(100) + DEVICE_SLACK);
    assert!(!is_running(&pids[0]));
    assert!(speaker.is_silent_within(PATIENCE));
    until_gone(&pids[1]);
}

#[test]
fn a_speaker_that_ends_takes_its_programs_along() {
    let rig = Rig::new();
    let speaker = rig.speaker(&wav(80_000, 0), HANGS);
    speaker.say(vec![phrase("一")]);
    let pid = rig.lines("playing", 1).remove(0);
    drop(speaker);
    until_gone(&pid);
}

#[test]
fn what_is_said_is_on_no_command_line() {
    let rig = Rig::new();
    fs::write(rig.file("sound.wav"), wav(8, 0)).expect("writes");
    let synthesizer = rig.script("synthesizer", "echo \"$@\" >>asked; cat >>told; exec cat sound.wav");
    let player = rig.script("player", "echo \"$@\" >>asked; cat >/dev/null");
    let speaker = rig.with(synthesizer, player, None);
    speaker.say(vec![phrase("138****5678")]);
    assert!(speaker.is_silent_within(PATIENCE));
    assert_eq!(fs::read_to_string(rig.file("told")).expect("told"), "一 三 八 ， 五 六 七 八");
    let asked = fs::read_to_string(rig.file("asked")).expect("asked");
    assert!(asked.contains("cmn") && asked.contains("--rate=8000") && !asked.contains('八'), "{asked}");
}

#[test]
fn recordings_come_before_the_synthesizer_whole_or_part_by_part() {
    let rig = Rig::new();
    let put = |name: &str, value: i16| {
        let file = rig.file("clips").join(name);
        fs::create_dir_all(file.parent().expect("a folder")).expect("makes");
        fs::write(file, wav(1, value)).expect("writes");
    };
    put("zh/请取走您的号票.wav", 1);
    put("zh/您的号码.wav", 2);
    put("en/a.wav", 3);
    put("zh/零.wav", 4);
    put("zh/七.wav", 5);
    let speaker = rig.speaker(&wav(1, 9), "cat >>heard");
    let say = |words: &str| {
        fs::write(rig.file("heard"), b"").expect("writes");
        speaker.say(vec![phrase(words)]);
        assert!(speaker.is_silent_within(PATIENCE));
        let heard = fs::read(rig.file("heard")).expect("heard");
        heard.chunks(2).map(|sample| i16::from_le_bytes([sample[0], sample[1]])).collect::<Vec<_>>()
    };
    assert_eq!(say("请取走您的号票"), [1]);
    assert_eq!(say("您的号码 A007"), [2, 3, 4, 4, 5]);
    // One digit nobody recorded: the synthesizer says it all, breath by breath.
    assert_eq!(say("您的号码 A042"), [9, 9, 9]);
    fs::write(rig.file("clips/zh/请取走您的号票.wav"), b"OggS").expect("writes");
    assert_eq!(say("请取走您的号票"), [9]);
}

#[test]
fn the_volume_holds_from_the_next_phrase_on() {
    let rig = Rig::new();
    let speaker = rig.speaker(&wav(1, 10_000), "cat >>heard");
    speaker.set_volume(50);
    speaker.say(vec![phrase("一")]);
    assert!(speaker.is_silent_within(PATIENCE));
    assert_eq!(fs::read(rig.file("heard")).expect("heard"), 2_500_i16.to_le_bytes());
    speaker.set_volume(0);
    speaker.say(vec![phrase("一")]);
    assert!(speaker.is_silent_within(PATIENCE));
    assert_eq!(fs::read(rig.file("heard")).expect("heard").len(), 2, "silence was played");
}

#[test]
fn a_program_that_fails_costs_its_phrase_only() {
    let rig = Rig::new();
    let speaker =
        rig.speaker(&wav(1, 1), "cat >>heard; test $(wc -c <heard) -gt 2 || { echo 'no such device' >&2; exit 1; }");
    speaker.say(vec![phrase("一"), phrase("二")]);
    assert!(speaker.is_silent_within(PATIENCE));
    assert_eq!(fs::read(rig.file("heard")).expect("heard").len(), 4);
}

/// The programs of this machine, and ALSA's device that writes into a file.
fn real(rig: &Rig, into: &Path) -> Speaker {
    let programs = Programs::find().expect("espeak-ng and aplay");
    rig.with(programs.synthesizer, programs.player, Some(format!("file:FILE={},FORMAT=raw", into.display())))
}

#[test]
#[ignore = "needs espeak-ng and alsa-utils"]
fn espeak_and_aplay_say_both_languages() {
    let rig = Rig::new();
    for (words, language) in
        [("您的号码 A042，请取走您的号票", "zh"), ("Your number A042. Please take your ticket", "en")]
    {
        let file = rig.file(language);
        let speaker = real(&rig, &file);
        speaker.say(vec![Phrase::of(words, language, Listener::Everybody).expect("words")]);
        assert!(speaker.is_silent_within(PATIENCE));
        let heard = fs::read(&file).expect("a recording");
        let loud =
            heard.chunks_exact(2).filter(|pair| i16::from_le_bytes([pair[0], pair[1]]).unsigned_abs() > 1_000).count();
        assert!(heard.len() > 22_050 && loud > 5_000, "{language}: {} bytes, {loud} of them loud", heard.len());
    }
}

#[test]
#[ignore = "needs espeak-ng and alsa-utils"]
fn a_device_that_takes_nothing_is_given_up_and_a_touch_ends_it_at_once() {
    let rig = Rig::new();
    let pipe = rig.file("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
    assert!(made.success());
    // Nobody reads from the pipe: opening the device never ends.
    let speaker = real(&rig, &pipe);
    let begun = Instant::now();
    speaker.say(vec![phrase("请取走您的号票")]);
    assert!(speaker.is_silent_within(PATIENCE));
    assert!(begun.elapsed() >= DEVICE_SLACK && begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    speaker.say(vec![phrase("请取走您的号票")]);
    speaker.hush();
    let begun = Instant::now();
    assert!(speaker.is_silent_within(PATIENCE));
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
}
