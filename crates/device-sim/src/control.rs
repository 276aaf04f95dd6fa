//! The control channel: faults and acts of simulated devices by name, over a Unix socket beside their lines.
//!
//! Faults stay methods of the devices; the channel only calls them. One JSON object a line goes in, one comes out:
//! `{"do":"list"}` tells of every device, `{"device":"printer-1","do":"out_of_paper"}` does something to one, with
//! `"with"` for its argument, and `{"device":"printer-1","do":"state"}` asks for what it shows.

mod argument;
mod keypads;
mod printer;
mod readers;
mod replay;
mod server;
mod signs;

use serde_json::Value;

use argument::Argument;
pub use server::ControlServer;

/// Something a device can do or suffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Act {
    /// Its name on the channel.
    pub name: &'static str,
    /// What it takes as `with`; `""` for nothing.
    pub argument: &'static str,
    /// What then happens.
    pub does: &'static str,
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// The device has no such act.
    #[error("no act {act}; there are: {}", known.join(", "))]
    Unknown {
        /// What was asked for.
        act: String,
        /// What the device knows.
        known: Vec<&'static str>,
    },
    /// The argument is not of the kind the act takes.
    #[error("the argument must be {wants}")]
    Argument {
        /// What it takes.
        wants: &'static str,
    },
    /// A file or a terminal could not be made.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

/// A simulated device as the control channel sees it.
pub trait Controlled: Send + Sync {
    /// What kind of device it is, for example `printer`.
    fn kind(&self) -> &'static str;
    /// What it can do or suffer.
    fn acts(&self) -> Vec<Act>;
    /// Does the act of that name.
    ///
    /// # Errors
    /// When it knows no such act, the argument is wrong, or a file or terminal cannot be made.
    fn act(&self, name: &str, argument: &Value) -> Result<(), ActError>;
    /// What it shows, has printed, has pressed: an object.
    fn state(&self) -> Value;
}

/// An act of `T` and the method behind it.
struct Doing<T: 'static> {
    act: Act,
    run: fn(&T, Argument<'_>) -> Result<(), ActError>,
}

const fn doing<T>(
    name: &'static str,
    argument: &'static str,
    does: &'static str,
    run: fn(&T, Argument<'_>) -> Result<(), ActError>,
) -> Doing<T> {
    Doing { act: Act { name, argument, does }, run }
}

/// What every device can do.
macro_rules! line_acts {
    ($device:ty) => {
        &[
            $crate::control::doing("unplug", "", "pulls the cable", |device: &$device, _| {
                device.unplug();
                Ok(())
            }),
            $crate::control::doing("plug_back", "", "plugs the cable in again", |device: &$device, _| {
                Ok(device.plug_back()?)
            }),
            $crate::control::doing("stall", "true or false", "reads nothing", |device: &$device, argument| {
                device.stall(argument.flag()?);
                Ok(())
            }),
            $crate::control::doing(
                "record",
                "a file's path",
                "records the line there",
                |device: &$device, argument| Ok(device.start_recording(argument.path()?)?),
            ),
            $crate::control::doing("stop_recording", "", "ends the recording", |device: &$device, _| {
                device.stop_recording();
                Ok(())
            }),
        ]
    };
}

/// What every device on a bus can do beside that.
macro_rules! unit_acts {
    ($device:ty) => {
        &[
            $crate::control::doing("mute", "true or false", "answers nothing", |device: &$device, argument| {
                device.mute(argument.flag()?);
                Ok(())
            }),
            $crate::control::doing("dead", "true or false", "has no power", |device: &$device, argument| {
                device.dead(argument.flag()?);
                Ok(())
            }),
            $crate::control::doing("drop_next", "how many", "loses frames for it", |device: &$device, argument| {
                device.drop_next(argument.number()?);
                Ok(())
            }),
        ]
    };
}

/// Implements [`Controlled`] from tables of acts and a function from the device to its state.
macro_rules! controlled {
    ($device:ty, $kind:literal, [$($acts:expr),+], $state:expr) => {
        impl $crate::Controlled for $device {
            fn kind(&self) -> &'static str {
                $kind
            }

            fn acts(&self) -> Vec<$crate::Act> {
                let tables: &[&[$crate::control::Doing<$device>]] = &[$($acts),+];
                tables.iter().flat_map(|table| table.iter().map(|doing| doing.act)).collect()
            }

            fn act(&self, name: &str, argument: &serde_json::Value) -> Result<(), $crate::ActError> {
                let tables: &[&[$crate::control::Doing<$device>]] = &[$($acts),+];
                $crate::control::perform(tables, self, name, argument)
            }

            fn state(&self) -> serde_json::Value {
                let state: fn(&$device) -> serde_json::Value = $state;
                let line = serde_json::json!({
                    "path": self.path().display().to_string(),
                    "plugged": self.is_plugged(),
                    "open": self.is_open(),
                });
                $crate::control::merged(line, state(self))
            }
        }
    };
}
use {controlled, line_acts, unit_acts};

fn perform<T>(tables: &[&[Doing<T>]], device: &T, name: &str, argument: &Value) -> Result<(), ActError> {
    let all = || tables.iter().flat_map(|table| table.iter());
    match all().find(|doing| doing.act.name == name) {
        Some(doing) => (doing.run)(device, Argument { value: argument, wants: doing.act.argument }),
        None => Err(ActError::Unknown { act: name.to_owned(), known: all().map(|doing| doing.act.name).collect() }),
    }
}

/// The fields of both objects.
fn merged(mut one: Value, other: Value) -> Value {
    if let (Value::Object(one), Value::Object(other)) = (&mut one, other) {
        one.extend(other);
    }
    one
}

/// What a device on a bus tells of itself beside what it shows.
macro_rules! unit_state {
    ($device:expr, $state:tt) => {
        $crate::control::merged(
            serde_json::json!({
                "mute": $device.is_mute(),
                "dead": $device.is_dead(),
                "frames": $device.frame_count(),
                "damaged_frames": $device.damaged_frames(),
                "last_frame": $device.last_frame().map(|frame| frame.verdict.to_string()),
            }),
            serde_json::json!($state),
        )
    };
}
use unit_state;
