//! What is typed on the real window's keys, digit by digit: a mobile number, of which nothing stays, and an appointment's code.

use client::Key;
use kiosk::desk::Touch;
use wire::{BookAppointment, Care, IdentifyBy};

use super::walk::Walk;
use super::*;

/// Somebody's number, of which nothing may stay anywhere.
const PHONE: &str = "13877415926";
const MASKED: &str = "138****5926";

/// The sample, in which numbers that begin like this are a VIP's.
fn with_vip_phones(sample: String) -> String {
    let cards = "{ kind = \"card\", begins = [\"8801\", \"8802\", \"8803\"] }";
    let changed = sample.replacen(cards, &format!("{cards}, {{ kind = \"phone\", begins = [\"1387\"] }}"), 1);
    assert_ne!(changed, sample, "the sample's VIPs are written otherwise");
    changed
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    let below = entries.flat_map(|entry| {
        let kind = entry.file_type().expect("a kind of file");
        if kind.is_dir() {
            files(&entry.path())
        } else if kind.is_file() {
            vec![entry.path()]
        } else {
            Vec::new()
        }
    });
    below.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Xvfb; tests/run has it"]
async fn a_typed_number_is_greeted_gets_a_number_of_its_tier_and_leaves_no_trace() {
    let mut walk = Walk::begins_where(with_vip_phones).await;
    walk.touches(Touch::Who).await;
    walk.touches(Touch::Way(IdentifyBy::Phone)).await;
    // One digit is wrong at first.
    walk.types(&format!("{}7", &PHONE[..10])).await;
    walk.touches_all(&[Touch::Erase, Touch::Digit(6)]).await;
    walk.holds(Touch::Reveal(true), Touch::Reveal(false)).await;
    walk.touches(Touch::Enter).await;
    let guest = walk.sees_a_guest().await;
    assert_eq!(guest, kiosk::view::Guest::Honoured("大客户".to_owned()));
    walk.chooses("payment").await;
    let ticket = walk.takes().await;
    assert_eq!((ticket.number.as_str(), ticket.tier.as_str()), ("V001", "vip"));
    assert_eq!(ticket.identity.as_deref(), Some(MASKED));
    walk.has_paper(&ticket, 1).await;
    walk.touches(Touch::Done).await;
    // Without the three digits that stay in the masked form.
    let secret = &PHONE.as_bytes()[3..];
    let files: Vec<_> = [walk.rig.data(), walk.home.path()].into_iter().flat_map(files).collect();
    for path in &files {
        let found = fs::read(path).expect("a file").windows(secret.len()).any(|part| part == secret);
        assert!(!found, "{} has the number", path.display());
    }
    assert!(files.iter().any(|path| path.ends_with("kiosk.log")) && files.len() > 3, "{files:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Xvfb; tests/run has it"]
async fn a_code_of_an_appointment_counts_from_the_booked_time_and_who_asks_for_care_comes_first() {
    let mut walk = Walk::begins().await;
    let at = wire::event::timestamp(walk.rig.now_ms() + 60_000);
    let book = BookAppointment { service: "payment".to_owned(), at, tier: None };
    let booked = walk.rig.client(Role::Supervisor).book_appointment(&Key::new(), &book).await.expect("booked");
    walk.touches(Touch::Who).await;
    walk.touches(Touch::Way(IdentifyBy::Appointment)).await;
    walk.types(&booked.code).await;
    let ticket = walk.takes().await;
    assert_eq!((ticket.service.as_str(), ticket.booked_at), ("payment", Some(at)));
    walk.touches(Touch::Done).await;

    walk.touches(Touch::Who).await;
    walk.touches(Touch::CareWay).await;
    walk.touches(Touch::Care(Care::Elderly)).await;
    walk.chooses("payment").await;
    let cared = walk.takes().await;
    assert_eq!((cared.care, cared.identity), (Some(Care::Elderly), None));
}
