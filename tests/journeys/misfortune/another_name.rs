//! A device is unplugged and comes back under another name of the kernel's: the stable path leads to it all the same.

use std::path::{Path, PathBuf};

use device_sim::Key;
use hall_tests::Rig;
use rustix::pty::{OpenptFlags, openpt};
use wire::{Condition, DeviceState, PrintState};

use super::NO_PORT;

/// Where a stable path leads now.
fn name_behind(path: &Path) -> PathBuf {
    std::fs::read_link(path).expect("a link")
}

/// Plugs back while somebody else has got the name that it had.
fn plugs_back_under_another_name(path: &Path, before: &Path, plug_back: impl FnOnce()) {
    // The kernel gives out the lowest free name: while these are held, it is taken.
    let taken: Vec<_> =
        (0..8).map(|_| openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a pseudo-terminal")).collect();
    plug_back();
    drop(taken);
    assert_ne!(name_behind(path), before);
}

#[tokio::test]
async fn a_printer_that_comes_back_under_another_name_prints_what_waited_for_it() {
    let rig = Rig::opens().await;
    let before = name_behind(rig.printer().path());
    rig.printer().unplug();
    rig.device("printer-1").is_told(DeviceState::Fault, Condition::NoDevice, NO_PORT).await;
    let ticket = rig.takes_ticket("payment").await;
    assert_eq!(rig.teller(3).signs_in().await.calls_next().await.ticket.number, ticket.number);
    plugs_back_under_another_name(rig.printer().path(), &before, || rig.printer().plug_back().expect("a new terminal"));
    rig.device("printer-1").is_mended().await;
    rig.print_becomes(ticket.id, PrintState::Printed).await;
    let paper = rig.papers(1).await.remove(0);
    assert_eq!(paper.text().matches(&ticket.number).count(), 1, "{}", paper.text());
}

#[tokio::test]
async fn a_keypad_and_a_sign_that_come_back_under_other_names_call_and_show() {
    let rig = Rig::opens().await;
    rig.teller(3).signs_in().await;
    let first = rig.takes_number_only("payment").await.number;
    let second = rig.takes_number_only("payment").await.number;
    let (keypad, sign) = (rig.keypad(3), rig.window_sign(3));
    let before = (name_behind(keypad.path()), name_behind(sign.led().path()));
    keypad.unplug();
    sign.led().unplug();
    rig.device("keypad-3").is_told(DeviceState::Fault, Condition::NoDevice, NO_PORT).await;
    rig.device("window-led-3").is_told(DeviceState::Fault, Condition::NoDevice, NO_PORT).await;
    // The teller goes on by the window; the hall's sign shows it.
    assert_eq!(rig.teller(3).calls_next().await.ticket.number, first);
    rig.hall_sign().shows_call(&first, 3).await;

    plugs_back_under_another_name(sign.led().path(), &before.1, || sign.led().plug_back().expect("a new terminal"));
    sign.shows(&first).await;
    rig.device("window-led-3").is_mended().await;
    plugs_back_under_another_name(keypad.path(), &before.0, || keypad.plug_back().expect("a new terminal"));
    rig.alarm_is_over("keypad-3").await;
    keypad.press(Key::Call);
    sign.shows(&second).await;
    rig.device("keypad-3").becomes_well().await;
}
