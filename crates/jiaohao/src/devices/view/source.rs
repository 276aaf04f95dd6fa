//! Where the view's devices are: in this process, or behind the control channel of another.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use device_sim::Controlled;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use tokio::time::timeout;

use super::seen::{Seen, seen};
use super::strokes::Act;
use crate::virtual_devices::CONTROL;

/// The other process answers at once, or it is stuck.
const ANSWER: Duration = Duration::from_secs(2);

/// Virtual devices by name.
pub(in crate::devices) enum Source {
    /// Of this process.
    Own(BTreeMap<String, Arc<dyn Controlled>>),
    /// Of another.
    Other(Channel),
}

/// A device as it introduces itself.
pub(super) struct Introduced {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) acts: Vec<Act>,
}

/// A connection to a control channel that comes back.
pub(in crate::devices) struct Channel {
    path: PathBuf,
    stream: Option<BufReader<UnixStream>>,
}

impl Source {
    /// The devices whose lines are in `dir`.
    pub(in crate::devices) fn other(dir: &Path) -> Self {
        Self::Other(Channel { path: dir.join(CONTROL), stream: None })
    }

    /// All devices, by name.
    ///
    /// # Errors
    /// The other process does not answer, or not with devices.
    pub(super) async fn list(&mut self) -> anyhow::Result<Vec<Introduced>> {
        match self {
            Self::Own(devices) => Ok(devices
                .iter()
                .map(|(name, device)| Introduced {
                    name: name.clone(),
                    kind: device.kind().to_owned(),
                    acts: device.acts().iter().map(|act| own(act.name, act.argument, act.does)).collect(),
                })
                .collect()),
            Self::Other(channel) => {
                let answer = channel.ask(&json!({ "do": "list" })).await?;
                let devices = answer.get("devices").and_then(Value::as_array).context("no list of devices")?;
                devices.iter().map(|device| introduced(device).context("a device without a name")).collect()
            }
        }
    }

    /// How a device is.
    ///
    /// # Errors
    /// There is none of that name, or the other process does not answer.
    pub(super) async fn look(&mut self, name: &str) -> anyhow::Result<Seen> {
        match self {
            Self::Own(devices) => {
                let device = devices.get(name).context("no such device")?;
                seen(device.kind(), &device.state())
            }
            Self::Other(channel) => {
                let answer = channel.ask(&json!({ "device": name, "do": "state" })).await?;
                seen(text(&answer, "kind").context("no kind")?, answer.get("state").context("no state")?)
            }
        }
        .context("no state of a device")
    }

    /// Lets a device do or suffer something.
    ///
    /// # Errors
    /// The device's own words, or the other process does not answer.
    pub(super) async fn act(&mut self, name: &str, act: &str, with: &Value) -> anyhow::Result<()> {
        match self {
            Self::Own(devices) => Ok(devices.get(name).context("no such device")?.act(act, with)?),
            Self::Other(channel) => channel.ask(&json!({ "device": name, "do": act, "with": with })).await.map(drop),
        }
    }
}

impl Channel {
    /// One request, one answer. A connection that failed is made anew for the next request.
    async fn ask(&mut self, request: &Value) -> anyhow::Result<Value> {
        let answer =
            timeout(ANSWER, self.converse(request)).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
        let line = match answer {
            Ok(line) => line,
            Err(error) => {
                self.stream = None;
                return Err(anyhow!(error).context(format!("asking {}", self.path.display())));
            }
        };
        let answer: Value = serde_json::from_str(&line).context("reading the control channel")?;
        match text(&answer, "error") {
            Some(why) => bail!("{why}"),
            None => Ok(answer),
        }
    }

    async fn converse(&mut self, request: &Value) -> io::Result<String> {
        let stream = match &mut self.stream {
            Some(stream) => stream,
            None => self.stream.insert(BufReader::new(UnixStream::connect(&self.path).await?)),
        };
        stream.write_all(format!("{request}\n").as_bytes()).await?;
        let mut line = String::new();
        match stream.read_line(&mut line).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(line),
        }
    }
}

fn introduced(device: &Value) -> Option<Introduced> {
    let acts = device.get("acts").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    Some(Introduced {
        name: text(device, "device")?.to_owned(),
        kind: text(device, "kind")?.to_owned(),
        acts: acts
            .iter()
            .filter_map(|act| Some(own(text(act, "do")?, text(act, "with")?, text(act, "does")?)))
            .collect(),
    })
}

fn own(name: &str, argument: &str, does: &str) -> Act {
    Act { name: name.to_owned(), argument: argument.to_owned(), does: does.to_owned() }
}

fn text<'v>(value: &'v Value, field: &str) -> Option<&'v str> {
    value.get(field).and_then(Value::as_str)
}
