//! Queues made for speed: of each tier and service a sorted list and how far it was called. A forecast runs them hundreds of
//! times from the same beginning, so they can be wound back without asking for memory.

use hall::routing::{Floor, Lines, Outlook, Pick, Rule, Waiting};

/// Who waits in a simulated hall.
#[derive(Clone, Debug, Default)]
pub struct SimLines {
    services: usize,
    cells: Vec<Cell>,
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

#[derive(Clone, Debug, Default)]
struct Cell {
    /// By place; those before `called` are gone.
    places: Vec<Waiting>,
    called: usize,
    at_start: Vec<Waiting>,
}

impl SimLines {
    /// Empty queues for this floor.
    pub fn new(floor: &Floor) -> Self {
        let tiers = floor.tiers();
        Self {
            services: floor.services,
            cells: vec![Cell::default(); tiers * floor.services],
            turns_taken: vec![0; tiers],
            turns_at_start: vec![0; tiers],
            outlook: Outlook::presumed(floor),
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
        for service in 0..self.services {
            self.waiting_for(tier, service).iter().for_each(|who| each(*who));
        }
        self.sent.iter().filter(|(of, ..)| *of == tier).for_each(|(.., who)| each(*who));
    }

    /// Those of one tier who wait for one service, first come first, but for those sent to one counter.
    pub fn waiting_for(&self, tier: usize, service: usize) -> &[Waiting] {
        self.cells.get(tier * self.services + service).map_or(&[], |cell| &cell.places[cell.called..])
    }

    /// Lets somebody wait, in their place.
    pub fn add(&mut self, tier: usize, who: Waiting) {
        let Some(cell) = self.cells.get_mut(tier * self.services + who.service) else { return };
        let mut at = cell.places.len();
        // Nearly everybody comes last; priority care and old places go further forward.
        while at > cell.called && cell.places[at - 1].place() > who.place() {
            at -= 1;
        }
        cell.places.insert(at, who);
        self.waiting += 1;
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
        let Some(cell) = self.cells.get_mut(tier * self.services + who.service) else { return false };
        let Some(at) = cell.places[cell.called..].iter().position(|other| other.ticket == who.ticket) else {
            return false;
        };
        if at == 0 {
            cell.called += 1;
        } else {
            // Somebody from the middle: the ones before move up, and the memory before them stays.
            cell.places[cell.called..=cell.called + at].rotate_right(1);
            cell.called += 1;
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
        self.sent_at_start.clone_from(&self.sent);
        self.turns_at_start.clone_from(&self.turns_taken);
        self.outlook_at_start.clone_from(&self.outlook);
        self.waiting_at_start = self.waiting;
    }

    /// Brings the remembered queues back.
    pub fn wind_back(&mut self) {
        for cell in &mut self.cells {
            // Not only those who came since are in between: a diversion from the middle has moved the others.
            cell.places.clone_from(&cell.at_start);
            cell.called = 0;
        }
        self.sent.clone_from(&self.sent_at_start);
        self.turns_taken.clone_from(&self.turns_at_start);
        self.outlook.clone_from(&self.outlook_at_start);
        self.waiting = self.waiting_at_start;
    }
}

impl Lines for SimLines {
    #[inline]
    fn first(&self, tier: usize, service: usize) -> Option<Waiting> {
        let cell = self.cells.get(tier * self.services + service)?;
        cell.places.get(cell.called).copied()
    }

    #[inline]
    fn first_sent(&self, tier: usize, post: usize) -> Option<Waiting> {
        self.sent.iter().find(|(of, at, _)| (*of, *at) == (tier, post)).map(|(.., who)| *who)
    }

    fn count(&self, tier: usize, service: usize) -> usize {
        self.waiting_for(tier, service).len()
    }

    fn each_in_order(&self, tier: usize, each: &mut dyn FnMut(Waiting)) {
        let mut line: Vec<Waiting> = Vec::with_capacity(self.waiting);
        (0..self.services).for_each(|service| line.extend_from_slice(self.waiting_for(tier, service)));
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
