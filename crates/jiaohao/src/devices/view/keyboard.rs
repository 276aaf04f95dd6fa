//! The keyboard: keys as the view knows them, read on a thread of its own, for a terminal can only be waited for.

use std::io;
use std::thread;

use ratatui::crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use tokio::sync::mpsc;

/// A key that does something here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Up,
    Down,
    PageUp,
    PageDown,
    Home,
    End,
    Tab,
    BackTab,
    Enter,
    Escape,
    Backspace,
    /// Ctrl-U.
    Clear,
    /// Ctrl-C.
    Interrupt,
    Letter(char),
}

/// What the terminal tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Input {
    Key(Key),
    /// The window has another size.
    Resized,
}

/// Keys that wait while the view is busy; a person types no faster.
const CAPACITY: usize = 64;

const NAMED: [(KeyCode, Key); 11] = [
    (KeyCode::Up, Key::Up),
    (KeyCode::Down, Key::Down),
    (KeyCode::PageUp, Key::PageUp),
    (KeyCode::PageDown, Key::PageDown),
    (KeyCode::Home, Key::Home),
    (KeyCode::End, Key::End),
    (KeyCode::Tab, Key::Tab),
    (KeyCode::BackTab, Key::BackTab),
    (KeyCode::Enter, Key::Enter),
    (KeyCode::Esc, Key::Escape),
    (KeyCode::Backspace, Key::Backspace),
];

/// What is typed from now on. It ends when the terminal is gone. The thread ends with the process: nothing else wakes it.
///
/// # Errors
/// The thread cannot be started.
pub(super) fn listen() -> io::Result<mpsc::Receiver<Input>> {
    let (sender, receiver) = mpsc::channel(CAPACITY);
    thread::Builder::new().name("keyboard".to_owned()).spawn(move || {
        while let Ok(event) = event::read() {
            if input(&event).is_some_and(|input| sender.blocking_send(input).is_err()) {
                return;
            }
        }
    })?;
    Ok(receiver)
}

fn input(event: &Event) -> Option<Input> {
    if let Event::Resize(..) = event {
        return Some(Input::Resized);
    }
    event.as_key_event().and_then(key).map(Input::Key)
}

fn key(event: KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    let control = event.modifiers.contains(KeyModifiers::CONTROL);
    if let KeyCode::Char(letter) = event.code {
        return match (control, letter) {
            (true, 'c') => Some(Key::Interrupt),
            (true, 'u') => Some(Key::Clear),
            (true, _) => None,
            (false, letter) => Some(Key::Letter(letter)),
        };
    }
    NAMED.iter().find(|(code, _)| *code == event.code).map(|(_, key)| *key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pressed(code: KeyCode, modifiers: KeyModifiers) -> Option<Input> {
        input(&Event::Key(KeyEvent::new(code, modifiers)))
    }

    #[test]
    fn control_keys_are_no_letters() {
        let control = KeyModifiers::CONTROL;
        assert_eq!(pressed(KeyCode::Char('c'), control), Some(Input::Key(Key::Interrupt)));
        assert_eq!(pressed(KeyCode::Char('u'), control), Some(Input::Key(Key::Clear)));
        assert_eq!(pressed(KeyCode::Char('q'), control), None);
        assert_eq!(pressed(KeyCode::Char('c'), KeyModifiers::NONE), Some(Input::Key(Key::Letter('c'))));
        assert_eq!(pressed(KeyCode::Char('R'), KeyModifiers::SHIFT), Some(Input::Key(Key::Letter('R'))));
    }

    #[test]
    fn a_key_that_is_let_go_does_nothing() {
        let mut event = KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE);
        assert_eq!(input(&Event::Key(event)), Some(Input::Key(Key::Enter)));
        event.kind = KeyEventKind::Release;
        assert_eq!(input(&Event::Key(event)), None);
    }
}
