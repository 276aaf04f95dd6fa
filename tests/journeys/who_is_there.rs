//! Who is there: a reader sees a card, the kiosk greets its owner, the number is of their tier, and nothing of the card stays.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use client::{Client, Key};
use hall_tests::{Ears, Outcome, Raw, Rig, Running, Told, eventually};
use jiaohao::access::token_from;
use kiosk::Headless;
use kiosk::desk::Touch;
use kiosk::view::{Guest, Page};
use rustix::process::Signal;
use wire::{Alarm, AlarmKind, IdentityInput, IdentityKind, Passing, PassingKind, Role, TakeTicket, TicketView};

use crate::program;

mod network;

use network::{Mood, NetworkDirectory};

/// Somebody's number, of which nothing may stay anywhere.
const PHONE: &str = "13877415926";
const MASKED: &str = "138****5926";

fn phone(value: &str) -> IdentityInput {
    IdentityInput { kind: IdentityKind::Phone, value: value.to_owned() }
}

/// The wish of somebody a reader has not seen.
fn wish(who: Option<IdentityInput>) -> TakeTicket {
    TakeTicket {
        service: "payment".to_owned(),
        kiosk: Some("kiosk-1".to_owned()),
        identity: who,
        ..TakeTicket::default()
    }
}

/// A hall directory with a configuration, and a list of customers beside it.
struct Place {
    home: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let home = tempfile::tempdir().expect("a directory");
        let place = Self { home };
        fs::create_dir(place.data()).expect("a data directory");
        fs::write(place.data().join("hall.toml"), config::SAMPLE).expect("a configuration");
        place
    }

    fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    fn list(&self, text: &str) -> PathBuf {
        let file = self.home.path().join("customers.csv");
        fs::write(&file, text).expect("a list");
        file
    }

    async fn imports(&self, list: &str, more: &[&str]) -> Outcome {
        let file = self.list(list).display().to_string();
        let data = self.data().display().to_string();
        let outcome = program().run([&["directory", "import", &file, "--data", &data], more].concat()).await;
        for said in [&outcome.stdout, &outcome.stderr] {
            assert!(!said.contains(PHONE) && !said.contains(&PHONE[3..]), "{said}");
        }
        outcome
    }

    fn client(&self, broker: &Running, role: Role) -> Client {
        let token = token_from(&self.data().join("access.toml"), role).expect("the hall's secrets");
        Client::new(broker.url(), &token).expect("an address")
    }
}

/// Every file below a directory.
fn files(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).expect("a directory").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

fn assert_nothing_stays(dir: &Path) {
    let all = files(dir);
    for path in &all {
        let bytes = fs::read(path).expect("a file");
        // Without its first three digits, which stay in the masked form, and also as a number in a JSON text has them.
        let found = bytes.windows(8).any(|part| part == &PHONE.as_bytes()[3..]);
        assert!(!found, "{} has the number", path.display());
    }
    assert!(all.len() >= 4, "{all:?}");
}

async fn ticket_taken_at(kiosk: &mut Headless, client: &Client) -> TicketView {
    kiosk.touch(Touch::Choose("payment".to_owned()));
    kiosk.touch(Touch::Confirm);
    let page = kiosk.until(|page| matches!(page, Page::Ticket(_))).await.expect("a number");
    kiosk.touch(Touch::Done);
    let Page::Ticket(shown) = page else { unreachable!("it was waited for") };
    let hall = client.hall().await.expect("the hall");
    hall.waiting.into_iter().find(|ticket| ticket.number == shown.number).expect("the ticket waits")
}

#[tokio::test]
async fn a_card_that_a_reader_sees_gives_a_number_of_its_owner_s_tier_and_leaves_no_trace() {
    let place = Place::new();
    let list = format!("kind,value,tier,level\ncard,{PHONE},vip,钻石卡\ncard,8810000123,ordinary,\n");
    let tried = place.imports(&list, &["--dry-run"]).await;
    assert_eq!((tried.code, place.data().join("directory.bin").exists()), (Some(0), false), "{tried:?}");
    let imported = place.imports(&list, &[]).await;
    assert_eq!(imported.code, Some(0), "{imported:?}");
    assert!(imported.stdout.contains(&format!("card {MASKED} → vip 钻石卡")), "{}", imported.stdout);

    let mut broker = program().start(&place.data(), ["broker", "--listen", "127.0.0.1:0"]).await;
    let supervisor = place.client(&broker, Role::Supervisor);
    let (manager, window) =
        (Ears::open(&supervisor, None).await, Ears::open(&place.client(&broker, Role::Teller), None).await);
    let mut kiosk = Headless::start(place.client(&broker, Role::Kiosk), "kiosk-1", &place.data()).expect("a kiosk");
    kiosk.until(|page| matches!(page, Page::Welcome(page) if !page.cards.is_empty())).await.expect("the cards");

    // The reader's host says whom it has seen; the kiosk greets them and takes their number.
    let reader = place.client(&broker, Role::Devices);
    let card = |value: &str| IdentityInput { kind: IdentityKind::Card, value: value.to_owned() };
    reader.identify("kiosk-1", &card("138 7741 5926")).await.expect("an identity");
    assert_eq!(kiosk.until_greeted().await.expect("a greeting"), Guest::Honoured("大客户".to_owned()));
    let ticket = ticket_taken_at(&mut kiosk, &supervisor).await;
    assert_eq!((ticket.tier.as_str(), ticket.identity.as_deref()), ("vip", Some(MASKED)));
    let next = ticket_taken_at(&mut kiosk, &supervisor).await;
    assert_eq!((next.tier.as_str(), next.identity), ("ordinary", None), "the next customer is somebody else");

    // Managers hear it, tellers do not: they are told to receive somebody, and not the key to a number.
    let heard = |told: &Told| match told {
        Told::Passing(Passing { kind: PassingKind::CustomerIdentified { masked, tier, level, .. }, .. }) => {
            assert_eq!((masked.as_str(), tier.as_str(), level.as_deref()), (MASKED, "vip", Some("钻石卡")));
            true
        }
        Told::Passing(_) | Told::Connected | Told::Event(..) | Told::Lost | Told::Stale => false,
    };
    assert_eq!(manager.heard().iter().filter(|told| heard(told)).count(), 1);
    assert!(!window.heard().iter().any(heard));
    let told = |ears: &Ears, wanted: fn(&PassingKind) -> bool| {
        ears.heard().into_iter().find_map(|told| match told {
            Told::Passing(passing) if wanted(&passing.kind) => Some(passing),
            Told::Passing(_) | Told::Connected | Told::Event(..) | Told::Lost | Told::Stale => None,
        })
    };
    let identified = told(&manager, |kind| matches!(kind, PassingKind::CustomerIdentified { staff_told: true, .. }));
    let arrived = told(&window, |kind| matches!(kind, PassingKind::ArrivalsChanged { .. })).expect("tellers are told");
    let after = arrived.at.duration_since(identified.expect("and the kiosk knows").at);
    assert!(after.as_secs_f64().abs() < 1.0, "{after:?}");
    let PassingKind::ArrivalsChanged { arrivals } = arrived.kind else { unreachable!("it was looked for") };
    assert_eq!(arrivals[0].text.zh, format!("大客户（钻石卡）{MASKED} 在取号机 kiosk-1，请迎接"));

    // The list goes before the ranges of numbers, and a new one is taken up while the hall is open.
    let at_kiosk = place.client(&broker, Role::Kiosk);
    let tier_of = async |who: IdentityInput| {
        at_kiosk.take_ticket(&Key::new(), &wish(Some(who))).await.expect("a number").ticket.tier
    };
    assert_eq!(tier_of(card("8810000123")).await, "ordinary");
    assert_eq!(tier_of(card("8810000124")).await, "gotone");
    assert_eq!(place.imports("kind,value,tier\ncard,8810000124,vip\n", &[]).await.code, Some(0));
    eventually("the new list is taken up", async || {
        let tier = tier_of(card("8810000124")).await;
        if tier == "vip" { Ok(()) } else { Err(tier) }
    })
    .await;
    assert_eq!(tier_of(card("8810000123")).await, "gotone");

    // A list with mistakes changes nothing.
    let before = fs::read(place.data().join("directory.bin")).expect("the list");
    let bad = place.imports(&format!("kind,value,tier\nphone,{PHONE},platinum\nphone,12,vip\n"), &[]).await;
    assert_eq!(bad.code, Some(2), "{bad:?}");
    for told in
        ["customers.csv:2:19: unknown tier \"platinum\"; the hall has vip, gotone, ordinary", "customers.csv:3:7: "]
    {
        assert!(bad.stderr.contains(told), "{}", bad.stderr);
    }
    assert_eq!(fs::read(place.data().join("directory.bin")).expect("the list"), before);

    fs::remove_file(place.home.path().join("customers.csv")).expect("the import is over");
    drop((manager, window, kiosk));
    broker.ends_on(Signal::TERM, Duration::from_secs(20)).await;
    assert!(broker.log().contains("identified a customer"), "{}", broker.log());
    assert_nothing_stays(place.home.path());
}

#[tokio::test]
async fn a_key_is_good_for_one_number_at_its_kiosk_and_whoever_comes_late_gets_a_number_all_the_same() {
    let rig = Rig::opens_unattended().await;
    let ears = Ears::open(&rig.client(Role::Kiosk), None).await;
    let keys = async |count: usize| {
        eventually("the kiosk hears who is there", async || {
            let key = |told| match told {
                Told::Passing(Passing { kind: PassingKind::CustomerIdentified { key, .. }, .. }) => Some(key),
                Told::Passing(_) | Told::Connected | Told::Event(..) | Told::Lost | Told::Stale => None,
            };
            let keys: Vec<String> = ears.heard().into_iter().filter_map(key).collect();
            if keys.len() == count { Ok(keys) } else { Err(format!("{keys:?}")) }
        })
        .await
    };
    let gold = IdentityInput { kind: IdentityKind::Card, value: "8801-0000-1234".to_owned() };
    let reader = rig.client(Role::Devices);
    for _ in 0..2 {
        reader.identify("kiosk-1", &gold).await.expect("an identity");
    }
    let keys = keys(2).await;
    assert_ne!(keys[0], keys[1]);
    let with = |key: &str, kiosk: Option<&str>| TakeTicket {
        identified: Some(key.to_owned()),
        kiosk: kiosk.map(str::to_owned),
        ..wish(None)
    };
    let taken = async |request: &Key, wish: &TakeTicket| {
        let issued = rig.client(Role::Kiosk).take_ticket(request, wish).await.expect("a number");
        rig.ticket(issued.ticket.id).await
    };
    let seen = |ticket: &TicketView| (ticket.tier.clone(), ticket.identity.clone());
    let (vip, nobody) = (("vip".to_owned(), Some("880*****1234".to_owned())), ("ordinary".to_owned(), None));

    assert_eq!(seen(&taken(&Key::new(), &with(&keys[0], None)).await), nobody, "from nowhere");
    let request = Key::new();
    let first = taken(&request, &with(&keys[0], Some("kiosk-1"))).await;
    assert_eq!(seen(&first), vip);
    assert_eq!(taken(&request, &with(&keys[0], Some("kiosk-1"))).await.id, first.id, "the same request");
    assert_eq!(seen(&taken(&Key::new(), &with(&keys[0], Some("kiosk-1"))).await), nobody, "once");
    rig.pass(Duration::from_secs(31 * 60));
    assert_eq!(seen(&taken(&Key::new(), &with(&keys[1], Some("kiosk-1"))).await), nobody, "too late");

    // What is wrong is told to whoever wrote the client, and without the number.
    let raw = Raw::to(&rig.url());
    let path = "/api/v1/kiosks/kiosk-1/identity";
    let body = |value: &str| format!(r#"{{"kind":"phone","value":"{value}"}}"#);
    raw.post("/api/v1/kiosks/nobody/identity", rig.token(Role::Devices), body(PHONE))
        .await
        .is_problem(404, "unknown_kiosk");
    let bad = raw.post(path, rig.token(Role::Devices), body("1387741592x")).await;
    assert_eq!(bad.is_problem(422, "bad_field")["field"], "value");
    assert!(bad.text.contains("5 to 20 digits") && !bad.text.contains("1592"), "{}", bad.text);
    raw.post(path, rig.token(Role::Teller), body(PHONE)).await.is_problem(403, "wrong_role");
    let both = r#"{"service":"payment","identified":"k","identity":{"kind":"phone","value":"13877415926"}}"#;
    let both = raw.post("/api/v1/tickets", rig.token(Role::Kiosk), both).await;
    assert_eq!(both.is_problem(422, "bad_field")["field"], "identified");
}

/// The hall, with a directory in its network that wants a token.
async fn hall_that_asks(directory: &NetworkDirectory) -> Rig {
    Rig::opens_like_the_sample_but(|sample| {
        let url = format!("url = \"{}\"\ntoken_file = \"{}\"", directory.url(), directory.token_file());
        sample
            .replace("# url = \"http://192.168.1.20:8090/tier\"", &url)
            .replace("timeout_ms = 800", "timeout_ms = 400")
    })
    .await
}

async fn tier_of(rig: &Rig, value: &str) -> String {
    let begun = Instant::now();
    let ticket = rig.takes(&wish(Some(phone(value)))).await;
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?} for {value}", begun.elapsed());
    ticket.tier
}

fn silence(alarms: Vec<Alarm>) -> Option<Alarm> {
    alarms.into_iter().find(|alarm| alarm.kind == AlarmKind::Directory)
}

#[tokio::test]
async fn a_directory_in_the_network_is_asked_once_for_a_while_and_its_word_goes_before_number_ranges() {
    let directory = NetworkDirectory::opens(Mood::Knows).await;
    let rig = hall_that_asks(&directory).await;
    assert_eq!(tier_of(&rig, "+86 138 0000 0001").await, "vip");
    let asked = directory.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].body, r#"{"kind":"phone","value":"13800000001"}"#);
    assert!(asked[0].head.starts_with("POST /tier HTTP/1.1\r\n"), "{}", asked[0].head);
    assert!(asked[0].head.to_lowercase().contains("authorization: bearer of-the-directory"), "{}", asked[0].head);
    // Both answers are remembered, who is there and who is not.
    assert_eq!(tier_of(&rig, "13800000001").await, "vip");
    assert_eq!(tier_of(&rig, "13700000000").await, "ordinary");
    assert_eq!(tier_of(&rig, "13700000000").await, "ordinary");
    assert_eq!(directory.asked().len(), 2);
    rig.pass(Duration::from_secs(601));
    assert_eq!(tier_of(&rig, "13800000001").await, "vip");
    assert_eq!(directory.asked().len(), 3);
    // Whoever it does not know may still be known by how the number begins.
    let card = IdentityInput { kind: IdentityKind::Card, value: "88100001".to_owned() };
    assert_eq!(rig.takes(&wish(Some(card))).await.tier, "gotone");
    assert_eq!(silence(rig.alarms().await), None);
}

#[tokio::test]
async fn a_directory_that_fails_holds_nobody_up_and_is_told_until_it_answers_again() {
    let directory = NetworkDirectory::opens(Mood::Slow).await;
    let rig = hall_that_asks(&directory).await;
    for (value, mood) in [("13800000001", Mood::Slow), ("13800000002", Mood::Fails), ("13800000003", Mood::Garbles)] {
        assert_eq!(silence(rig.alarms().await), None, "not after one or two");
        directory.is(mood);
        assert_eq!(tier_of(&rig, value).await, "ordinary");
    }
    let alarm = silence(rig.alarms().await).expect("an alarm");
    assert!(alarm.text.zh.contains("取号照常") && alarm.text.en.contains("[directory] in hall.toml"), "{alarm:?}");

    // It is left alone: nobody waits for it any more.
    directory.is(Mood::Slow);
    let begun = Instant::now();
    for value in ["13800000004", "13800000005", "13800000006"] {
        assert_eq!(tier_of(&rig, value).await, "ordinary");
    }
    assert!(begun.elapsed() < Duration::from_millis(1200), "{:?}", begun.elapsed());
    assert_eq!(directory.asked().len(), 3);

    // One customer tries it after half a minute; when it answers, all is well.
    rig.pass(Duration::from_secs(31));
    assert_eq!(tier_of(&rig, "13800000007").await, "ordinary");
    assert_eq!(directory.asked().len(), 4);
    assert!(silence(rig.alarms().await).is_some());
    directory.is(Mood::Knows);
    rig.pass(Duration::from_secs(31));
    assert_eq!(tier_of(&rig, "13800000001").await, "vip");
    assert_eq!(silence(rig.alarms().await), None);
}

#[tokio::test]
async fn a_list_that_was_damaged_is_told_and_numbers_go_on() {
    let rig = Rig::opens_unattended().await;
    fs::write(rig.data().join("directory.bin"), "no list").expect("a file");
    let alarm = eventually("the list is found damaged", async || silence(rig.alarms().await).ok_or_else(String::new));
    let alarm = alarm.await;
    assert!(alarm.about == "directory.bin" && alarm.text.zh.contains("重新导入"), "{alarm:?}");
    assert_eq!(tier_of(&rig, PHONE).await, "ordinary");
    fs::remove_file(rig.data().join("directory.bin")).expect("a file");
    eventually("all is well without it", async || match silence(rig.alarms().await) {
        None => Ok(()),
        Some(alarm) => Err(format!("{alarm:?}")),
    })
    .await;
}
