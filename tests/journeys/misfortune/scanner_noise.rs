//! A scanner sends ten kilobytes: they are dropped and told of, and the next code is read.

use hall_tests::{Rig, block, with_devices};
use wire::{Condition, DeviceState};

use super::NONSENSE;

#[tokio::test]
async fn ten_kilobytes_of_a_scanner_are_dropped_and_named_and_the_next_code_is_read() {
    let scanner = block("scanner-1", "scanner-qr", "virtual", "kiosk = \"kiosk-1\"");
    let rig = Rig::opens_like_the_sample_but(|sample| with_devices(&sample, &[scanner])).await;
    rig.until(
        "its port is open",
        async || {
            if rig.scanner("scanner-1").is_open() { Ok(()) } else { Err(String::new()) }
        },
    )
    .await;
    rig.scanner("scanner-1").scan("M-0041");
    rig.device("scanner-1").becomes_well().await;

    rig.scanner("scanner-1").scan_bytes(&[b'7'; 10 * 1024]);
    rig.device("scanner-1").is_told(DeviceState::Warning, Condition::Garbled, NONSENSE).await;
    let detail = rig.device("scanner-1").health().await.report.detail.expect("why");
    assert!(detail.contains("more than any code holds"), "{detail}");
    // Nobody waits for it: numbers are taken, printed and called.
    let taken = rig.kiosk().takes_number("payment").await;
    assert!(taken.number.starts_with('A'), "{}", taken.number);
    rig.papers(1).await;
    assert_eq!(rig.teller(3).signs_in().await.calls_next().await.ticket.number, taken.number);

    rig.scanner("scanner-1").scan("M-0042");
    rig.device("scanner-1").is_mended().await;
}
