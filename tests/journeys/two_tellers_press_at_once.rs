//! Eight counters call at the same instant, by page and by keypad: nobody is called to two counters, no counter has two.

use std::collections::BTreeSet;

use client::{Error, Key};
use device_sim::Key as Pressed;
use hall_tests::Rig;
use tokio::task::JoinSet;
use wire::{Role, TakeTicket, TicketState};

const ROUNDS: usize = 30;

#[tokio::test]
async fn eight_counters_call_at_once_and_nobody_is_called_twice() {
    let rig = Rig::opens_unattended().await;
    for counter in 1..=8 {
        rig.teller(counter).signs_in().await;
    }
    let mut called_ever = BTreeSet::new();
    for round in 0..ROUNDS {
        // One for each counter, of a tier and service that it takes: 缴费 is done everywhere.
        for counter in 1..=8 {
            let tier = match counter {
                1 => Some("vip".to_owned()),
                2 => Some("gotone".to_owned()),
                _ => None,
            };
            rig.takes(&TakeTicket { service: "payment".to_owned(), tier, ..TakeTicket::default() }).await;
        }
        let mut calls = JoinSet::new();
        for counter in 1..=8 {
            let client = rig.client(Role::Teller);
            calls.spawn(async move { (counter, client.call_next(counter, &Key::new()).await) });
        }
        let mut called_now = BTreeSet::new();
        while let Some(called) = calls.join_next().await {
            let (counter, called) = called.expect("a call that ended");
            let called =
                called.expect("an answer").unwrap_or_else(|| panic!("round {round}: counter {counter} got nobody"));
            assert_eq!(called.ticket.counter, Some(counter));
            assert!(called_now.insert(called.ticket.id), "round {round}: {} is at two counters", called.ticket.number);
            assert!(called_ever.insert(called.ticket.id), "round {round}: {} was called before", called.ticket.number);
        }
        let hall = rig.hall().await;
        let at_counters: BTreeSet<_> =
            hall.counters.iter().filter_map(|view| view.ticket.as_ref()).map(|one| one.id).collect();
        assert_eq!(at_counters, called_now, "round {round}");
        assert!(hall.waiting.is_empty(), "round {round}: {:?}", hall.waiting);
    }
    assert_eq!(called_ever.len(), 8 * ROUNDS);
}

#[tokio::test]
async fn fewer_customers_than_counters_go_to_one_counter_each() {
    let rig = Rig::opens_unattended().await;
    for counter in 3..=8 {
        rig.teller(counter).signs_in().await;
    }
    for _ in 0..ROUNDS {
        rig.takes_number_only("payment").await;
        let mut calls = JoinSet::new();
        for counter in 3..=8 {
            let client = rig.client(Role::Teller);
            calls.spawn(async move { client.call_next(counter, &Key::new()).await });
        }
        let mut called = 0;
        while let Some(call) = calls.join_next().await {
            // Counters that just completed their last customer answer with nobody.
            called += usize::from(call.expect("a call that ended").expect("an answer").is_some());
        }
        assert_eq!(called, 1);
    }
}

#[tokio::test]
async fn one_ticket_asked_for_by_two_counters_goes_to_one() {
    let rig = Rig::opens_unattended().await;
    let counters = [3, 4];
    for counter in counters {
        rig.teller(counter).signs_in().await;
    }
    for _ in 0..ROUNDS {
        let ticket = rig.takes_number_only("payment").await;
        let mut calls = JoinSet::new();
        for counter in counters {
            let client = rig.client(Role::Teller);
            calls.spawn(async move { (counter, client.call(counter, &Key::new(), ticket.id).await) });
        }
        let mut won = Vec::new();
        while let Some(call) = calls.join_next().await {
            match call.expect("a call that ended") {
                (counter, Ok(_)) => won.push(counter),
                (_, Err(Error::Refused(problem))) => {
                    assert_eq!((problem.status, problem.kind.as_str()), (409, "wrong_state"))
                }
                (_, Err(error)) => panic!("{error}"),
            }
        }
        assert_eq!(won.len(), 1);
        assert_eq!(rig.ticket(ticket.id).await.counter, Some(won[0]));
        rig.teller(won[0]).completes().await;
    }
}

#[tokio::test]
async fn keypad_and_page_of_one_counter_pressed_at_once_leave_it_with_one_ticket() {
    let rig = Rig::opens().await;
    let teller = rig.teller(3).signs_in().await;
    let mut issued = 0;
    for round in 0..10 {
        for _ in 0..2 {
            rig.takes_number_only("payment").await;
            issued += 1;
        }
        rig.keypad(3).press(Pressed::Call);
        let by_page = teller.calls_next().await.ticket.id;
        // Both presses count: the second completes the first one's customer and calls the next.
        rig.until(format!("round {round}: both calls are done and the key is acknowledged"), async || {
            let (waiting, keypad) = (rig.hall().await.waiting.len(), rig.keypad(3));
            let done = waiting == 0 && keypad.acknowledged() == round + 1;
            if done { Ok(()) } else { Err(format!("{waiting} wait, {:?} unanswered", keypad.unanswered())) }
        })
        .await;
        let page_ticket = rig.ticket(by_page).await;
        assert!(matches!(page_ticket.state, TicketState::Called | TicketState::Completed), "{page_ticket:?}");
        let hall = rig.hall().await;
        let here: Vec<_> = hall.counters.iter().filter(|view| view.ticket.is_some()).map(|view| view.number).collect();
        assert_eq!(here, [3], "round {round}");
        // A key held down is one press; the next round's is another one.
        rig.pass(std::time::Duration::from_secs(2));
    }
    assert_eq!(rig.listens().await.calls().len(), 0, "whoever listens from now on hears nothing old");
    let seen = rig.hall().await.recent.len();
    assert_eq!(seen, issued.min(12));
}
