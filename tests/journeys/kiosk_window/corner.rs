//! Staff find the hidden corner of the real window, print a ticket again, and end the window.

use kiosk::desk::{CORNER_TOUCHES, Touch};
use wire::{OpenStaffCorner, StaffDeed};

use super::walk::{KIOSK, Walk};
use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Xvfb; tests/run has it"]
async fn five_touches_and_the_pin_let_staff_print_a_copy_and_end_the_window() {
    let mut walk = Walk::begins().await;
    walk.chooses("payment").await;
    let ticket = walk.takes().await;
    walk.has_paper(&ticket, 1).await;
    walk.touches(Touch::Done).await;
    // How the corner stands, asked before the window asks: a later key would close the window's.
    let pin = walk.rig.kiosk_pin(KIOSK).to_owned();
    let open = OpenStaffCorner { pin: pin.clone() };
    let corner = walk.rig.client(Role::Kiosk).open_staff_corner(KIOSK, &open).await;
    walk.corner = Some(corner.expect("the right PIN"));

    walk.touches_all(&[const { Touch::Corner }; CORNER_TOUCHES]).await;
    walk.types(&pin).await;
    walk.touches(Touch::Deed(StaffDeed::Reprint { ticket: ticket.id })).await;
    let copy = walk.has_paper(&ticket, 2).await;
    assert!(copy.contains("补打"), "{copy}");
    assert_eq!(walk.rig.hall().await.waiting.len(), 1, "a copy is no number");

    walk.taps(&[Touch::Exit]).await;
    assert!(walk.exits);
    let ended = tokio::time::timeout(PATIENCE, walk.process.wait()).await.expect("an end").expect("a code");
    assert_eq!(ended.code(), Some(0));
}
