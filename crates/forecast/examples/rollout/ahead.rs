//! A choice by looking ahead.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use fastrand::Rng;
use forecast::learn::Learnt;
use forecast::sim::{Room, Turn, by_the_rules};
use hall::routing::{Heads, Pick, Rule, Waiting};

use crate::future::{Future, Guest};

/// How far and how well to look.
#[derive(Clone)]
pub struct Settings {
    pub futures: usize,
    pub horizon_ms: i64,
    /// By how many standard errors a candidate must beat the rule's own.
    pub margin: f64,
    /// What a diversion costs, in misses.
    pub price: f64,
    /// Where: when a dedicated desk may divert, when a counter calls those it is for.
    pub desk: bool,
    pub general: bool,
    /// Whether a desk may divert the first for each service, not only of each tier.
    pub by_service: bool,
    /// Whether somebody who is late already, and whose turn it is by the rule, may be passed over: nothing more is lost by it.
    pub abandon: bool,
    /// The day's own future instead of sampled ones.
    pub truth: bool,
}

/// After so many futures in which nobody is better than the rule's own choice, no more are looked at.
const ENOUGH: usize = 10;

/// Looks ahead at every choice of a day.
pub struct Lookahead<'a> {
    pub settings: &'a Settings,
    pub learnt: &'a Learnt,
    /// The day's customers; but for [`Settings::truth`] only how many have come is looked at.
    pub guests: Vec<Guest>,
    pub tally: &'a mut Tally,
}

/// What all choices came to.
#[derive(Default)]
pub struct Tally {
    pub asked: u64,
    pub took: Duration,
    /// By what was chosen instead of what: how often, minutes that the services of both usually take, how many of both were late.
    pub instead: BTreeMap<String, [f64; 5]>,
}

/// A candidate, and what was seen of it: by how much it costs more than the rule's own choice, and the squares.
struct Candidate {
    pick: Option<Pick>,
    more: f64,
    squares: f64,
}

impl Lookahead<'_> {
    /// Whom a free counter calls.
    pub fn choose(&mut self, room: &Room<'_>, post: usize, turn: Turn) -> Option<Pick> {
        let usual = by_the_rules(room, post, turn);
        let wanted = if turn == Turn::Divert { self.settings.desk } else { self.settings.general };
        let is_late = |pick: Pick| pick.who.slack_ms(room.now_ms) < 0 && !self.settings.abandon;
        if !wanted || usual.is_some_and(|pick| pick.rule == Rule::Cap || is_late(pick)) {
            return usual;
        }
        let candidates = self.candidates(room, post, turn, usual);
        if candidates.len() < 2 {
            return usual;
        }
        let began = Instant::now();
        let best = self.best(room, post, candidates);
        self.tally.asked += 1;
        self.tally.took += began.elapsed();
        if best.map(|pick| pick.who.ticket) != usual.map(|pick| pick.who.ticket) {
            self.note(room, turn, best, usual);
        }
        best
    }

    /// The rule's own choice first.
    fn candidates(&self, room: &Room<'_>, post: usize, turn: Turn, usual: Option<Pick>) -> Vec<Candidate> {
        let (floor, lines, diverts) = (room.floor, &room.lines, turn == Turn::Divert);
        let heads = if diverts { Heads::others(floor, lines, post) } else { Some(Heads::own(floor, lines, post)) };
        let mut firsts: Vec<(usize, Waiting)> = heads.iter().flat_map(Heads::iter).collect();
        let Some((highest, _)) = firsts.first().copied() else { return vec![] };
        if diverts && self.settings.by_service {
            let at = &floor.posts[post];
            let kinds =
                (at.tiers..floor.tiers()).flat_map(|tier| at.skills.iter().map(move |service| (tier, *service)));
            let first = |(tier, service)| Some((tier, lines.waiting_for(tier, service).next()?));
            firsts.extend(kinds.filter_map(first));
        }
        let mut picks = vec![usual];
        for (tier, who) in firsts {
            if picks.iter().flatten().all(|pick| pick.who.ticket != who.ticket) {
                let own = if tier == highest { Rule::Precedence } else { Rule::Urgent };
                let rule = if diverts { Rule::Diversion } else { own };
                picks.push(Some(Pick { who, tier, rule, saves_milli: None }));
            }
        }
        if diverts && usual.is_some() {
            picks.push(None);
        }
        picks.into_iter().map(|pick| Candidate { pick, more: 0.0, squares: 0.0 }).collect()
    }

    fn best(&self, room: &Room<'_>, post: usize, mut candidates: Vec<Candidate>) -> Option<Pick> {
        let Settings { horizon_ms, margin, price, truth, .. } = *self.settings;
        let after = |candidate: &Candidate| {
            let mut after = room.clone();
            if let Some(pick) = &candidate.pick {
                after.lines.call(room.floor, pick);
            }
            after.lines.remember();
            after
        };
        let mut rooms: Vec<Room<'_>> = candidates.iter().map(after).collect();
        let came = self.guests.partition_point(|guest| guest.comes_ms <= room.now_ms);
        let mut rng = Rng::with_seed(room.now_ms as u64 ^ (post as u64) << 48);
        let futures = if truth { 1 } else { self.settings.futures };
        let mut looked = 0;
        while looked < futures && (looked != ENOUGH || candidates.iter().any(|candidate| candidate.more < 0.0)) {
            let future = match truth {
                true => Future::of_the_day(self.learnt, room, &self.guests, came),
                false => Future::sample(self.learnt, room, came, horizon_ms, &mut rng),
            };
            let mut usual = None;
            for (candidate, after) in candidates.iter_mut().zip(&mut rooms) {
                let came = future.unfold(room, after, post, candidate.pick);
                let cost = f64::from(came.missed) + price * f64::from(came.diverted);
                let more = cost - *usual.get_or_insert(cost);
                candidate.more += more;
                candidate.squares += more * more;
            }
            looked += 1;
        }
        let count = looked as f64;
        let is_better = |candidate: &&Candidate| {
            let mean = candidate.more / count;
            let variance = (candidate.squares / count - mean * mean).max(0.0) / (count - 1.0).max(1.0);
            mean < 0.0 && -mean > margin * variance.sqrt()
        };
        let best = candidates.iter().filter(is_better).min_by(|one, other| one.more.total_cmp(&other.more));
        best.unwrap_or(&candidates[0]).pick
    }

    fn note(&mut self, room: &Room<'_>, turn: Turn, best: Option<Pick>, usual: Option<Pick>) {
        let word = |pick: Option<Pick>| pick.map_or("nobody".into(), |pick| format!("tier {}", pick.tier + 1));
        let mean_ms = |pick: Pick| self.learnt.services.mean_ms(pick.who.service);
        let minutes = |pick: Option<Pick>| pick.map_or(0.0, mean_ms) / 60_000.0;
        let late = |pick: Option<Pick>| pick.map_or(0.0, |pick| f64::from(pick.who.slack_ms(room.now_ms) < 0));
        let place = if turn == Turn::Divert { "desk" } else { "general" };
        let one = [1.0, minutes(best), minutes(usual), late(best), late(usual)];
        let sums = self.tally.instead.entry(format!("{place}: {} instead of {}", word(best), word(usual))).or_default();
        sums.iter_mut().zip(one).for_each(|(sum, one)| *sum += one);
    }
}
