//! The broker restarts while tickets are on their way to paper: none is lost and none comes out twice.

use hall_tests::{Paper, Rig};
use kiosk::view::Print;
use wire::{Condition, DeviceState, PrintState};

/// Restarts, each a little later after the answer than the one before.
const RESTARTS: usize = 8;

fn with(papers: &[Paper], number: &str) -> usize {
    papers.iter().map(|paper| paper.text().matches(number).count()).sum()
}

#[tokio::test]
async fn a_ticket_whose_broker_restarts_just_after_the_answer_comes_out_once() {
    let mut rig = Rig::opens().await;
    let mut tickets = Vec::new();
    for later in 0..RESTARTS {
        tickets.push(rig.takes_ticket("payment").await);
        // Between the answer and the paper there are some hundred turns of the hall's tasks.
        for _ in 0..later * 20 {
            tokio::task::yield_now().await;
        }
        rig.broker_goes_away().await;
        rig.broker_comes_back().await;
    }
    for ticket in &tickets {
        rig.print_becomes(ticket.id, PrintState::Printed).await;
    }
    let papers = rig.papers(RESTARTS).await;
    for ticket in &tickets {
        assert_eq!(with(&papers, &ticket.number), 1, "{}", ticket.number);
    }
    let waiting: Vec<_> = rig.hall().await.waiting.into_iter().map(|ticket| ticket.number).collect();
    assert_eq!(waiting, tickets.iter().map(|ticket| ticket.number.clone()).collect::<Vec<_>>());
    rig.device("printer-1").is_mended().await;
}

#[tokio::test]
async fn paper_that_comes_out_while_the_broker_is_away_is_reported_when_it_is_back() {
    let mut rig = Rig::opens().await;
    rig.printer().run_out_after_mm(20.0);
    let mut kiosk = rig.kiosk();
    let number = kiosk.takes_number_and_stays("payment").await.number;
    let id = rig.hall().await.waiting.remove(0).id;
    kiosk.reads_of_paper(&rig, Print::NoPaper).await;
    rig.broker_goes_away().await;
    rig.printer().load_paper();
    let papers = rig.papers(2).await;
    assert!(papers.iter().any(|paper| !paper.qr.is_empty()), "the rest came out");
    assert_eq!(with(&papers, &number), 1);
    rig.broker_comes_back().await;
    rig.print_becomes(id, PrintState::Printed).await;
    rig.device("printer-1").is_mended().await;
    rig.papers(2).await;
}

#[tokio::test]
async fn a_ticket_that_waits_for_paper_is_still_wanted_by_the_broker_that_comes_back() {
    let mut rig = Rig::opens().await;
    rig.printer().run_out_of_paper();
    rig.device("printer-1").becomes(DeviceState::Fault, Condition::PaperOut).await;
    let ticket = rig.takes_ticket("payment").await;
    rig.broker_goes_away().await;
    rig.broker_comes_back().await;
    let words = ("缺纸，请换纸卷", "out of paper: change the roll");
    rig.device("printer-1").is_told(DeviceState::Fault, Condition::PaperOut, words).await;
    assert_eq!(rig.ticket(ticket.id).await.print, Some(PrintState::Queued));
    rig.printer().load_paper();
    rig.print_becomes(ticket.id, PrintState::Printed).await;
    assert_eq!(with(&rig.papers(1).await, &ticket.number), 1);
}
