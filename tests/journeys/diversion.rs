//! A VIP desk stands free while ordinary customers run out of time: its teller sees whom it may take over before pressing a key.

use std::time::Duration;

use hall_tests::Rig;

#[tokio::test]
async fn a_free_dedicated_desk_tells_its_teller_whom_it_takes_over() {
    let rig = Rig::opens_unattended().await;
    let vip_desk = rig.teller(1).signs_in().await;
    let waiting = rig.takes_number_only("sim_change").await;
    assert_eq!(vip_desk.counter().await.diverts, None, "there is time left for the counters it is for");
    assert!(vip_desk.calls_whoever_waits().await.is_none());

    rig.pass(Duration::from_secs(21 * 60));
    let counter = vip_desk.counter().await;
    assert_eq!(
        (counter.waiting, counter.diverts),
        (0, Some(waiting.number.clone())),
        "nobody it is for, and one it may take"
    );
    let called = vip_desk.calls_next().await;
    assert_eq!(called.ticket.id, waiting.id);
    let because = called.because.expect("a reason");
    assert!(because.contains("分流"), "{because}");
    assert_eq!(vip_desk.counter().await.diverts, None, "it is busy");
}
