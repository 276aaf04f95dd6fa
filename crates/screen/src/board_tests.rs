//! What the board shows, told as a hall lives.

use super::*;
use wire::{TicketState, Wait};

const START: &str = "2026-11-22T01:41:00Z";

#[test]
fn every_call_is_shown_in_order_and_for_three_seconds() {
    let mut screen = Screen::open(&[]);
    screen.called(1, "A001", 3);
    screen.called(2, "A002", 4);
    screen.called(3, "A003", 5);
    screen.shows("A001→3");
    screen.pass_ms(2_900);
    screen.shows("A001→3");
    screen.pass_ms(100);
    screen.shows("A002→4 | A001→3");
    screen.pass_ms(3_000);
    screen.shows("A003→5 | A002→4 A001→3");
}

#[test]
fn a_call_after_a_quiet_time_is_shown_at_once() {
    let mut screen = Screen::open(&[]);
    screen.called(1, "A001", 3);
    screen.pass_ms(60_000);
    screen.called(2, "A002", 4);
    screen.shows("A002→4 | A001→3");
}

#[test]
fn a_new_call_flashes_at_one_hertz_for_four_seconds_and_stays_marked_for_fifteen() {
    let mut screen = Screen::open(&[]);
    screen.called(1, "A001", 3);
    let mut seen = vec![];
    for _ in 0..10 {
        seen.push(screen.emphasis());
        screen.pass_ms(500);
    }
    let flash = [Emphasis::Marked, Emphasis::Inverted];
    assert_eq!(seen[..8], [flash, flash, flash, flash].concat());
    assert_eq!(seen[8..], [Emphasis::Marked; 2]);
    screen.pass_ms(9_900);
    assert_eq!(screen.emphasis(), Emphasis::Marked);
    screen.pass_ms(100);
    assert_eq!(screen.emphasis(), Emphasis::Calm);
}

#[test]
fn a_call_that_made_room_stays_marked_for_its_fifteen_seconds() {
    let mut screen = Screen::open(&[]);
    screen.called(1, "A001", 3);
    screen.called(2, "A002", 4);
    screen.pass_ms(3_000);
    assert!(screen.view().earlier[0].marked);
    screen.pass_ms(12_000);
    assert!(!screen.view().earlier[0].marked);
}

#[test]
fn a_recall_shows_again_and_a_number_stands_once() {
    let mut screen = Screen::open(&[]);
    screen.called(1, "A001", 3);
    screen.pass_ms(5_000);
    screen.called(2, "A002", 4);
    screen.pass_ms(5_000);
    screen.recalled(1, "A001", 3);
    screen.shows("A001→3 | A002→4");
    assert!(screen.view().newest.unwrap().0.again);
    screen.recalled(1, "A001", 3);
    screen.pass_ms(3_000);
    screen.shows("A001→3 | A002→4");
    assert_eq!(screen.emphasis(), Emphasis::Marked, "it flashes again from the start");
}

#[test]
fn a_call_that_is_over_leaves_the_screen_wherever_it_stands() {
    let mut screen = Screen::open(&[]);
    for id in 1..=4 {
        screen.called(id, &format!("A00{id}"), 3);
    }
    screen.pass_ms(3_000);
    screen.shows("A002→3 | A001→3");
    screen.no_show(3, "A003");
    screen.returned(1, "A001");
    screen.shows("A002→3");
    screen.no_show(2, "A002");
    screen.shows("A004→3");
    screen.returned(4, "A004");
    screen.shows("");
}

#[test]
fn the_call_before_comes_back_when_the_newest_leaves_and_none_is_queued() {
    let mut screen = Screen::open(&[]);
    screen.called(1, "A001", 3);
    screen.pass_ms(20_000);
    screen.called(2, "A002", 4);
    screen.returned(2, "A002");
    screen.shows("A001→3");
    assert_eq!(screen.emphasis(), Emphasis::Calm);
}

#[test]
fn a_queued_call_whose_customer_is_served_already_goes_straight_to_the_earlier_calls() {
    let mut screen = Screen::open(&[]);
    screen.called(1, "A001", 3);
    screen.called(2, "A002", 4);
    screen.event(2, |ticket| EventKind::TicketCompleted { ticket, counter: 4 }, "A002");
    screen.shows("A001→3 | A002→4");
}

#[test]
fn old_calls_of_the_first_snapshot_stand_without_flashing() {
    let screen = Screen::open(&[(2, "A002", 4, 0), (1, "A001", 3, -30)]);
    screen.shows("A002→4 | A001→3");
    assert_eq!(screen.emphasis(), Emphasis::Calm);
}

#[test]
fn events_of_the_snapshot_are_not_shown_twice() {
    let mut screen = Screen::open(&[]);
    screen.called(1, "A001", 3);
    screen.seq -= 1;
    screen.called(1, "A001", 3);
    screen.pass_ms(10_000);
    screen.shows("A001→3");
    assert_eq!(screen.board.seen().map(|id| id.seq), Some(8));
}

#[test]
fn calls_missed_while_the_events_could_not_be_resumed_are_shown_one_by_one() {
    let mut screen = Screen::open(&[(1, "A001", 3, 0)]);
    screen.pass_ms(60_000);
    screen.seq += 40;
    screen.restart(&[(3, "A003", 5, 50), (2, "A002", 4, 40), (1, "A001", 3, 0)]);
    screen.shows("A002→4 | A001→3");
    assert_eq!(screen.emphasis(), Emphasis::Marked);
    screen.pass_ms(3_000);
    screen.shows("A003→5 | A002→4 A001→3");
}

#[test]
fn another_journal_starts_an_empty_screen() {
    let mut screen = Screen::open(&[]);
    screen.called(1, "A001", 3);
    screen.epoch = "bbbb";
    screen.restart(&[]);
    screen.shows("");
}

#[test]
fn the_end_of_the_day_clears_the_screen() {
    let mut screen = Screen::open(&[]);
    screen.called(1, "A001", 3);
    screen.event(0, |_| EventKind::DayClosed { date: "2026-11-22".into() }, "");
    screen.shows("");
    assert!(screen.view().closed);
}

#[test]
fn a_hall_that_lives_sixty_times_faster_keeps_up_and_does_not_flash() {
    let mut screen = Screen::open(&[]);
    screen.speed = 60.0;
    screen.restart(&[]);
    screen.called(1, "A001", 3);
    screen.called(2, "A002", 4);
    screen.pass_ms(50);
    screen.shows("A002→4 | A001→3");
    for _ in 0..10 {
        assert_ne!(screen.emphasis(), Emphasis::Inverted);
        screen.pass_ms(20);
    }
    assert!(screen.board.tick() < Duration::from_millis(50));
}

#[test]
fn a_flood_of_calls_is_bounded_and_loses_none_of_the_latest() {
    let mut screen = Screen::open(&[]);
    for id in 1..=200 {
        screen.called(id, &format!("A{id:03}"), 3);
    }
    assert!(screen.board.queue.len() <= QUEUE);
    screen.pass_ms(0);
    for _ in 0..QUEUE {
        screen.pass_ms(3_000);
    }
    screen.shows("A200→3 | A199→3 A198→3 A197→3 A196→3 A195→3 A194→3");
}

#[test]
fn businesses_turn_their_page_every_eight_seconds() {
    let mut screen = Screen::open(&[]);
    let names = |view: View| view.businesses.into_iter().map(|business| business.name).collect::<Vec<_>>();
    assert_eq!((screen.view().page, screen.view().pages), (1, 2));
    assert_eq!(names(screen.view()), ["业务0", "业务1", "业务2", "业务3"]);
    screen.pass_ms(7_999);
    assert_eq!(screen.view().page, 1);
    screen.pass_ms(1);
    assert_eq!(names(screen.view()), ["业务4"]);
    screen.pass_ms(8_000);
    assert_eq!(screen.view().page, 1);
}

#[test]
fn the_clock_is_the_hall_s_own() {
    let mut screen = Screen::open(&[]);
    assert_eq!((screen.view().date, screen.view().time), ("2026-11-22".into(), "09:41".into()));
    screen.pass_ms(60_000);
    assert_eq!(screen.view().time, "09:42");
}

#[test]
fn a_range_is_told_only_where_enough_was_measured_and_somebody_waits() {
    let screen = Screen::open(&[]);
    let businesses = screen.view().businesses;
    assert_eq!((businesses[0].waiting, businesses[0].wait), (0, None));
    assert_eq!((businesses[1].waiting, businesses[1].wait), (1, None), "too few samples");
    assert_eq!((businesses[2].waiting, businesses[2].wait), (2, Some((5, 15))));
}

struct Screen {
    board: Board,
    at: Duration,
    epoch: &'static str,
    seq: u64,
    speed: f64,
}

impl Screen {
    /// Calls as `(ticket, number, counter, seconds after the start)`, newest first.
    fn open(recent: &[(u64, &str, u16, i64)]) -> Self {
        let zone = TimeZone::fixed(jiff::tz::offset(8));
        let board = Board::new(Language::Chinese, zone);
        let mut screen = Self { board, at: Duration::ZERO, epoch: "aaaa", seq: 7, speed: 1.0 };
        screen.restart(recent);
        screen.board.set_away(false);
        screen
    }

    fn restart(&mut self, recent: &[(u64, &str, u16, i64)]) {
        let start: Timestamp = START.parse().unwrap();
        let notice = |&(ticket, number, counter, after): &(u64, &str, u16, i64)| Notice {
            ticket: TicketId(ticket),
            number: number.to_owned(),
            counter,
            at: start + Duration::from_secs(100) - Duration::from_secs((100 - after) as u64),
        };
        let services = (0..5).map(|n| ServiceView {
            id: format!("service{n}"),
            names: LocalNames { zh: format!("业务{n}"), en: format!("Service {n}") },
            waiting: n,
            wait: Wait { likely_s: 600, low_s: 400, high_s: 900, samples: if n == 1 { 9 } else { 10 } },
        });
        let snapshot = HallSnapshot {
            epoch: self.epoch.to_owned(),
            seq: self.seq,
            now: start + self.at,
            name: LocalNames { zh: "大厅".into(), en: "Hall".into() },
            time_zone: "Asia/Shanghai".into(),
            day: Some("2026-11-22".into()),
            ticketing_open: true,
            speed: self.speed,
            tiers: vec![],
            services: services.collect(),
            counters: vec![],
            waiting: vec![],
            held: vec![],
            recent: recent.iter().map(notice).collect(),
            devices: vec![],
            alarms: vec![],
        };
        self.board.restart(&snapshot, self.at);
    }

    fn called(&mut self, id: u64, number: &str, counter: u16) {
        let because = LocalNames::default();
        self.event(id, |ticket| EventKind::TicketCalled { ticket, counter, because, rule: None }, number);
    }

    fn recalled(&mut self, id: u64, number: &str, counter: u16) {
        self.event(id, |ticket| EventKind::TicketRecalled { ticket, counter, recalls: 1 }, number);
    }

    fn no_show(&mut self, id: u64, number: &str) {
        self.event(id, |ticket| EventKind::TicketNoShow { ticket, counter: 3 }, number);
    }

    fn returned(&mut self, id: u64, number: &str) {
        self.event(id, |ticket| EventKind::TicketReturned { ticket, counter: 3 }, number);
    }

    fn event(&mut self, id: u64, kind: impl FnOnce(TicketRef) -> EventKind, number: &str) {
        self.seq += 1;
        let ticket = TicketRef {
            id: TicketId(id),
            number: number.to_owned(),
            tier: "ordinary".into(),
            service: "payment".into(),
            state: TicketState::Called,
            language: None,
        };
        let start: Timestamp = START.parse().unwrap();
        let event = Event { v: wire::VERSION, at: start + self.at, kind: kind(ticket) };
        let id = EventId { epoch: self.epoch.to_owned(), seq: self.seq };
        self.board.event(&id, &event, self.at);
    }

    fn pass_ms(&mut self, ms: u64) {
        self.at += Duration::from_millis(ms);
        self.board.advance(self.at);
    }

    fn view(&self) -> View {
        self.board.view(self.at)
    }

    fn emphasis(&self) -> Emphasis {
        self.view().newest.expect("a call is shown").1
    }

    /// The newest call, then the earlier ones: `A002→4 | A001→3`.
    fn shows(&self, expected: &str) {
        let view = self.view();
        let line = |call: &CallView| format!("{}→{}", call.number, call.counter);
        let newest = view.newest.iter().map(|(call, _)| line(call)).collect::<String>();
        let earlier: Vec<String> = view.earlier.iter().map(line).collect();
        let shown = if earlier.is_empty() { newest } else { format!("{newest} | {}", earlier.join(" ")) };
        assert_eq!(shown, expected);
    }
}
