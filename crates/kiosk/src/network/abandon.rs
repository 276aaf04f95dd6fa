//! Requests whose customer left: the broker is told, however long that takes, while the next customers are served.

use super::on_disk;
use crate::desk::RETRY_AFTER;
use crate::pending::PendingFile;
use client::{Client, Key, with_causes};
use std::sync::Arc;
use std::time::SystemTime;
use tokio::sync::Notify;
use tokio::time::sleep;

/// Gives up every request that was set aside, those of before a restart too, then waits to be woken for the next one. What
/// could not be given up is tried again every [`RETRY_AFTER`]. The folder is the queue: it is what survives.
pub(super) async fn keep_abandoning(client: Client, file: PendingFile, woken: Arc<Notify>) {
    let mut complaint = None;
    loop {
        match abandon_all(&client, &file).await {
            Ok(()) => {
                complaint = None;
                woken.notified().await;
            }
            Err(why) => {
                // A broker that is away for hours is told of once.
                if complaint.as_ref() != Some(&why) {
                    tracing::warn!(why, "a request of a customer who left is not given up yet");
                }
                complaint = Some(why);
                sleep(RETRY_AFTER).await;
            }
        }
    }
}

/// Why not all were given up. One that is refused does not keep the others from being tried.
async fn abandon_all(client: &Client, file: &PendingFile) -> Result<(), String> {
    let keys = on_disk(file, |file| file.abandoned(SystemTime::now())).await.map_err(|error| with_causes(&error))?;
    let mut outcome = Ok(());
    for key in keys {
        match client.abandon(&Key::from(key.clone())).await {
            Ok(()) => {
                on_disk(file, move |file| file.forget_abandoned(&key)).await.map_err(|error| with_causes(&error))?;
            }
            Err(error) if error.is_passing() => return Err(with_causes(&error)),
            Err(error) => outcome = Err(with_causes(&error)),
        }
    }
    outcome
}
