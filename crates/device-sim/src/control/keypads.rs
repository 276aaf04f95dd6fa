//! Keypads on the control channel.

use std::time::Duration;

use super::{Doing, controlled, doing, line_acts, unit_acts, unit_state};
use crate::keypad::{Key, Keypad};
use crate::polled_keypad::PolledKeypad;

/// Keys by their names on the channel.
const KEYS: [(&str, Key); 8] = [
    ("call", Key::Call),
    ("recall", Key::Recall),
    ("evaluate", Key::Evaluate),
    ("pause", Key::Pause),
    ("transfer", Key::Transfer),
    ("no_show", Key::NoShow),
    ("hold", Key::Hold),
    ("call_back", Key::CallBack),
];

const KEYPAD: &[Doing<Keypad>] = &[
    doing(
        "press",
        "call, recall, evaluate, pause, transfer, no_show, hold or call_back",
        "presses that key",
        |keypad, argument| {
            let name = argument.text()?;
            let (_, key) = KEYS.iter().find(|(known, _)| *known == name).ok_or_else(|| argument.wrong())?;
            keypad.press(*key);
            Ok(())
        },
    ),
    doing("rate", "a score", "presses that key of the rater", |keypad, argument| {
        keypad.press(Key::Rate(argument.number()?));
        Ok(())
    }),
    doing("answer_ratings", "a score, or left out", "gives it whenever a rating is started", |keypad, argument| {
        keypad.answer_ratings(argument.optional_number()?);
        Ok(())
    }),
    doing("garble_next", "", "its next frame arrives damaged", |keypad, _| {
        keypad.garble_next();
        Ok(())
    }),
];

controlled!(Keypad, "keypad", [line_acts!(Keypad), unit_acts!(Keypad), KEYPAD], |keypad| {
    let shown = keypad.shown();
    let name = |key: &Key| match key {
        Key::Rate(score) => format!("rate {score}"),
        Key::Call
        | Key::Recall
        | Key::Evaluate
        | Key::Pause
        | Key::Transfer
        | Key::NoShow
        | Key::Hold
        | Key::CallBack => {
            KEYS.iter().find(|(_, known)| known == key).map(|(name, _)| *name).unwrap_or_default().to_owned()
        }
    };
    unit_state!(keypad, {
        "address": keypad.address(),
        "waiting": shown.waiting,
        "ticket": shown.ticket,
        "beeps": keypad.beeps(),
        "ratings_started": keypad.ratings_started(),
        "acknowledged": keypad.acknowledged(),
        "unanswered": keypad.unanswered().iter().map(name).collect::<Vec<_>>(),
    })
});

const POLLED: &[Doing<PolledKeypad>] = &[
    doing("press", "a discrete input", "presses its key, until it has been read twice", |keypad, argument| {
        if keypad.press(argument.number()?) { Ok(()) } else { Err(argument.wrong()) }
    }),
    doing("tap", "a discrete input", "presses its key for 120 ms, read or not", |keypad, argument| {
        if keypad.tap(argument.number()?, Duration::from_millis(120)) { Ok(()) } else { Err(argument.wrong()) }
    }),
    doing("hold", "a discrete input", "presses its key until it is released", |keypad, argument| {
        if keypad.hold(argument.number()?) { Ok(()) } else { Err(argument.wrong()) }
    }),
    doing("release", "a discrete input", "lets its key go", |keypad, argument| {
        keypad.release(argument.number()?);
        Ok(())
    }),
    doing("garble_next", "", "its next answer arrives damaged", |keypad, _| {
        keypad.garble_next();
        Ok(())
    }),
];

controlled!(PolledKeypad, "polled-keypad", [line_acts!(PolledKeypad), unit_acts!(PolledKeypad), POLLED], |keypad| {
    unit_state!(keypad, {
        "unit": keypad.unit(),
        "pressed": keypad.pressed(),
        "readings": keypad.readings(),
        "registers": keypad.registers(),
    })
});
