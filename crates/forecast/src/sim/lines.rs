//! Queues made for speed: of each tier and kind of service a sorted list and how far it was called. A forecast runs them hundreds
//! of times from the same beginning, so they can be wound back without asking for memory.

use std::hint::select_unpredictable;
use std::sync::Arc;

use hall::routing::{Floor, Lines, Outlook, Pick, Rule, Waiting};

/// Who waits in a simulated hall.
#[derive(Clone, Debug, Default)]
pub struct SimLines {
    kinds: Arc<Kinds>,
    /// By tier, then by kind of service.
    cells: Vec<Cell>,
    /// The place of each cell's first, as a number: every choice compares many of them.
    heads: Vec<u128>,
    /// How many wait in the cells, by tier, then by service.
    counts: Vec<usize>,
    counts_at_start: Vec<usize>,
    /// Those sent to one counter: tier, counter's index, who.
    sent: Vec<(usize, usize, Waiting)>,
    sent_at_start: Vec<(usize, usize, Waiting)>,
    outlook: Outlook,
    outlook_at_start: Outlook,
    turns_taken: Vec<u32>,
    turns_at_start: Vec<u32>,
    waiting: usize,
    waiting_at_start: usize,
}

/// Services that the same counters can do are of one kind: no choice tells them apart, so they queue together.
#[derive(Debug, Default)]
struct Kinds {
    count: usize,
    /// The kind of each service.
    of: Vec<usize>,
    /// By counter, then by kind: 0 where the counter can do it, else [`NOBODY`], so that nobody is first there.
    barred: Vec<u128>,
}

#[derive(Clone, Debug, Default)]
struct Cell {
    /// By place; those before `called` are gone.
    places: Vec<Waiting>,
    called: usize,
    at_start: Vec<Waiting>,
}

/// The first of a cell where nobody waits: after everybody.
const NOBODY: u128 = u128::MAX;

/// A place as one number that sorts like it.
fn number(who: &Waiting) -> u128 {
    let (order_ms, ticket) = who.place();
    // With the sign turned over, negative times come before the others.
    u128::from(order_ms as u64 ^ 1 << 63) << 64 | u128::from(ticket.0)
}

impl Kinds {
    fn of(floor: &Floor) -> Self {
        let done_at = |service: usize| -> Vec<bool> {
            floor.posts.iter().map(|post| post.skills.binary_search(&service).is_ok()).collect()
        };
        let mut kinds: Vec<Vec<bool>> = vec![];
        let of = (0..floor.services).map(|service| {
            let posts = done_at(service);
            kinds.iter().position(|kind| *kind == posts).unwrap_or_else(|| {
                kinds.push(posts);
                kinds.len() - 1
            })
        });
        let of = of.collect();
        let at = |post: usize| kinds.iter().map(move |kind| if kind[post] { 0 } else { NOBODY });
        Self { count: kinds.len(), of, barred: (0..floor.posts.len()).flat_map(at).collect() }
    }
}

impl Cell {
    fn left(&self) -> &[Waiting] {
        &self.places[self.called..]
    }

    fn head(&self) -> u128 {
        self.left().first().map_or(NOBODY, number)
    }
}

impl SimLines {
    /// Empty queues for this floor.
    pub fn new(floor: &Floor) -> Self {
        let tiers = floor.tiers();
        let kinds = Kinds::of(floor);
        Self {
            cells: vec![Cell::default(); tiers * kinds.count],
            heads: vec![NOBODY; tiers * kinds.count],
            counts: vec![0; tiers * floor.services],
            counts_at_start: vec![0; tiers * floor.services],
            turns_taken: vec![0; tiers],
            turns_at_start: vec![0; tiers],
            outlook: Outlook::presumed(floor),
            kinds: Arc::new(kinds),
            ..Self::default()
        }
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.waiting
    }

    /// Whether nobody waits.
    pub fn is_empty(&self) -> bool {
        self.waiting == 0
    }

    /// Everybody of one tier, in any order, those sent to one counter too.
    pub fn each_anywhere(&self, tier: usize, each: &mut dyn FnMut(Waiting)) {
        self.cells_of(tier).flat_map(Cell::left).for_each(|who| each(*who));
        self.sent.iter().filter(|(of, ..)| *of == tier).for_each(|(.., who)| each(*who));
    }

    /// Those of one tier who wait for one service, first come first, but for those sent to one counter.
    pub fn waiting_for(&self, tier: usize, service: usize) -> impl Iterator<Item = Waiting> {
        let cell = self.index(tier, service).and_then(|index| self.cells.get(index));
        cell.into_iter().flat_map(Cell::left).copied().filter(move |who| who.service == service)
    }

    fn cells_of(&self, tier: usize) -> impl Iterator<Item = &Cell> {
        self.cells.iter().skip(tier * self.kinds.count).take(self.kinds.count)
    }

    /// Where those of a tier wait who come for a service.
    fn index(&self, tier: usize, service: usize) -> Option<usize> {
        let kind = self.kinds.of.get(service)?;
        Some(tier * self.kinds.count + kind)
    }

    fn count_mut(&mut self, tier: usize, service: usize) -> Option<&mut usize> {
        self.counts.get_mut(tier * self.kinds.of.len() + service)
    }

    /// Lets somebody wait, in their place.
    pub fn add(&mut self, tier: usize, who: Waiting) {
        let Some(index) = self.index(tier, who.service) else { return };
        let Some(cell) = self.cells.get_mut(index) else { return };
        let mut at = cell.places.len();
        // Nearly everybody comes last; priority care and old places go further forward.
        while at > cell.called && cell.places[at - 1].place() > who.place() {
            at -= 1;
        }
        cell.places.insert(at, who);
        self.heads[index] = cell.head();
        self.waiting += 1;
        if let Some(count) = self.count_mut(tier, who.service) {
            *count += 1;
        }
    }

    /// Lets somebody wait for one counter only.
    pub fn add_sent(&mut self, tier: usize, post: usize, who: Waiting) {
        let at = self.sent.partition_point(|(.., other)| other.place() <= who.place());
        self.sent.insert(at, (tier, post, who));
        self.waiting += 1;
    }

    /// Takes out who was called, and counts the turn.
    pub fn call(&mut self, floor: &Floor, pick: &Pick) {
        let Pick { tier, who, .. } = *pick;
        if self.remove(tier, who) {
            if pick.rule == Rule::Diversion {
                self.outlook.diverts();
            }
            hall::routing::take_turn(&mut self.turns_taken, &floor.routing.ratio, tier);
        }
    }

    /// Takes somebody out, and says whether they were there.
    pub fn remove(&mut self, tier: usize, who: Waiting) -> bool {
        let found = self.remove_from_cell(tier, who) || self.remove_sent(who);
        self.waiting -= usize::from(found);
        found
    }

    fn remove_from_cell(&mut self, tier: usize, who: Waiting) -> bool {
        let Some(index) = self.index(tier, who.service) else { return false };
        let Some(cell) = self.cells.get_mut(index) else { return false };
        let Some(at) = cell.left().iter().position(|other| other.ticket == who.ticket) else {
            return false;
        };
        if at == 0 {
            cell.called += 1;
        } else {
            // Somebody from the middle: the ones before move up, and the memory before them stays.
            cell.places[cell.called..=cell.called + at].rotate_right(1);
            cell.called += 1;
        }
        self.heads[index] = cell.head();
        if let Some(count) = self.count_mut(tier, who.service) {
            *count -= 1;
        }
        true
    }

    fn remove_sent(&mut self, who: Waiting) -> bool {
        let found = self.sent.iter().position(|(.., other)| other.ticket == who.ticket);
        found.map(|at| self.sent.remove(at)).is_some()
    }

    /// What was learnt, and today; whoever lets people come says so here.
    pub fn outlook_mut(&mut self) -> &mut Outlook {
        &mut self.outlook
    }

    /// How many calls of each tier the present cycle of `ratio` has had.
    pub fn set_turns_taken(&mut self, taken: &[u32]) {
        self.turns_taken.clear();
        self.turns_taken.extend_from_slice(taken);
    }

    /// Remembers the queues as they are, to [`SimLines::wind_back`] to.
    pub fn remember(&mut self) {
        for cell in &mut self.cells {
            cell.places.drain(..cell.called);
            cell.called = 0;
            cell.at_start.clone_from(&cell.places);
        }
        self.counts_at_start.clone_from(&self.counts);
        self.sent_at_start.clone_from(&self.sent);
        self.turns_at_start.clone_from(&self.turns_taken);
        self.outlook_at_start.clone_from(&self.outlook);
        self.waiting_at_start = self.waiting;
    }

    /// Brings the remembered queues back.
    pub fn wind_back(&mut self) {
        for (cell, head) in self.cells.iter_mut().zip(&mut self.heads) {
            // Not only those who came since are in between: a diversion from the middle has moved the others.
            cell.places.clone_from(&cell.at_start);
            cell.called = 0;
            *head = cell.head();
        }
        self.counts.clone_from(&self.counts_at_start);
        self.sent.clone_from(&self.sent_at_start);
        self.turns_taken.clone_from(&self.turns_at_start);
        self.outlook.clone_from(&self.outlook_at_start);
        self.waiting = self.waiting_at_start;
    }
}

impl Lines for SimLines {
    #[inline]
    fn first(&self, tier: usize, post: usize) -> Option<Waiting> {
        let count = self.kinds.count;
        let heads = self.heads.get(tier * count..(tier + 1) * count)?;
        let barred = self.kinds.barred.get(post * count..(post + 1) * count)?;
        let (mut first, mut at) = (NOBODY, 0);
        for (kind, (head, barred)) in heads.iter().zip(barred).enumerate() {
            // Which kind's first came first is as good as random: no branch to guess.
            let sooner = head | barred < first;
            first = select_unpredictable(sooner, *head, first);
            at = select_unpredictable(sooner, kind, at);
        }
        if first == NOBODY { None } else { self.cells[tier * count + at].left().first().copied() }
    }

    #[inline]
    fn first_sent(&self, tier: usize, post: usize) -> Option<Waiting> {
        self.sent.iter().find(|(of, at, _)| (*of, *at) == (tier, post)).map(|(.., who)| *who)
    }

    fn count(&self, tier: usize, service: usize) -> usize {
        self.counts.get(tier * self.kinds.of.len() + service).copied().unwrap_or(0)
    }

    fn each_in_order(&self, tier: usize, each: &mut dyn FnMut(Waiting)) {
        let mut line: Vec<Waiting> = Vec::with_capacity(self.waiting);
        self.cells_of(tier).for_each(|cell| line.extend_from_slice(cell.left()));
        // Sorted runs one after the other, which the sort merges.
        line.sort_by_key(Waiting::place);
        line.into_iter().for_each(each);
    }

    fn outlook(&self) -> &Outlook {
        &self.outlook
    }

    fn turns_taken(&self, tier: usize) -> u32 {
        self.turns_taken.get(tier).copied().unwrap_or(0)
    }
}
