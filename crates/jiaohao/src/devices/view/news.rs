//! What the hall was told of its devices.

use std::time::Duration;

use client::{Client, Message};
use tokio::sync::mpsc;
use tokio::time::sleep;
use wire::{DeviceHealth, LocalNames, PassingKind};

/// What is new.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum News {
    /// The broker can be heard: how its hall is called, and how every device is.
    Hall(LocalNames, Vec<DeviceHealth>),
    /// A device is otherwise than before.
    Device(DeviceHealth),
    /// The broker cannot be heard.
    Away,
}

/// News that wait while the view is busy; the stream waits behind them.
const CAPACITY: usize = 64;
/// A broker that answers no snapshot is asked again.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// Follows the hall until the receiver is dropped. Needs a tokio runtime.
pub(super) fn follow(client: Client) -> mpsc::Receiver<News> {
    let (sender, receiver) = mpsc::channel(CAPACITY);
    tokio::spawn(async move {
        let mut messages = client.follow(None);
        while let Some(message) = messages.recv().await {
            let news = match message {
                Message::Connected => snapshot(&client).await,
                Message::Passing(passing) => match passing.kind {
                    PassingKind::DeviceChanged { device } => News::Device(device),
                    PassingKind::Say { .. }
                    | PassingKind::SignWanted { .. }
                    | PassingKind::PrintChanged { .. }
                    | PassingKind::OutlookChanged { .. }
                    | PassingKind::CustomerIdentified { .. }
                    | PassingKind::ArrivalsChanged { .. } => continue,
                },
                Message::Lost(_) => News::Away,
                Message::Event(..) | Message::Stale => continue,
            };
            if sender.send(news).await.is_err() {
                return;
            }
        }
    });
    receiver
}

/// The hall as it stands, or that it is away again.
async fn snapshot(client: &Client) -> News {
    loop {
        match client.hall().await {
            Ok(hall) => return News::Hall(hall.name, hall.devices),
            Err(error) if error.is_passing() => sleep(ASK_AGAIN).await,
            Err(error) => {
                tracing::warn!(error = client::with_causes(&error), "asking how the devices are");
                return News::Away;
            }
        }
    }
}
