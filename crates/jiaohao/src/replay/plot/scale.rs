//! What is drawn, in the units of the axes: hours and minutes.

use std::ops::Range;

use forecast::day::{Day, Staffed};
use jiff::Timestamp;

use crate::replay::side::Side;

/// The scales that all sides share.
pub(super) struct Scale {
    /// Of the day where its opening is known, else from opening.
    pub(super) hours: Range<f64>,
    /// The longest wait shown.
    pub(super) minutes: f64,
    /// Counters of the largest hall.
    pub(super) counters: f64,
    /// What the hours are.
    pub(super) axis: &'static str,
    /// The hour at which the day's seconds begin.
    opening: f64,
}

/// One customer's wait.
pub(super) struct Wait {
    pub(super) tier: usize,
    /// When they came.
    pub(super) hour: f64,
    pub(super) minutes: f64,
    pub(super) missed: bool,
}

impl Scale {
    pub(super) fn of(sides: &[&Side], day: usize) -> Self {
        let opening = sides.iter().find_map(|side| opening(side));
        let outcomes = || sides.iter().flat_map(|side| &side.replays[day].outcomes).filter(|one| one.counts);
        let worst_s = outcomes().filter_map(|one| one.wait_s).max().unwrap_or(0);
        let limit_s = sides.iter().flat_map(|side| &side.hall.rules.tiers).map(|tier| tier.limit_s).max().unwrap_or(0);
        let last_call = |side: &&Side| side.replays[day].calls.last().map(|call| call.called_s);
        let last_arrival = |side: &&Side| side.days[day].customers.iter().map(|one| one.arrival_s).max();
        let end_s =
            sides.iter().filter_map(last_call).chain(sides.iter().filter_map(last_arrival)).max().unwrap_or(3600);
        let start = opening.unwrap_or(0.0);
        Self {
            hours: start..start + f64::from(end_s.max(600)) / 3600.0,
            minutes: (f64::from(worst_s.max(limit_s)) / 60.0 + 4.0).ceil(),
            counters: sides.iter().map(|side| side.hall.rules.counters.len()).max().unwrap_or(0) as f64,
            axis: if opening.is_some() {
                "到达时刻 Time of arrival"
            } else {
                "到达时刻：开门后（小时:分） Arrival after opening (h:min)"
            },
            opening: start,
        }
    }

    /// The hour of a second of the day.
    pub(super) fn hour(&self, at_s: u32) -> f64 {
        self.opening + f64::from(at_s) / 3600.0
    }

    /// An hour as it stands at the axis.
    pub(super) fn clock(&self, hour: f64) -> String {
        let minutes = (hour * 60.0).round() as i64;
        format!("{}:{:02}", minutes / 60, minutes % 60)
    }

    /// The waits of those who count; who was never called is at the top, beyond every limit.
    pub(super) fn waits_of(&self, side: &Side, day: usize) -> impl Iterator<Item = Wait> {
        let customers = side.days[day].customers.iter().zip(&side.replays[day].outcomes);
        customers.filter(|(_, one)| one.counts && (one.wait_s.is_some() || one.missed)).map(|(customer, one)| Wait {
            tier: one.tier,
            hour: self.hour(customer.arrival_s),
            minutes: one.wait_s.map_or(self.minutes, |wait_s| f64::from(wait_s) / 60.0),
            missed: one.missed,
        })
    }
}

/// How many counters are open from which second on.
pub(super) fn open_counters(day: &Day, posts: usize) -> Vec<(u32, usize)> {
    let mut open: Vec<bool> = (0..posts).map(|post| day.opens_at_once(post)).collect();
    let count = |open: &[bool]| open.iter().filter(|open| **open).count();
    let mut steps = vec![(0, count(&open))];
    for shift in &day.staffing {
        open[shift.post] = shift.state == Staffed::Open;
        steps.retain(|(at_s, _)| *at_s != shift.at_s);
        steps.push((shift.at_s, count(&open)));
    }
    steps
}

fn opening(side: &Side) -> Option<f64> {
    let at = Timestamp::from_millisecond(side.opening_ms?).ok()?.to_zoned(side.hall.zone.clone());
    Some(f64::from(at.hour()) + f64::from(at.minute()) / 60.0)
}
