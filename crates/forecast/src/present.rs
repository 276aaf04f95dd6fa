//! The present of a live hall, as forecasts begin from it.

use hall::Hall;
use hall::routing::Lines;

use crate::day::Staffed;
use crate::forward::Present;
use crate::learn::Learnt;
use crate::sim::{Desk, LONG_PAUSE_MS, Room, Work};

impl<'h> Present<'h> {
    /// A hall at `now_ms` (UTC) whose clock is `offset_ms` ahead of UTC.
    pub fn of(hall: &'h Hall, learnt: &Learnt, now_ms: i64, offset_ms: i64) -> Self {
        let floor = hall.floor();
        let mut room = Room::new(floor, now_ms);
        *room.lines.outlook_mut() = hall.outlook().clone();
        room.lines.set_turns_taken(hall.turns_taken());
        for tier in 0..floor.tiers() {
            for place in hall.queue().tier(tier) {
                let (Some(who), Some(ticket)) = (hall.waiting(place), hall.ticket(place.ticket)) else { continue };
                match hall.sent_to(ticket).and_then(|only| floor.post(only)) {
                    Some(post) => room.lines.add_sent(tier, post, who),
                    None => room.lines.add(tier, who),
                }
            }
        }
        let mut paces = vec![1.0; floor.posts.len()];
        for (post, at) in floor.posts.iter().enumerate() {
            let Some(counter) = hall.counter(at.number) else { continue };
            let staffed = Staffed::of(&counter.state);
            let ticket = counter.ticket.and_then(|id| hall.ticket(id));
            let work = ticket.map(|ticket| {
                let (_, service) = hall.indices(ticket);
                Work { service, since_ms: ticket.latest_call_ms().unwrap_or(now_ms), until_ms: i64::MAX }
            });
            let rested = counter.longest_pause_ms >= LONG_PAUSE_MS;
            room.desks[post] = Desk { staffed, since_ms: counter.since_ms, rested, work };
            paces[post] = learnt.services.pace(counter.state.teller());
        }
        let opened_ms = hall.tickets().next().map_or(now_ms, |first| first.issued_at_ms);
        let today = learnt.arrivals.today(hall.tickets().count(), opened_ms, now_ms, offset_ms);
        debug_assert_eq!(room.lines.turns_taken(0), Lines::turns_taken(hall, 0));
        Self { room, paces, offset_ms, today }
    }
}
