//! `doctor keys`: every key that is pressed on the configured keypads, with its code and what its profile makes of it.

use std::collections::BTreeMap;
use std::time::Duration;

use device_host::probe::{Pressed, ProbeError, listen_to_keys, poll_keys};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;
use wire::{DeviceProfile, DeviceSpec, KeyAct, Place};

use super::configured::devices;
use super::trouble::trouble;
use super::until_ctrl_c;
use super::words::{Words, words};
use crate::cli::DoctorDevicesArgs;
use crate::failure::Failure;

/// How long keys are told unless something else is asked for.
const LISTENED_S: u64 = 60;
/// Keys that may wait to be printed.
const AHEAD: usize = 64;

/// Listens to the configured keypads.
pub(super) fn run(args: &DoctorDevicesArgs) -> Result<(), Failure> {
    let keypads = devices(args, "keypad", DeviceProfile::is_keypad)?;
    let seconds = args.seconds.unwrap_or(LISTENED_S);
    println!(
        "{}",
        words(
            format!("{} 个呼叫器，{seconds} 秒内请逐个按键（Ctrl-C 结束）：", keypads.len()),
            format!("{} keypads: press their keys within {seconds} s, Ctrl-C ends:", keypads.len())
        )
    );
    // Whoever has seen enough ends it; that is no failure.
    let ended = until_ctrl_c(async {
        let until = Instant::now() + Duration::from_secs(seconds);
        let (sender, mut pressed) = mpsc::channel(AHEAD);
        let mut lines = JoinSet::new();
        for (port, keypads) in by_port(&keypads) {
            lines.spawn(listen(port, keypads, until, sender.clone()));
        }
        drop(sender);
        let mut broken = 0;
        while let Some((port, event)) = pressed.recv().await {
            println!("  {}", told(&port, &event, &keypads));
        }
        while let Some(ended) = lines.join_next().await {
            if let Ok((port, Err(error))) = ended {
                broken += 1;
                println!("  × {}", trouble(&port, &error));
            }
        }
        match broken {
            0 => Ok(()),
            _ => Err(Failure::Input(anyhow::anyhow!("{broken} ports could not be used; the mend is above"))),
        }
    });
    ended.map(|_| ())
}

fn by_port(keypads: &[DeviceSpec]) -> BTreeMap<String, Vec<DeviceSpec>> {
    let mut ports: BTreeMap<String, Vec<DeviceSpec>> = BTreeMap::new();
    for keypad in keypads {
        ports.entry(keypad.port.clone()).or_default().push(keypad.clone());
    }
    ports
}

/// The keypads of one port are of one kind: a bus cannot be asked and listened to.
async fn listen(
    port: String,
    keypads: Vec<DeviceSpec>,
    until: Instant,
    told: mpsc::Sender<(String, Pressed)>,
) -> (String, Result<(), ProbeError>) {
    let (sender, mut pressed) = mpsc::channel(AHEAD);
    let hand_on = async {
        while let Some(event) = pressed.recv().await {
            if told.send((port.clone(), event)).await.is_err() {
                return;
            }
        }
    };
    let addresses: Vec<u8> = keypads.iter().filter_map(|keypad| u8::try_from(keypad.address).ok()).collect();
    let listening = async {
        match keypads.first().map(|keypad| &keypad.profile) {
            Some(DeviceProfile::Keypad(profile)) => listen_to_keys(&port, profile, until, sender).await,
            Some(DeviceProfile::PolledKeypad(profile)) => poll_keys(&port, profile, &addresses, until, sender).await,
            _ => Ok(()),
        }
    };
    let (ended, ()) = tokio::join!(listening, hand_on);
    (port, ended)
}

fn told(port: &str, event: &Pressed, keypads: &[DeviceSpec]) -> Words {
    let who = |address: u8| {
        let known = keypads.iter().find(|keypad| keypad.port == port && keypad.address == u16::from(address));
        match known {
            Some(DeviceSpec { name, place: Place::Counter(counter), .. }) => {
                words(format!("{name}（{counter} 号窗口）"), format!("{name}, counter {counter}"))
            }
            Some(DeviceSpec { name, place: Place::Kiosk(_) | Place::Hall, .. }) => words(name, name),
            None => words(
                format!("! 地址 {address}，配置里没有"),
                format!("address {address}, which the configuration does not have"),
            ),
        }
    };
    match event {
        Pressed::Key { address, code, means } => {
            let (who, means) = (who(*address), act_words(*means));
            words(format!("√ {}：键 {code} {}", who.zh, means.zh), format!("{}: key {code}, {}", who.en, means.en))
        }
        Pressed::Rating { address, key } => {
            let who = who(*address);
            words(format!("√ {}：评价 {key}", who.zh), format!("{}: key {key} of the rater", who.en))
        }
        Pressed::Silent { address } => {
            let who = who(*address);
            words(
                format!("× {}：没有应答，查地址、A/B 线、速率、电源", who.zh),
                format!("{}: no answer; check address, wires A and B, speed, power", who.en),
            )
        }
    }
}

fn act_words(act: Option<KeyAct>) -> Words {
    match act {
        Some(KeyAct::Next) => words("呼叫下一位", "call the next"),
        Some(KeyAct::Recall) => words("重呼", "recall"),
        Some(KeyAct::NoShow) => words("弃号", "no-show"),
        Some(KeyAct::Hold) => words("挂起", "hold"),
        Some(KeyAct::Transfer) => words("转移", "transfer"),
        Some(KeyAct::CallBack) => words("召回挂起", "call back from hold"),
        Some(KeyAct::Return) => words("退回队列", "back to the queue"),
        Some(KeyAct::Pause) => words("暂停", "pause"),
        Some(KeyAct::Evaluate) => words("评价", "ask for a rating"),
        Some(KeyAct::Unused) | None => {
            words("型号里没有这个键：写进 keys", "a key that the profile does not have: add it to keys")
        }
    }
}
