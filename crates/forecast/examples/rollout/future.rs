//! Futures: what comes of a hall, whichever candidate is taken. Everybody brings their own service time, so that the candidates of
//! a choice are compared with the same people.

use std::collections::HashMap;

use fastrand::Rng;
use forecast::day::{Customer, Day};
use forecast::forward::FUTURE;
use forecast::learn::Learnt;
use forecast::sim::{Call, Room, Script, Turn, Work, by_the_rules, run};
use hall::TicketId;
use hall::routing::{Pick, Rule, Waiting};

/// A customer.
#[derive(Clone, Copy)]
pub struct Guest {
    pub comes_ms: i64,
    tier: usize,
    service: usize,
    takes_ms: i64,
    absent: bool,
    patience_ms: i64,
}

/// One future of a hall at a moment.
pub struct Future {
    /// What is left of the work of each counter.
    left_ms: Vec<i64>,
    /// Those who wait now.
    here: HashMap<TicketId, Guest>,
    /// Those who will come, first come first.
    comers: Vec<Guest>,
    /// For how long somebody takes a counter who is not there.
    absent_ms: i64,
}

/// What a future came to.
pub struct Came {
    pub missed: u32,
    pub diverted: u32,
}

impl Future {
    /// As earlier days and this one so far let expect it, when so many have come.
    pub fn sample(learnt: &Learnt, room: &Room<'_>, came: usize, horizon_ms: i64, rng: &mut Rng) -> Self {
        let (now_ms, absent_ms) = (room.now_ms, learnt.no_show.takes_ms());
        let left_ms = room.desks.iter().map(|desk| {
            let Some(work) = desk.work else { return 0 };
            let elapsed_ms = now_ms - work.since_ms;
            let absent = elapsed_ms < absent_ms && rng.f64() < learnt.no_show.share();
            if absent { absent_ms - elapsed_ms } else { learnt.services.sample_left(work.service, elapsed_ms, rng) }
        });
        let left_ms = left_ms.collect();
        let guest = |comes_ms: i64, (tier, service): (usize, usize), rng: &mut Rng| Guest {
            comes_ms,
            tier,
            service,
            takes_ms: learnt.services.sample(service, rng),
            absent: rng.f64() < learnt.no_show.share(),
            // Of those who lose patience nothing is learnt apart from those who never come.
            patience_ms: i64::MAX,
        };
        let mut here = HashMap::new();
        for tier in 0..room.floor.tiers() {
            room.lines.each_anywhere(tier, &mut |who| {
                here.insert(who.ticket, guest(who.order_ms, (tier, who.service), rng));
            });
        }
        let today = learnt.arrivals.today(came, 0, now_ms, 0);
        let (mut at_ms, mut comers) = (now_ms, vec![]);
        while let Some(comes_ms) = learnt.arrivals.next_ms(at_ms, 0, 1.0, today, rng) {
            if comes_ms > now_ms + horizon_ms {
                break;
            }
            let kind = learnt.arrivals.sample_kind(room.floor.tiers(), rng);
            comers.push(guest(comes_ms, kind, rng));
            at_ms = comes_ms;
        }
        Self { left_ms, here, comers, absent_ms }
    }

    /// What the day really brings, when the first `came` of these guests have come.
    pub fn of_the_day(learnt: &Learnt, room: &Room<'_>, guests: &[Guest], came: usize) -> Self {
        let left_ms = room.desks.iter().map(|desk| desk.work.map_or(0, |work| work.until_ms - room.now_ms));
        let here = guests[..came].iter().enumerate().map(|(at, guest)| (TicketId(at as u64), *guest));
        let absent_ms = learnt.no_show.takes_ms();
        Self { left_ms: left_ms.collect(), here: here.collect(), comers: guests[came..].to_vec(), absent_ms }
    }

    /// What comes of it when the counter at `post` calls this one now, or nobody. `after` is a copy of the room that remembers its
    /// queues without them.
    pub fn unfold(&self, room: &Room<'_>, after: &mut Room<'_>, post: usize, pick: Option<Pick>) -> Came {
        let now_ms = room.now_ms;
        after.lines.wind_back();
        after.now_ms = now_ms;
        for (desk, (before, left_ms)) in after.desks.iter_mut().zip(room.desks.iter().zip(&self.left_ms)) {
            desk.work = before.work.map(|work| Work { until_ms: now_ms + left_ms.max(&1), ..work });
        }
        let idle = pick.is_none().then_some((post, now_ms));
        let left = room.lines.len() + self.comers.len();
        let mut unfolding = Unfolding { future: self, idle, arrived: 0, left, came: Came { missed: 0, diverted: 0 } };
        if let Some(pick) = pick {
            let until_ms = now_ms + unfolding.called(room, &Call { post, pick }).max(1);
            after.desks[post].work = Some(Work { service: pick.who.service, since_ms: now_ms, until_ms });
        }
        run(after, &mut unfolding);
        unfolding.came
    }

    fn guest(&self, ticket: TicketId) -> Option<&Guest> {
        ticket.0.checked_sub(FUTURE).map_or_else(|| self.here.get(&ticket), |at| self.comers.get(at as usize))
    }
}

/// A future as it unfolds.
struct Unfolding<'f> {
    future: &'f Future,
    /// A counter that calls nobody at this moment.
    idle: Option<(usize, i64)>,
    arrived: usize,
    /// How many were not called yet.
    left: usize,
    came: Came,
}

impl Script for Unfolding<'_> {
    fn next_ms(&self) -> Option<i64> {
        self.future.comers.get(self.arrived).map(|guest| guest.comes_ms)
    }

    fn act(&mut self, room: &mut Room<'_>) {
        while let Some(guest) = self.future.comers.get(self.arrived).filter(|guest| guest.comes_ms <= room.now_ms) {
            let Guest { comes_ms, tier, service, .. } = *guest;
            let due_ms = comes_ms + room.floor.limits_ms[tier];
            let ticket = TicketId(FUTURE + self.arrived as u64);
            room.lines.outlook_mut().comes(room.floor, tier, service, comes_ms);
            room.lines.add(tier, Waiting { order_ms: comes_ms, due_ms, promised_ms: Some(due_ms), ticket, service });
            self.arrived += 1;
        }
    }

    fn choose(&mut self, room: &Room<'_>, post: usize, turn: Turn) -> Option<Pick> {
        if self.idle == Some((post, room.now_ms)) { None } else { by_the_rules(room, post, turn) }
    }

    fn called(&mut self, room: &Room<'_>, call: &Call) -> i64 {
        self.left -= 1;
        self.came.diverted += u32::from(call.pick.rule == Rule::Diversion);
        let Some(guest) = self.future.guest(call.pick.who.ticket) else { return self.future.absent_ms };
        let wait_ms = room.now_ms - guest.comes_ms;
        self.came.missed += u32::from(!guest.absent && wait_ms > room.floor.limits_ms[guest.tier]);
        let gone = guest.absent || wait_ms > guest.patience_ms;
        if gone { self.future.absent_ms } else { guest.takes_ms }
    }

    fn is_over(&self) -> bool {
        self.left == 0
    }
}

/// A day's customers in the order of their tickets.
pub fn guests(day: &Day) -> Vec<Guest> {
    let mut rows: Vec<(usize, &Customer)> = day.customers.iter().enumerate().collect();
    rows.sort_by_key(|(row, one)| (one.arrival_s, one.tier, one.service, *row));
    let ms = |seconds: u32| i64::from(seconds) * 1000;
    let guest = |(_, one): (usize, &Customer)| Guest {
        comes_ms: ms(one.arrival_s),
        tier: one.tier,
        service: one.service,
        takes_ms: ms(one.service_s),
        absent: one.no_show,
        patience_ms: ms(one.patience_s),
    };
    rows.into_iter().map(guest).collect()
}
