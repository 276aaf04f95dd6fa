//! A customer of the highest tier comes: a person is told at once, and is not told any more when somebody goes, calls, or when they
//! have walked away.

use std::time::{Duration, Instant};

use client::Key;
use hall_tests::{Ears, Raw, Rig, Told, eventually};
use wire::{Alarm, AlarmKind, IdentityInput, IdentityKind, Passing, PassingKind, Role, TakeTicket, TicketView};

/// What was promised.
const TOLD_WITHIN: Duration = Duration::from_secs(1);
/// A card of the sample's VIPs, and as staff see it.
const CARD: &str = "8801-0000-1234";
const MASKED: &str = "880*****1234";

fn card(value: &str) -> IdentityInput {
    IdentityInput { kind: IdentityKind::Card, value: value.to_owned() }
}

/// Who is to be received, as this role reads it.
async fn arrivals(rig: &Rig, role: Role) -> Vec<Alarm> {
    let hall = rig.client(role).hall().await.expect("the hall");
    hall.alarms.into_iter().filter(|alarm| alarm.kind == AlarmKind::VipArrived).collect()
}

/// What somebody heard of who is to be received, in the order of hearing: when, and about whom.
fn heard(ears: &Ears) -> Vec<(i64, Vec<String>)> {
    let told = |told| match told {
        Told::Passing(Passing { at, kind: PassingKind::ArrivalsChanged { arrivals }, .. }) => {
            Some((at.as_millisecond(), arrivals.into_iter().map(|alarm| alarm.about).collect()))
        }
        Told::Passing(_) | Told::Connected | Told::Event(..) | Told::Lost | Told::Stale => None,
    };
    ears.heard().into_iter().filter_map(told).collect()
}

/// Waits until somebody has heard this last of who is to be received.
async fn hears(ears: &Ears, wanted: &[&str]) -> i64 {
    eventually(format!("{wanted:?} is heard"), async || match heard(ears).pop() {
        Some((at_ms, about)) if about == wanted => Ok(at_ms),
        other => Err(format!("{other:?}")),
    })
    .await
}

async fn takes(rig: &Rig, wish: TakeTicket) -> TicketView {
    rig.takes(&TakeTicket { service: "payment".to_owned(), kiosk: Some("kiosk-1".to_owned()), ..wish }).await
}

#[tokio::test]
async fn who_shows_a_card_is_told_of_at_every_counter_at_once_and_on_no_screen_until_they_are_called() {
    let rig = Rig::opens_unattended().await;
    let vip_desk = rig.teller(1).signs_in().await;
    let ears = async |role| Ears::open(&rig.client(role), None).await;
    let staff = [ears(Role::Teller).await, ears(Role::Supervisor).await, ears(Role::Admin).await];
    let others =
        [ears(Role::Screen).await, ears(Role::Kiosk).await, ears(Role::Devices).await, ears(Role::Integrator).await];

    let (shown_ms, shown) = (rig.now_ms(), Instant::now());
    rig.client(Role::Devices).identify("kiosk-1", &card(CARD)).await.expect("an identity");
    for ears in &staff {
        hears(ears, &["kiosk-1"]).await;
    }
    assert!(shown.elapsed() < TOLD_WITHIN, "it took {:?}", shown.elapsed());
    let alarm = arrivals(&rig, Role::Supervisor).await.remove(0);
    assert_eq!(alarm.text.zh, format!("大客户 {MASKED} 在取号机 kiosk-1，请迎接"));
    assert_eq!(alarm.text.en, format!("Please receive VIP {MASKED} at kiosk-1"));
    assert!((0..1000).contains(&(alarm.since.as_millisecond() - shown_ms)));

    // The kiosk may say that staff were told, and takes their number.
    let identified = |told| match told {
        Told::Passing(Passing { kind: PassingKind::CustomerIdentified { key, staff_told, .. }, .. }) => {
            Some((key, staff_told))
        }
        Told::Passing(_) | Told::Connected | Told::Event(..) | Told::Lost | Told::Stale => None,
    };
    let (key, staff_told) = eventually("the kiosk hears who is there", async || {
        others[1].heard().into_iter().find_map(identified).ok_or_else(String::new)
    })
    .await;
    assert!(staff_told);
    rig.pass(Duration::from_secs(20));
    let ticket = takes(&rig, TakeTicket { identified: Some(key), ..TakeTicket::default() }).await;
    hears(&staff[0], &[&ticket.number]).await;
    let of_ticket = arrivals(&rig, Role::Teller).await;
    assert_eq!(of_ticket.len(), 1, "they are one customer: {of_ticket:?}");
    assert_eq!(of_ticket[0].text.zh, format!("大客户 {MASKED} 在取号机 kiosk-1（{}），请迎接", ticket.number));
    assert_eq!(of_ticket[0].since, alarm.since, "since they showed the card");

    assert_eq!(vip_desk.calls_next().await.ticket.id, ticket.id);
    for ears in &staff {
        hears(ears, &[]).await;
    }
    assert_eq!(arrivals(&rig, Role::Supervisor).await, []);

    // Whoever is no staff has heard the call, and nothing of who came.
    for ears in &others {
        eventually("the call is heard", async || if ears.calls().is_empty() { Err(String::new()) } else { Ok(()) })
            .await;
        assert_eq!(heard(ears), []);
    }
}

#[tokio::test]
async fn what_the_public_reads_of_the_hall_says_nothing_of_who_came() {
    let rig = Rig::opens_unattended().await;
    rig.client(Role::Devices).identify("kiosk-1", &card(CARD)).await.expect("an identity");
    takes(&rig, TakeTicket { identity: Some(card("8802-0000-5678")), ..TakeTicket::default() }).await;
    assert_eq!(arrivals(&rig, Role::Supervisor).await.len(), 2);
    let raw = Raw::to(&rig.url());
    for role in [Role::Screen, Role::Kiosk, Role::Devices, Role::Integrator] {
        let hall = raw.get("/api/v1/hall", rig.token(role)).await;
        assert_eq!(hall.status, 200);
        for secret in [MASKED, "1234", "5678", "vip_arrived", "迎接"] {
            assert!(!hall.text.contains(secret), "{} reads {secret}", role.name());
        }
    }
}

#[tokio::test]
async fn who_walks_away_is_forgotten_after_two_minutes_and_who_waits_is_told_of_for_ten() {
    let rig = Rig::opens_unattended().await;
    let teller = Ears::open(&rig.client(Role::Teller), None).await;
    rig.client(Role::Devices).identify("kiosk-1", &card(CARD)).await.expect("an identity");
    hears(&teller, &["kiosk-1"]).await;
    rig.pass(Duration::from_secs(119));
    assert_eq!(arrivals(&rig, Role::Teller).await.len(), 1);
    rig.pass(Duration::from_secs(1));
    assert_eq!(arrivals(&rig, Role::Teller).await, []);
    // Without anybody doing anything.
    hears(&teller, &[]).await;

    let ticket = takes(&rig, TakeTicket { identity: Some(card(CARD)), ..TakeTicket::default() }).await;
    hears(&teller, &[&ticket.number]).await;
    rig.pass(Duration::from_secs(599));
    assert_eq!(arrivals(&rig, Role::Teller).await.len(), 1);
    rig.pass(Duration::from_secs(1));
    hears(&teller, &[]).await;
    assert_eq!(rig.ticket(ticket.id).await.state, wire::TicketState::Waiting);
}

#[tokio::test]
async fn however_they_say_who_they_are_they_are_told_of_and_nobody_of_another_tier_is() {
    let rig = Rig::opens_unattended().await;
    let of_tier = |tier: &str| TakeTicket { tier: Some(tier.to_owned()), ..TakeTicket::default() };
    takes(&rig, of_tier("gotone")).await;
    takes(&rig, of_tier("ordinary")).await;
    takes(&rig, TakeTicket { identity: Some(card("8810000124")), ..TakeTicket::default() }).await;
    takes(&rig, TakeTicket::default()).await;
    // Taken elsewhere: by somebody who has received them, or who is not in the hall.
    let elsewhere = TakeTicket { service: "payment".to_owned(), ..of_tier("vip") };
    rig.client(Role::Teller).take_ticket(&Key::new(), &elsewhere).await.expect("a number");
    assert_eq!(arrivals(&rig, Role::Teller).await, []);

    let stated = takes(&rig, of_tier("vip")).await;
    let by_range = takes(&rig, TakeTicket { identity: Some(card(CARD)), ..TakeTicket::default() }).await;
    let about: Vec<_> = arrivals(&rig, Role::Teller).await.into_iter().map(|alarm| alarm.about).collect();
    assert_eq!(about, [stated.number, by_range.number]);
}

#[tokio::test]
async fn a_customer_whose_number_is_refused_is_told_of_all_the_more_and_a_repeated_request_tells_once() {
    let rig = Rig::opens_unattended().await;
    let wish = TakeTicket {
        service: "payment".to_owned(),
        kiosk: Some("kiosk-1".to_owned()),
        identity: Some(card(CARD)),
        ..TakeTicket::default()
    };
    let (kiosk, request) = (rig.client(Role::Kiosk), Key::new());
    let number = kiosk.take_ticket(&request, &wish).await.expect("a number").ticket.number;
    assert_eq!(kiosk.take_ticket(&request, &wish).await.expect("the same").ticket.number, number);
    let about =
        async || -> Vec<String> { arrivals(&rig, Role::Teller).await.into_iter().map(|alarm| alarm.about).collect() };
    assert_eq!(about().await, [number.as_str()]);

    rig.client(Role::Supervisor).open_ticketing(&Key::new(), false).await.expect("closed");
    let late = TakeTicket { identity: Some(card("8803-0000-7777")), ..wish };
    assert!(kiosk.take_ticket(&Key::new(), &late).await.is_err());
    let mut both = about().await;
    both.sort();
    assert_eq!(both, [number.as_str(), "kiosk-1"]);
}

#[tokio::test]
async fn one_colleague_goes_and_nobody_else_is_told_any_more() {
    let rig = Rig::opens_unattended().await;
    let colleague = Ears::open(&rig.client(Role::Teller), None).await;
    rig.client(Role::Devices).identify("kiosk-1", &card(CARD)).await.expect("an identity");
    hears(&colleague, &["kiosk-1"]).await;
    let teller = rig.client(Role::Teller);
    teller.receive("kiosk-1").await.expect("received");
    hears(&colleague, &[]).await;
    teller.receive("kiosk-1").await.expect("and so it is for a second one who presses");

    // They take their number with somebody beside them.
    let ticket = takes(&rig, TakeTicket { identity: Some(card(CARD)), ..TakeTicket::default() }).await;
    assert_eq!(arrivals(&rig, Role::Teller).await, []);
    teller.receive(&ticket.number).await.expect("known as received");

    let raw = Raw::to(&rig.url());
    let path = "/api/v1/hall/received";
    raw.post(path, rig.token(Role::Teller), r#"{"about":"V099"}"#).await.is_problem(404, "nobody_to_receive");
    raw.post(path, rig.token(Role::Kiosk), r#"{"about":"V001"}"#).await.is_problem(403, "wrong_role");
    let misspelt = raw.post(path, rig.token(Role::Teller), r#"{"abuot":"V001"}"#).await;
    assert_eq!(misspelt.is_problem(422, "bad_field")["field"], "abuot");
}

#[tokio::test]
async fn a_restart_forgets_nobody_who_has_a_number() {
    let mut rig = Rig::opens_unattended().await;
    let ticket = takes(&rig, TakeTicket { identity: Some(card(CARD)), ..TakeTicket::default() }).await;
    rig.broker_goes_away().await;
    rig.broker_comes_back().await;
    let alarm = arrivals(&rig, Role::Teller).await.remove(0);
    assert_eq!(alarm.text.zh, format!("大客户 {MASKED} 在取号机 kiosk-1（{}），请迎接", ticket.number));
    rig.teller(1).signs_in().await.calls_next().await;
    rig.broker_goes_away().await;
    rig.broker_comes_back().await;
    assert_eq!(arrivals(&rig, Role::Teller).await, []);
}
