//! A replayed device on the control channel.

use serde_json::json;

use super::{Doing, controlled, doing, line_acts};
use crate::replay::Replay;

const ACTS: &[Doing<Replay>] = &[doing("begin", "", "says what it says first", |replay, _| {
    replay.begin();
    Ok(())
})];

controlled!(Replay, "replay", [line_acts!(Replay), ACTS], |replay| {
    let hexadecimal = |bytes: Vec<u8>| bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" ");
    json!({
        "finished": replay.is_finished(),
        "waits_for": hexadecimal(replay.waits_for()),
        "unexpected": hexadecimal(replay.unexpected()),
    })
});
