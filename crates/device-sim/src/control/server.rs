//! The socket of the control channel.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::{AbortHandle, JoinSet};

use super::Controlled;

/// No request is longer: a code of 10 KB in hexadecimal fits.
const LONGEST: u64 = 64 * 1024;

/// Devices by name.
type Devices = BTreeMap<String, Arc<dyn Controlled>>;

/// A running control channel. Dropping it removes the socket and ends every connection.
pub struct ControlServer {
    path: PathBuf,
    task: AbortHandle,
}

impl ControlServer {
    /// Listens at `directory/control`. Needs a tokio runtime with I/O. A socket that a dead process left there is
    /// replaced.
    ///
    /// # Errors
    /// Outside a runtime, when another process listens there, or when the socket cannot be made.
    pub fn start(directory: &Path, devices: Devices) -> io::Result<Self> {
        let runtime = tokio::runtime::Handle::try_current().map_err(io::Error::other)?;
        let path = directory.join("control");
        match std::os::unix::net::UnixStream::connect(&path) {
            Ok(_) => return Err(io::ErrorKind::AddrInUse.into()),
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => std::fs::remove_file(&path)?,
            // Nothing there, or something that is no socket: then binding says so.
            Err(_) => {}
        }
        let listener = UnixListener::bind(&path)?;
        let task = runtime.spawn(serve(listener, Arc::new(devices))).abort_handle();
        Ok(Self { path, task })
    }

    /// Where it listens.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for ControlServer {
    fn drop(&mut self) {
        self.task.abort();
        if let Err(error) = std::fs::remove_file(&self.path)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(path = %self.path.display(), %error, "removing the control socket");
        }
    }
}

async fn serve(listener: UnixListener, devices: Arc<Devices>) {
    // Connections end with this task.
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn(converse(stream, Arc::clone(&devices)));
            }
            Err(error) => {
                tracing::warn!(%error, "accepting on the control channel");
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn converse(stream: UnixStream, devices: Arc<Devices>) {
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    let mut line = Vec::new();
    loop {
        line.clear();
        match (&mut reader).take(LONGEST).read_until(b'\n', &mut line).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        let whole = line.ends_with(b"\n");
        let answer = if whole || line.len() < LONGEST as usize {
            answer(&devices, &line).unwrap_or_else(|why| json!({ "error": why }))
        } else {
            json!({ "error": format!("a request of more than {LONGEST} bytes") })
        };
        if writer.write_all(format!("{answer}\n").as_bytes()).await.is_err() || !whole {
            return;
        }
    }
}

/// Carries one request out: the answer, or why not.
fn answer(devices: &Devices, line: &[u8]) -> Result<Value, String> {
    let request: Value = serde_json::from_slice(line).map_err(|error| format!("no JSON: {error}"))?;
    let wanted = request.get("do").and_then(Value::as_str).ok_or("\"do\" is missing, for example {\"do\":\"list\"}")?;
    let Some(name) = request.get("device").and_then(Value::as_str) else {
        return match wanted {
            "list" => Ok(json!({ "devices": devices.iter().map(described).collect::<Vec<_>>() })),
            other => Err(format!("without a \"device\" there is only list, not {other}")),
        };
    };
    let device = devices.get(name).ok_or_else(|| {
        format!("no device {name}; there are: {}", devices.keys().map(String::as_str).collect::<Vec<_>>().join(", "))
    })?;
    if wanted != "state" {
        let argument = request.get("with").unwrap_or(&Value::Null);
        device.act(wanted, argument).map_err(|error| format!("{name}: {error}"))?;
    }
    Ok(json!({ "device": name, "kind": device.kind(), "state": device.state() }))
}

fn described((name, device): (&String, &Arc<dyn Controlled>)) -> Value {
    let acts: Vec<_> =
        device.acts().iter().map(|act| json!({ "do": act.name, "with": act.argument, "does": act.does })).collect();
    json!({ "device": name, "kind": device.kind(), "state": device.state(), "acts": acts })
}
