//! The benchmark hall after a fortnight that has taught it.

use std::time::Duration;

use criterion::Criterion;
use forecast::day::Staffed;
use forecast::forward::Present;
use forecast::generate::{Kind, day};
use forecast::learn::Learnt;
use forecast::replay::taught_by;
use forecast::sim::{Desk, Room, Work};
use hall::Rules;
use hall::TicketId;
use hall::routing::{Floor, Waiting};

use crate::busy;

/// The hall's clock less UTC, in ms.
const OFFSET_MS: i64 = 8 * 3_600_000;
/// The hall opens at half past eight by its clock, in seconds.
const OPENS_S: u32 = 30_600;

/// Long runs are timed a few times only.
pub fn briefly() -> Criterion {
    let often = Criterion::default().sample_size(20);
    often.warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(2))
}

/// What a fortnight has taught.
pub fn fortnight(rules: &Rules, floor: &Floor) -> Learnt {
    let kind = Kind { staffing: true, ..Kind::recorded(1.05) };
    taught_by(rules, (0..14).map(|seed| day(floor, &kind, seed)), OPENS_S)
}

/// Every counter busy, so many waiting.
pub fn present<'f>(rules: &Rules, floor: &'f Floor, learnt: &Learnt, waiting: usize) -> Present<'f> {
    let mut room = Room::new(floor, busy::NOW);
    room.lines.outlook_mut().learn(rules, &learnt.lesson(rules, busy::NOW - 37_800_000, 0));
    for (n, desk) in room.desks.iter_mut().enumerate() {
        *desk = Desk::new(Staffed::Open, busy::NOW - 7_200_000);
        let since_ms = busy::NOW - 60_000 * n as i64;
        desk.work = Some(Work { service: n % 3, since_ms, until_ms: i64::MAX });
    }
    for n in 0..waiting {
        let (tier, service) = busy::kind(n);
        let order_ms = busy::came_ms(n, waiting);
        let due_ms = order_ms + floor.limits_ms[tier];
        room.lines.outlook_mut().comes(floor, tier, service, order_ms);
        room.lines
            .add(tier, Waiting { order_ms, due_ms, promised_ms: Some(due_ms), ticket: TicketId(n as u64), service });
    }
    let today = learnt.arrivals.today(200, busy::NOW - 7_200_000, busy::NOW, OFFSET_MS);
    Present { room, paces: vec![], offset_ms: OFFSET_MS, today }
}
