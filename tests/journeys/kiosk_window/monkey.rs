//! Somebody touches the real window everywhere, as fast as they can: it lives, finds back to its first page, and every number is
//! somebody's or given up. Beside it another customer has long stopped touching anything.

use std::collections::BTreeSet;

use kiosk::desk::{CORNER_TOUCHES, TOUCH_LIMIT, Touch};
use wire::{EventKind, PrintState, TicketId};

use super::walk::Walk;
use super::*;

/// Between two touches: no hand is faster.
const EVERY: Duration = Duration::from_millis(15);
/// How many touches.
const TOUCHES: u32 = 10_000;
/// More pages back than there are before any.
const PAGES_BACK: usize = 5;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs Xvfb; tests/run has it"]
async fn ten_thousand_touches_everywhere_leave_a_window_that_works_and_one_without_touches_asks_who_is_there() {
    let seed = std::env::var("JIAOHAO_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(|| fastrand::u64(..));
    println!("seed {seed}; again with JIAOHAO_SEED={seed}");
    let mut patient = Walk::begins().await;
    patient.chooses("payment").await;
    let untouched = Instant::now();
    let mut walk = Walk::begins().await;
    // Where back, corner and cards are, whatever page they will be on.
    let (back, corner) = (walk.window.place((130, 1840), PAGE), walk.place_of(&Touch::Corner));

    let mut dice = fastrand::Rng::with_seed(seed);
    let mut touches = 0;
    let mut touch = async |walk: &Walk| {
        let place = (dice.u32(0..PAGE.0), dice.u32(0..PAGE.1));
        walk.visitor.tap(walk.window.place(place, PAGE)).expect("a touch");
        touches += 1;
        tokio::time::sleep(EVERY).await;
        touches
    };
    while untouched.elapsed() < TOUCH_LIMIT {
        touch(&walk).await;
    }

    // Whoever only stood there is asked, and goes on where they were.
    patient.sees_its_page().await;
    assert!(patient.view().still_there_s.is_some(), "it is not asked after {:?}", untouched.elapsed());
    patient.touches(Touch::Stay).await;
    assert_eq!(patient.takes().await.number, "A001");
    drop(patient);

    while touch(&walk).await < TOUCHES {}
    assert!(walk.process.try_wait().expect("a process").is_none(), "seed {seed}: the window is gone");

    // Staff's corner wipes what a customer has chosen, and has a way back of its own.
    walk.expects_the_first_page().await;
    let begun = Instant::now();
    loop {
        for _page in 0..PAGES_BACK {
            walk.visitor.tap(back).expect("a touch");
            tokio::time::sleep(STILL).await;
        }
        for _touch in 0..CORNER_TOUCHES {
            walk.visitor.tap(corner).expect("a touch");
        }
        tokio::time::sleep(STILL).await;
        walk.visitor.tap(back).expect("a touch");
        walk.looks_on();
        match walk.reads_its_page(3 * STILL).await {
            Ok(()) => break,
            Err(_) if begun.elapsed() < 4 * PATIENCE => {}
            Err(alike) => panic!("seed {seed}: {:.1} % of the first page; {}", alike * 100.0, walk.keeps_pictures()),
        }
    }

    // What was asked for is answered, or given up.
    let kiosk_data = walk.home.path().join("kiosk");
    eventually(format!("seed {seed}: nothing is on its way"), async || {
        let left: Vec<_> = fs::read_dir(&kiosk_data).expect("a folder").filter_map(Result::ok).collect();
        let on_its_way = left.iter().any(|entry| entry.file_name().to_string_lossy().contains("pending"));
        if on_its_way { Err(format!("{left:?}")) } else { Ok(()) }
    })
    .await;
    let hall = walk.rig.hall().await;
    let mut left = BTreeSet::<TicketId>::new();
    let (mut numbers, mut given) = (BTreeSet::new(), 0);
    eventually(format!("seed {seed}: the events tell of all who wait"), async || {
        (left, numbers, given) = (BTreeSet::new(), BTreeSet::new(), 0);
        for (_, event) in walk.ears.events() {
            if let EventKind::TicketCancelled { ticket, .. } = &event.kind {
                left.remove(&ticket.id);
            }
            if let EventKind::TicketIssued { ticket, .. } = event.kind {
                given += 1;
                left.insert(ticket.id);
                numbers.insert(ticket.number);
            }
        }
        let waiting: BTreeSet<_> = hall.waiting.iter().map(|ticket| ticket.id).collect();
        if left == waiting { Ok(()) } else { Err(format!("{left:?}, and {waiting:?} wait")) }
    })
    .await;
    println!("{given} numbers, of which {} wait", left.len());
    assert_eq!(numbers.len(), given, "seed {seed}: a number twice");
    for ticket in hall.waiting.iter().filter(|ticket| ticket.print.is_some()) {
        walk.rig.print_becomes(ticket.id, PrintState::Printed).await;
        let papers = walk.rig.printer().tickets();
        let of_it = papers.iter().filter(|paper| paper.text().contains(&ticket.number)).count();
        assert_eq!(of_it, 1, "seed {seed}: {} on paper", ticket.number);
    }
}
