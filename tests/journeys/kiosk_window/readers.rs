//! Readers on ports of their own: what they read while the real window waits for it makes the number.

use client::Key;
use device_sim::{IdCardData, TrackCard};
use hall_tests::{block, with_devices};
use kiosk::desk::Touch;
use kiosk::view::Guest;
use wire::{BookAppointment, IdentifyBy};

use super::walk::Walk;
use super::*;

/// Somebody's card, in full.
const ID_NUMBER: &str = "11010519491231002X";

fn with_readers(sample: String) -> String {
    let own = "kiosk = \"kiosk-1\"";
    let readers = [("card-1", "card-reader-track2"), ("id-1", "id-reader-sdt"), ("scanner-1", "scanner-qr")];
    with_devices(&sample, &readers.map(|(name, profile)| block(name, profile, "virtual", own)))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Xvfb; tests/run has it"]
async fn member_card_identity_card_and_code_are_read_while_the_page_waits_and_each_gets_its_number() {
    let mut walk = Walk::begins_where(with_readers).await;
    walk.rig.device("id-1").becomes_well().await;
    eventually("the readers' ports are open", async || {
        let (card, scanner) = (walk.rig.card_reader("card-1").is_open(), walk.rig.scanner("scanner-1").is_open());
        if card && scanner { Ok(()) } else { Err(format!("{card} {scanner}")) }
    })
    .await;

    walk.touches(Touch::Who).await;
    walk.touches(Touch::Way(IdentifyBy::Card)).await;
    walk.rig.card_reader("card-1").swipe(&TrackCard::new("8801000012341234", "3012"));
    assert_eq!(walk.sees_a_guest().await, Guest::Honoured("大客户".to_owned()));
    walk.chooses("payment").await;
    let ticket = walk.takes().await;
    assert_eq!((ticket.number.as_str(), ticket.tier.as_str()), ("V001", "vip"));
    walk.touches(Touch::Done).await;

    walk.touches(Touch::Who).await;
    walk.touches(Touch::Way(IdentifyBy::IdCard)).await;
    walk.rig.id_reader("id-1").lay_on(IdCardData::new("王小明", ID_NUMBER));
    let Guest::Known(masked) = walk.sees_a_guest().await else { panic!("an honour for everybody") };
    assert!(masked.contains('*') && !masked.contains("19491231"), "{masked}");
    walk.rig.id_reader("id-1").take_off();
    walk.chooses("payment").await;
    let ticket = walk.takes().await;
    assert_eq!((ticket.number.as_str(), ticket.identity.as_deref()), ("A001", Some(masked.as_str())));
    walk.touches(Touch::Done).await;

    let at = wire::event::timestamp(walk.rig.now_ms() + 60_000);
    let book = BookAppointment { service: "enquiry".to_owned(), at, tier: None };
    let booked = walk.rig.client(Role::Supervisor).book_appointment(&Key::new(), &book).await.expect("booked");
    walk.touches(Touch::Who).await;
    walk.touches(Touch::Way(IdentifyBy::Code)).await;
    walk.rig.scanner("scanner-1").scan(&booked.code);
    walk.sees_a_guest().await;
    let ticket = walk.takes().await;
    assert_eq!((ticket.service.as_str(), ticket.booked_at), ("enquiry", Some(at)));
}
