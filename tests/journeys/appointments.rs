//! Somebody has booked a time, and comes too early, in time, too late, twice, and on another day; the broker is killed between.

use std::path::Path;
use std::time::Duration;

use client::{Client, Key};
use hall_tests::{Ears, Raw, Rig, Told, eventually};
use jiaohao::access::token_from;
use wire::{
    Appointment, AppointmentStanding, BookAppointment, EventKind, FindAppointment, IdentityInput, IdentityKind,
    Passing, PassingKind, PrintState, Problem, Role, SignIn, TakeTicket,
};

use crate::program;

const MINUTE: Duration = Duration::from_secs(60);
/// From the morning on which a rig opens to the small hours of the next, when the day has changed.
const NIGHT: Duration = Duration::from_secs(19 * 3600);
const KIOSK: &str = "kiosk-1";

/// A customer at the kiosk takes a number, with an appointment if they have one.
fn wish(appointment: Option<&str>) -> TakeTicket {
    TakeTicket {
        service: "payment".to_owned(),
        appointment: appointment.map(str::to_owned),
        kiosk: Some(KIOSK.to_owned()),
        ..TakeTicket::default()
    }
}

async fn booked(client: &Client, at_ms: i64, tier: Option<&str>) -> Appointment {
    let at = wire::event::timestamp(at_ms);
    let book = BookAppointment { service: "payment".to_owned(), at, tier: tier.map(str::to_owned) };
    client.book_appointment(&Key::new(), &book).await.expect("an appointment")
}

async fn looks_up(kiosk: &Client, code: &str) -> Result<Appointment, Problem> {
    let found = kiosk.find_appointment(KIOSK, &FindAppointment { code: code.to_owned() }).await;
    found.map_err(|error| error.refusal().expect("a refusal").clone())
}

async fn is_refused(kiosk: &Client, wish: &TakeTicket) -> Problem {
    let refused = kiosk.take_ticket(&Key::new(), wish).await.expect_err("a refusal");
    refused.refusal().expect("a refusal").clone()
}

fn client(url: &str, data: &Path, role: Role) -> Client {
    let token = token_from(&data.join("access.toml"), role).expect("the hall's secrets");
    Client::new(url, &token).expect("an address")
}

fn pin(data: &Path, teller: &str) -> String {
    let text = std::fs::read_to_string(data.join("access.toml")).expect("the hall's secrets");
    let secrets: toml::Table = text.parse().expect("TOML");
    secrets["pin"][teller].as_str().expect("a PIN").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_appointment_outlives_the_death_of_the_broker_and_is_good_for_one_number() {
    let home = tempfile::tempdir().expect("a temporary directory");
    let data = home.path().join("hall");
    let broker = program().start(&data, ["broker", "--listen", "127.0.0.1:0"]).await;
    let (url, address) = (broker.url().to_owned(), broker.address().to_owned());
    let (elsewhere, kiosk) = (client(&url, &data, Role::Integrator), client(&url, &data, Role::Kiosk));
    let supervisor = client(&url, &data, Role::Supervisor);

    // Booked by another system, once, however often it asks with the same key.
    let now_ms = supervisor.hall().await.expect("the hall").now.as_millisecond();
    let (key, at) = (Key::new(), wire::event::timestamp(now_ms + 2000));
    let book = BookAppointment { service: "payment".to_owned(), at, tier: None };
    let near = elsewhere.book_appointment(&key, &book).await.expect("an appointment");
    let again = elsewhere.book_appointment(&key, &book).await.expect("the same");
    assert_eq!(again.code, near.code);
    assert!(near.code.len() == 6 && near.code.bytes().all(|byte| byte.is_ascii_digit()), "{}", near.code);
    let far = booked(&elsewhere, now_ms + 45 * 60_000, None).await;
    let both: Vec<String> = supervisor.appointments().await.expect("a list").into_iter().map(|one| one.code).collect();
    assert_eq!(both, [near.code.clone(), far.code.clone()]);

    // Who comes too early is told from when, and has lost nothing.
    assert_eq!(looks_up(&kiosk, &far.code).await.expect("it").standing, AppointmentStanding::Early);
    let early = is_refused(&kiosk, &wish(Some(&far.code))).await;
    assert_eq!((early.kind.as_str(), early.status), ("appointment_early", 409));
    assert!(early.title.contains("起可取号") && early.detail.is_some_and(|detail| detail.contains("too early")));

    broker.is_killed().await;
    let broker = program().start(&data, ["broker", "--listen", address.as_str()]).await;
    assert_eq!(looks_up(&kiosk, &near.code).await.expect("it").standing, AppointmentStanding::Due);
    eventually("the booked time has come", async || {
        let now = supervisor.hall().await.map_err(|error| error.to_string())?.now;
        if now > near.at { Ok(()) } else { Err(now.to_string()) }
    })
    .await;
    let walked_in = kiosk.take_ticket(&Key::new(), &wish(None)).await.expect("a number").ticket;
    let key = Key::new();
    let kept = kiosk.take_ticket(&key, &wish(Some(&near.code))).await.expect("a number").ticket;
    assert_eq!(kept.booked_at, Some(near.at));

    broker.is_killed().await;
    let broker = program().start(&data, ["broker", "--listen", address.as_str()]).await;
    let retried = kiosk.take_ticket(&key, &wish(Some(&near.code))).await.expect("the same number").ticket;
    assert_eq!((retried.id, &retried.number), (kept.id, &kept.number));
    let twice = is_refused(&kiosk, &wish(Some(&near.code))).await;
    assert_eq!((twice.kind.as_str(), twice.title.as_str()), ("appointment_used", "该预约已取过号"));
    assert_eq!(looks_up(&kiosk, &near.code).await.expect("it").standing, AppointmentStanding::Used);

    // Whoever kept their time is called before those who came after it.
    let teller = client(&url, &data, Role::Teller);
    let sign_in = SignIn { teller: "1003".to_owned(), pin: pin(&data, "1003") };
    teller.sign_in(3, &Key::new(), &sign_in).await.expect("signing in");
    for number in [&kept.number, &walked_in.number] {
        let called = teller.call_next(3, &Key::new()).await.expect("a call").expect("somebody who waits");
        assert_eq!(called.ticket.number, *number);
    }
    broker.is_killed().await;
    let verified = program().run([Path::new("verify"), Path::new("--data"), &data]).await;
    assert_eq!(verified.code, Some(0), "{verified:?}");
}

#[tokio::test]
async fn an_appointment_is_there_on_its_day_and_gone_on_the_next() {
    let mut rig = Rig::opens_unattended().await;
    let (supervisor, kiosk) = (rig.client(Role::Supervisor), rig.client(Role::Kiosk));
    let today = booked(&supervisor, rig.now_ms() + 10 * 60_000, None).await;
    let tomorrow = booked(&supervisor, rig.now_ms() + (24 * 60 + 30) * 60_000, Some("gotone")).await;
    let called_off = booked(&supervisor, rig.now_ms() + (24 * 60 + 30) * 60_000, None).await;
    let cancelled = supervisor.cancel_appointment(&called_off.code, &Key::new()).await.expect("called off");
    assert_eq!(cancelled.standing, AppointmentStanding::Cancelled);
    let early = is_refused(&kiosk, &wish(Some(&tomorrow.code))).await;
    assert!(early.title.contains("2026-11-24 09:30"), "{}", early.title);

    // A quarter of an hour after the booked time it still counts, and then no more.
    rig.pass(25 * MINUTE);
    assert_eq!(looks_up(&kiosk, &today.code).await.expect("it").standing, AppointmentStanding::Due);
    rig.pass(Duration::from_millis(1));
    assert_eq!(looks_up(&kiosk, &today.code).await.expect("it").standing, AppointmentStanding::Late);
    let (walked_in, late) = (rig.takes(&wish(None)).await, rig.takes(&wish(Some(&today.code))).await);
    assert_eq!((walked_in.ahead, late.ahead), (0, 1), "as if they had not booked");

    rig.pass(NIGHT);
    rig.until("a new day", async || {
        let day = rig.hall().await.day;
        if day.as_deref() == Some("2026-11-24") { Ok(()) } else { Err(format!("{day:?}")) }
    })
    .await;
    rig.broker_goes_away().await;
    rig.broker_comes_back().await;
    let left: Vec<String> = supervisor.appointments().await.expect("a list").into_iter().map(|one| one.code).collect();
    assert_eq!(left, std::slice::from_ref(&tomorrow.code));
    let unknown = looks_up(&kiosk, &today.code).await.expect_err("it was yesterday's");
    assert_eq!((unknown.kind.as_str(), unknown.status), ("unknown_appointment", 404));
    assert_eq!(unknown.title, "没有这个预约，请核对预约码");
    rig.pass(5 * 60 * MINUTE);
    let kept = rig.takes(&wish(Some(&tomorrow.code))).await;
    assert_eq!((kept.number.as_str(), kept.tier.as_str()), ("G001", "gotone"));

    // A customer who leaves before the answer came has not used it up.
    supervisor.cancel(kept.id, &Key::new()).await.expect("given up");
    assert_eq!(looks_up(&kiosk, &tomorrow.code).await.expect("it").standing, AppointmentStanding::Due);
}

#[tokio::test]
async fn who_tries_many_codes_at_a_kiosk_has_to_wait_and_who_shows_a_right_one_is_known() {
    let rig = Rig::opens_unattended().await;
    let ears = Ears::open(&rig.client(Role::Kiosk), None).await;
    let screen = Ears::open(&rig.client(Role::Screen), None).await;
    let (supervisor, kiosk) = (rig.client(Role::Supervisor), rig.client(Role::Kiosk));
    let right = booked(&supervisor, rig.now_ms() + 60_000, Some("gotone")).await;

    let shown = IdentityInput { kind: IdentityKind::Code, value: right.code.clone() };
    rig.client(Role::Devices).identify(KIOSK, &shown).await.expect("an identity");
    let (known, tier) = eventually("the kiosk hears of the appointment", async || {
        let told = |told: &Told| match told {
            Told::Passing(Passing { kind: PassingKind::CustomerIdentified { appointment, tier, .. }, .. }) => {
                appointment.clone().map(|appointment| (appointment, tier.clone()))
            }
            Told::Passing(_) | Told::Connected | Told::Event(..) | Told::Lost | Told::Stale => None,
        };
        let heard = ears.heard();
        heard.iter().find_map(told).ok_or_else(|| format!("{heard:?}"))
    })
    .await;
    assert_eq!((known.code.as_str(), known.standing), (right.code.as_str(), AppointmentStanding::Due));
    assert_eq!(tier, "gotone");
    // The hall's screens hear that a time was booked, and not the code.
    eventually("the screen hears of a booking", async || {
        let events = screen.events();
        let booked = |kind: &EventKind| matches!(kind, EventKind::AppointmentBooked { .. });
        if events.iter().any(|(_, event)| booked(&event.kind)) { Ok(()) } else { Err(format!("{events:?}")) }
    })
    .await;
    assert!(!format!("{:?}", screen.heard()).contains(&right.code));

    let wrong = if right.code == "000000" { "000001" } else { "000000" };
    for _ in 0..10 {
        assert_eq!(looks_up(&kiosk, wrong).await.expect_err("no appointment").status, 404);
    }
    let raw = Raw::to(&rig.url());
    let find = format!(r#"{{"code":"{}"}}"#, right.code);
    let path = format!("/api/v1/kiosks/{KIOSK}/appointment");
    let refused = raw.post(&path, rig.token(Role::Kiosk), find.as_str()).await;
    refused.is_problem(429, "throttled");
    assert_eq!(refused.retry_after, Some(60));
    assert_eq!(is_refused(&kiosk, &wish(Some(&right.code))).await.status, 429, "nor by taking a number");
    kiosk.take_ticket(&Key::new(), &wish(None)).await.expect("others get their number");
    rig.pass(MINUTE);
    assert_eq!(looks_up(&kiosk, &right.code).await.expect("it").standing, AppointmentStanding::Due);
    assert_eq!(is_refused(&kiosk, &wish(Some(wrong))).await.kind, "unknown_appointment");
}

#[tokio::test]
async fn who_goes_without_paper_gets_none_until_staff_print_it() {
    let rig = Rig::opens().await;
    let paperless = rig.takes(&TakeTicket { paperless: true, ..wish(None) }).await;
    assert!(paperless.print.is_none() && paperless.url.is_some(), "{paperless:?}");
    assert_eq!(rig.client(Role::Devices).print_jobs(None).await.expect("the jobs"), []);
    assert_eq!(rig.ticket(paperless.id).await.print, None);
    rig.reprints(paperless.id).await;
    rig.print_becomes(paperless.id, PrintState::Printed).await;
    let paper = rig.papers(1).await.remove(0);
    assert!(paper.text().contains(&paperless.number) && paper.text().contains("补打"), "{}", paper.text());
}

#[tokio::test]
async fn a_kiosk_and_its_paper_greet_on_the_weekend_and_a_quota_by_the_hour_ends_with_the_hour() {
    let quota = "typical_min = 3\nquota = [ { from = \"09:00\", until = \"11:00\", numbers = 1 } ]";
    let rig = Rig::opens_like_the_sample_but(|sample| sample.replacen("typical_min = 3", quota, 1)).await;
    let kiosk = rig.client(Role::Kiosk);
    let settings = kiosk.kiosk(KIOSK).await.expect("the settings");
    assert_eq!((settings.greeting, settings.news.len(), settings.groups.len()), (None, 1, 3));
    assert_eq!((settings.identify.len(), settings.care, settings.paperless), (5, true, true));

    let payment = async || {
        let offers = kiosk.services().await.expect("the services");
        offers.into_iter().find(|offer| offer.id == "payment").expect("payment")
    };
    assert_eq!(payment().await.quota_left, Some(1));
    rig.takes_number_only("payment").await;
    let closed = payment().await;
    assert_eq!((closed.open, closed.quota_left), (false, Some(0)));
    assert_eq!(closed.closed_because.as_deref(), Some("本时段号票已发完，11:00 起可取下一时段"));
    assert_eq!(closed.closed_short.as_deref(), Some("11:00 起可取"), "on its card");
    assert_eq!(is_refused(&kiosk, &wish(None)).await.kind, "window_exhausted");
    rig.pass(90 * MINUTE);
    assert_eq!((payment().await.open, payment().await.quota_left), (true, None));

    // From Monday to Saturday.
    rig.pass(5 * 24 * 60 * MINUTE);
    rig.until("Saturday", async || {
        let day = rig.hall().await.day;
        if day.as_deref() == Some("2026-11-28") { Ok(()) } else { Err(format!("{day:?}")) }
    })
    .await;
    let greeting = kiosk.kiosk(KIOSK).await.expect("the settings").greeting.expect("a greeting");
    assert_eq!((greeting.zh.as_str(), greeting.en.as_str()), ("周末愉快", "Have a nice weekend"));
    rig.takes_ticket("enquiry").await;
    let paper = rig.papers(1).await.remove(0);
    assert!(paper.text().contains("周末愉快"), "{}", paper.text());
}
