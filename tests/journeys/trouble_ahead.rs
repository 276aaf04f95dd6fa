//! The manager sees trouble before it happens, and what helps; customers are told honest waits; the next day knows more.

use std::time::Duration;

use client::Key;
use hall_tests::{Ears, Rig, Told};
use wire::{AdviceKind, AlarmKind, Outlook, Passing, PassingKind, Role, TakeTicket};

/// A customer of this tier takes a number.
async fn takes(rig: &Rig, tier: &str, service: &str) -> wire::Issued {
    let wish = TakeTicket { service: service.to_owned(), tier: Some(tier.to_owned()), ..TakeTicket::default() };
    rig.client(Role::Kiosk).take_ticket(&Key::new(), &wish).await.expect("a number")
}

async fn outlook(rig: &Rig) -> Outlook {
    rig.client(Role::Supervisor).outlook().await.expect("an outlook")
}

#[tokio::test]
async fn a_crowd_before_one_counter_is_foreseen_and_opening_another_is_advised() {
    let rig = Rig::opens_unattended().await;
    let ears = Ears::open(&rig.client(Role::Supervisor), None).await;
    let screen = rig.listens().await;
    let teller = rig.teller(3).signs_in().await;
    for _ in 0..4 {
        takes(&rig, "gotone", "sim_change").await;
    }
    for _ in 0..16 {
        takes(&rig, "ordinary", "sim_change").await;
    }
    teller.calls_next().await;

    let foreseen = rig
        .until("misses are expected and a counter is advised", async || {
            let outlook = outlook(&rig).await;
            let opens = outlook.advice.iter().any(|advice| advice.kind == AdviceKind::OpenCounter);
            // A look may have been made while they still came.
            let all_came = outlook.tiers.iter().any(|tier| tier.tier == "ordinary" && tier.expected_misses > 2.0);
            if opens && all_came { Ok(outlook) } else { Err(format!("{outlook:?}")) }
        })
        .await;
    assert_eq!(foreseen.window_s, 1800);
    let ordinary = foreseen.tiers.iter().find(|tier| tier.tier == "ordinary").expect("the tier");
    assert!(ordinary.alarm_since.is_some(), "{ordinary:?}");
    assert!(foreseen.tickets.iter().all(|ticket| (0.1..=1.0).contains(&ticket.miss)), "{:?}", foreseen.tickets);
    let best = &foreseen.advice[0];
    assert!(best.after < best.before - 0.5, "{best:?}");
    assert!(best.text.zh.contains(" → ") && best.text.en.contains(" → "), "{best:?}");

    // Managers hear of it where they look anyway.
    let alarms = rig.alarms().await;
    let alarm = alarms.iter().find(|alarm| alarm.kind == AlarmKind::LimitAtRisk && alarm.about == "ordinary");
    let alarm = alarm.expect("an alarm of the tier");
    assert!(alarm.text.zh.starts_with("普通客户：未来 30 分钟预计"), "{}", alarm.text.zh);
    let told = |told: &Told| {
        matches!(told, Told::Passing(Passing { kind: PassingKind::OutlookChanged { outlook }, .. })
            if !outlook.advice.is_empty())
    };
    assert!(ears.heard().iter().any(told), "the event stream tells it");
    // A hall screen hears the calls, and nothing of what is about the hall's work.
    rig.until("the screen heard the call", async || {
        if screen.calls().is_empty() { Err(format!("{:?}", screen.heard())) } else { Ok(()) }
    })
    .await;
    let outlooks =
        |told: &Told| matches!(told, Told::Passing(Passing { kind: PassingKind::OutlookChanged { .. }, .. }));
    assert!(!screen.heard().iter().any(outlooks), "{:?}", screen.heard());
}

#[tokio::test]
async fn who_is_told_a_wait_is_told_more_with_more_people_ahead() {
    let rig = Rig::opens_unattended().await;
    let teller = rig.teller(3).signs_in().await;
    let first = takes(&rig, "ordinary", "sim_change").await;
    assert_eq!(first.wait.samples, 0, "nothing was measured yet, so pages tell only the people ahead");
    teller.calls_next().await;
    takes(&rig, "ordinary", "sim_change").await;
    // Waits of tickets are told anew whenever somebody looks.
    let wait_of = async |issued: &wire::Issued| {
        rig.client(Role::Supervisor).ticket(issued.ticket.id).await.expect("the ticket").wait
    };
    let mut issued = vec![];
    for _ in 0..8 {
        issued.push(takes(&rig, "ordinary", "sim_change").await);
    }
    rig.until("seven more people of six minutes each are told as more", async || {
        let (one, eight) = (wait_of(&issued[0]).await, wait_of(&issued[7]).await);
        let honest = one.low_s <= one.likely_s && one.likely_s <= one.high_s && one.high_s < 10_800;
        let more = eight.likely_s > one.likely_s + 600;
        if honest && more { Ok(()) } else { Err(format!("{one:?}, {eight:?}")) }
    })
    .await;
}

#[tokio::test]
async fn a_new_day_has_learnt_from_the_one_before() {
    let rig = Rig::opens_unattended().await;
    rig.lives_through_a_day(12, "sim_change", Duration::from_secs(60)).await;
    rig.until("yesterday's services stand behind today's waits", async || {
        let wait = takes(&rig, "ordinary", "sim_change").await.wait;
        if wait.samples >= 12 { Ok(()) } else { Err(format!("{wait:?}")) }
    })
    .await;
}
