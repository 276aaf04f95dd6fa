//! The reader of identity cards answers garbage: it is named, and customers go on without.

use device_sim::IdCardData;
use hall_tests::{Rig, block, with_devices};
use wire::{Condition, DeviceState};

use super::NONSENSE;

#[tokio::test]
async fn a_reader_that_answers_garbage_is_named_and_customers_go_on_as_ordinary_ones() {
    let reader = block("id-1", "id-reader-sdt", "virtual", "kiosk = \"kiosk-1\"");
    let rig = Rig::opens_like_the_sample_but(|sample| with_devices(&sample, &[reader])).await;
    rig.device("id-1").becomes_well().await;

    rig.id_reader("id-1").garbage(true);
    rig.device("id-1").is_told(DeviceState::Fault, Condition::Garbled, NONSENSE).await;
    let detail = rig.device("id-1").health().await.report.detail.expect("why");
    assert!(detail.contains("speed"), "{detail}");
    // A card laid on now is not read; whoever laid it on takes a number like everybody.
    rig.id_reader("id-1").lay_on(IdCardData::new("王小明", "11010519491231002X"));
    let taken = rig.kiosk().takes_number("payment").await;
    assert!(taken.number.starts_with('A'), "{}", taken.number);
    assert_eq!(rig.id_reader("id-1").cards_read(), 0);
    assert_eq!(rig.teller(3).signs_in().await.calls_next().await.ticket.number, taken.number);

    rig.id_reader("id-1").garbage(false);
    rig.device("id-1").is_mended().await;
    rig.until("the card that lies there is read", async || {
        let read = rig.id_reader("id-1").cards_read();
        if read > 0 { Ok(()) } else { Err(format!("{read} cards")) }
    })
    .await;
    rig.id_reader("id-1").take_off();
    // Who was identified or not: the next customer gets a number, and the reader stays well.
    assert_eq!(rig.kiosk().takes_number("enquiry").await.ahead, 0);
    rig.device("id-1").is_mended().await;
}
