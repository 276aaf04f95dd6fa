//! The way of the paper: the roll, the piece past the head, the cutter or the tear bar, the presenter.

use std::collections::VecDeque;
use std::time::Instant;

use super::options::{Outlet, PrinterOptions};
use super::ticket::{CutKind, Ink, Strip, Ticket, rows_of};
use crate::font::Font;

/// So many finished tickets are kept; older ones are forgotten, their numbers never used again.
const KEPT_TICKETS: usize = 2000;

/// Where the newest ticket of a printer with a presenter is. The names are those of CEN/XFS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Media {
    /// Nowhere: none was printed, or it was taken.
    #[default]
    NotPresent,
    /// Cut, and held inside.
    Entering,
    /// In the mouth, for the customer to take.
    Present,
    /// Drawn back into the bin.
    Retracted,
}

pub(crate) struct PaperPath {
    dots: usize,
    font: Font,
    pub(crate) outlet: Outlet,
    head_to_cutter: usize,
    near_end_rows: usize,
    /// Dot rows left on the roll; `None`: a roll without end.
    left: Option<usize>,
    piece: Piece,
    tickets: VecDeque<Ticket>,
    finished: usize,
    media: Media,
    retracted: usize,
    pushed_out: usize,
    /// When the last byte of the newest ticket had arrived.
    parted_at: Option<Instant>,
}

/// The paper past the head since the last cut.
#[derive(Default)]
struct Piece {
    strips: Vec<Strip>,
    bytes: Vec<u8>,
    anomalies: Vec<String>,
    first: Option<Instant>,
    last: Option<Instant>,
}

impl PaperPath {
    pub(crate) fn new(options: &PrinterOptions) -> Self {
        Self {
            dots: options.dots,
            font: options.font.clone(),
            outlet: options.outlet,
            head_to_cutter: rows_of(options.head_to_cutter_mm),
            near_end_rows: rows_of(options.near_end_mm),
            left: None,
            piece: Piece::default(),
            tickets: VecDeque::new(),
            finished: 0,
            media: Media::NotPresent,
            retracted: 0,
            pushed_out: 0,
            parted_at: None,
        }
    }

    pub(crate) fn tickets(&self) -> &VecDeque<Ticket> {
        &self.tickets
    }

    pub(crate) fn finished(&self) -> usize {
        self.finished
    }

    pub(crate) fn media(&self) -> Media {
        self.media
    }

    pub(crate) fn retracted(&self) -> usize {
        self.retracted
    }

    pub(crate) fn pushed_out(&self) -> usize {
        self.pushed_out
    }

    /// Dot rows left; `None`: a roll without end.
    pub(crate) fn left(&self) -> Option<usize> {
        self.left
    }

    pub(crate) fn is_near_end(&self) -> bool {
        self.left.is_some_and(|left| left <= self.near_end_rows)
    }

    pub(crate) fn hanging_lines(&self) -> Vec<String> {
        text_lines(&self.piece.strips)
    }

    pub(crate) fn has_bytes(&self) -> bool {
        !self.piece.bytes.is_empty()
    }

    /// `bytes` worked off on the way to the present piece.
    pub(crate) fn note(&mut self, bytes: &[u8], since: Instant, until: Instant) {
        self.piece.first.get_or_insert(since);
        self.piece.last = Some(until);
        self.piece.bytes.extend(bytes);
    }

    /// `bytes` that belong to the newest ticket though they came behind its cut.
    pub(crate) fn note_behind_the_cut(&mut self, bytes: &[u8], at: Instant) {
        if let Some(ticket) = self.tickets.back_mut() {
            ticket.bytes.extend(bytes);
            ticket.last_byte_at = at;
        }
    }

    pub(crate) fn anomaly(&mut self, what: String) {
        self.piece.anomalies.push(what);
    }

    /// Prints as many rows of `strip` as there is paper for, and returns the rest.
    pub(crate) fn print(&mut self, strip: &Strip) -> Strip {
        let rows = self.left.map_or(strip.rows(), |left| left.min(strip.rows()));
        let (printed, rest) = strip.split(rows);
        if printed.rows() > 0 {
            self.piece.strips.push(printed);
        }
        if let Some(left) = &mut self.left {
            *left -= rows;
        }
        rest
    }

    /// A roll of so many dot rows, or one without end. If the old one had ended, a half-printed piece comes off with it.
    pub(crate) fn load(&mut self, rows: Option<usize>) {
        if self.left == Some(0) {
            if self.piece.strips.iter().any(has_ink) {
                self.finish(CutKind::PaperEnd, 0);
            }
            self.piece.strips.clear();
        }
        self.left = rows;
    }

    /// The roll ends after `rows` more.
    pub(crate) fn leave(&mut self, rows: usize) {
        self.left = Some(rows);
    }

    /// Parts what is past the cutter or the bar from the roll; false when nothing is.
    pub(crate) fn part(&mut self, kind: CutKind) -> bool {
        let rows: usize = self.piece.strips.iter().map(Strip::rows).sum();
        let past = rows > self.head_to_cutter;
        if past {
            self.finish(kind, self.head_to_cutter);
        }
        past
    }

    /// Cuts; with a presenter the ticket is then held inside.
    pub(crate) fn cut(&mut self, kind: CutKind) {
        if self.outlet == Outlet::Presenter && self.media == Media::Present {
            self.anomaly("printed while the ticket before had not been taken".to_owned());
        }
        if !self.part(kind) {
            self.anomaly("cut without any paper fed".to_owned());
        } else if self.outlet == Outlet::Presenter {
            self.media = Media::Entering;
        }
    }

    /// Hands the newest ticket out; one that is not cut is cut first.
    pub(crate) fn present(&mut self) {
        if self.cut_before_moving() {
            self.media = Media::Present;
        }
    }

    /// Hands the newest ticket out, or lets go the one that is in the mouth: it drops.
    pub(crate) fn eject(&mut self) {
        let before = self.finished;
        if self.media == Media::Present && self.cut_before_moving() && self.finished == before {
            self.media = Media::NotPresent;
            self.pushed_out += 1;
        } else {
            self.present();
        }
    }

    /// Draws the newest ticket back into the bin; one that is not cut is cut first.
    pub(crate) fn retract(&mut self) {
        if self.cut_before_moving() {
            self.media = Media::Retracted;
            self.retracted += 1;
        }
    }

    /// The customer takes what the presenter holds out; false when it holds nothing out.
    pub(crate) fn take(&mut self) -> bool {
        let present = self.media == Media::Present;
        if present {
            self.media = Media::NotPresent;
        }
        present
    }

    /// Whether there is a ticket for the presenter to move.
    fn cut_before_moving(&mut self) -> bool {
        if self.piece.strips.iter().any(has_ink) && self.part(CutKind::Full) {
            self.media = Media::Entering;
        }
        matches!(self.media, Media::Entering | Media::Present)
    }

    /// Ends the piece `keep` rows behind the head; what is not past the cutter begins the next.
    fn finish(&mut self, cut: CutKind, keep: usize) {
        let mut piece = std::mem::take(&mut self.piece);
        // Paper moves only because bytes came; what an earlier cut left behind came with the ticket before.
        let (Some(first), Some(last)) = (piece.first.or(self.parted_at), piece.last.or(self.parted_at)) else {
            self.piece = piece;
            return;
        };
        self.parted_at = Some(last);
        let behind = behind_the_cutter(&mut piece.strips, keep);
        if behind.first().is_some_and(|strip| strip.from > 0 && has_ink(strip)) {
            piece.anomalies.push("cut through a printed line".to_owned());
        }
        self.piece.strips = behind;
        self.finished += 1;
        let rows: usize = piece.strips.iter().map(Strip::rows).sum();
        let qr = piece
            .strips
            .iter()
            .filter(|strip| strip.from == 0)
            .filter_map(|strip| match &*strip.ink {
                Ink::Code { says, .. } => Some(says.clone()),
                Ink::Blank | Ink::Text { .. } | Ink::Row { .. } => None,
            })
            .collect();
        self.tickets.push_back(Ticket {
            number: self.finished,
            bytes: piece.bytes,
            text_lines: text_lines(&piece.strips),
            qr,
            cut,
            anomalies: piece.anomalies,
            length_mm: rows as f32 / super::ticket::DOTS_PER_MM,
            first_byte_at: first,
            last_byte_at: last,
            dots: self.dots,
            strips: piece.strips,
            font: self.font.clone(),
        });
        if self.tickets.len() > KEPT_TICKETS {
            self.tickets.pop_front();
        }
    }
}

/// Takes the last `rows` rows off `strips`.
fn behind_the_cutter(strips: &mut Vec<Strip>, mut rows: usize) -> Vec<Strip> {
    let mut behind = Vec::new();
    while rows > 0
        && let Some(strip) = strips.pop()
    {
        let (before, after) = strip.split(strip.rows().saturating_sub(rows));
        rows -= after.rows();
        if before.rows() > 0 {
            strips.push(before);
        }
        behind.push(after);
    }
    behind.reverse();
    behind
}

fn text_lines(strips: &[Strip]) -> Vec<String> {
    // A line counts where its first row is: a roll ending in the middle of it does not print it twice.
    strips
        .iter()
        .filter(|strip| strip.from == 0)
        .filter_map(|strip| match &*strip.ink {
            Ink::Text { text, .. } if !text.is_empty() => Some(text.clone()),
            Ink::Blank | Ink::Text { .. } | Ink::Row { .. } | Ink::Code { .. } => None,
        })
        .collect()
}

fn has_ink(strip: &Strip) -> bool {
    match &*strip.ink {
        Ink::Blank => false,
        Ink::Text { .. } | Ink::Row { .. } | Ink::Code { .. } => true,
    }
}
