//! The number: asked for, given or refused, and what became of its paper.

use std::time::Duration;

use super::state::State;
use super::{Command, Desk, Moment};
use crate::view::{NoticeKind, Print};
use wire::{Issued, PrintState, Problem};

/// So long a ticket is shown once its paper is out.
pub const TICKET_SHOWN: Duration = Duration::from_secs(15);
/// So long a ticket is shown whose only copy is the page itself.
pub const TICKET_SHOWN_WITHOUT_PAPER: Duration = Duration::from_secs(60);
/// A printer that has said nothing for so long is not waited for any more.
pub const PRINT_LIMIT: Duration = Duration::from_secs(10);
/// So long a refusal is shown.
pub const REFUSAL_SHOWN: Duration = Duration::from_secs(30);
/// A broker that has not answered by then is said to be out of reach.
pub const ANSWER_LIMIT: Duration = Duration::from_secs(2);
/// Between two tries of the same request.
pub const RETRY_AFTER: Duration = Duration::from_secs(2);

impl Desk {
    pub(super) fn hear_issued(&mut self, now: Moment, attempt: u64, issued: Box<Issued>) -> Vec<Command> {
        if !self.awaits(attempt) {
            // An answer to a customer who has left.
            return Vec::new();
        }
        self.reached = Some(true);
        // A kiosk without a printer has no other copy to give.
        let without_paper = self.visit.paperless || issued.ticket.print.is_none();
        let shown = if without_paper { TICKET_SHOWN_WITHOUT_PAPER } else { TICKET_SHOWN };
        let shown = self.shown_for(shown);
        let print = issued.ticket.print;
        self.state = State::Ticket { issued, print, told: Print::None, issued_at: now, close_at: now + shown };
        self.look_at_paper(now);
        vec![Command::Forget, Command::AskServices(self.language)]
    }

    pub(super) fn hear_refused(&mut self, now: Moment, attempt: u64, problem: Problem) -> Vec<Command> {
        if !self.awaits(attempt) {
            return Vec::new();
        }
        self.reached = Some(true);
        let kind = notice_kind(&problem);
        self.state = State::Refused { kind, reason: problem.title, close_at: now + self.shown_for(REFUSAL_SHOWN) };
        vec![Command::Forget, Command::AskServices(self.language)]
    }

    /// There was no answer, or none but that the broker can give no number at this moment: the same request is sent again.
    pub(super) fn hear_unanswered(&mut self, now: Moment, attempt: u64, problem: Option<&Problem>) {
        if !self.awaits(attempt) {
            return;
        }
        self.reached = Some(problem.is_some());
        if let State::Taking { try_again_at, unable, .. } = &mut self.state {
            *try_again_at = Some(now + RETRY_AFTER);
            *unable = problem.map(notice_kind);
        }
    }

    pub(super) fn print_changed(&mut self, now: Moment, ticket: u64, state: PrintState) {
        if let State::Ticket { issued, print, .. } = &mut self.state
            && issued.ticket.id.0 == ticket
        {
            *print = Some(state);
            self.look_at_paper(now);
        }
    }

    /// When the word about the paper changes, the page stays long enough to act on it: longer where the page is the only copy.
    pub(super) fn look_at_paper(&mut self, now: Moment) {
        let paper_out = !self.paper_out.is_empty();
        let usual = self.shown_for(TICKET_SHOWN);
        if let State::Ticket { print, told, issued_at, close_at, .. } = &mut self.state {
            let word = print_of(*print, paper_out, *issued_at, now);
            if word == *told {
                return;
            }
            *told = word;
            let shown = match word {
                Print::None | Print::Printing | Print::Printed => usual,
                Print::NoPaper | Print::Failed | Print::Uncertain => TICKET_SHOWN_WITHOUT_PAPER,
            };
            *close_at = (*close_at).max(now + shown);
        }
    }

    /// Whoever touches a ticket's page still looks at it.
    pub(super) fn prolong_ticket(&mut self, now: Moment) {
        let shown = self.shown_for(TICKET_SHOWN);
        if let State::Ticket { close_at, .. } = &mut self.state {
            *close_at = (*close_at).max(now + shown);
        }
    }

    fn awaits(&self, attempt: u64) -> bool {
        attempt == self.attempt && matches!(self.state, State::Taking { .. })
    }
}

/// What a customer is told of a print job.
pub(super) fn print_of(state: Option<PrintState>, paper_out: bool, issued_at: Moment, now: Moment) -> Print {
    match state {
        None => Print::None,
        Some(PrintState::Sent | PrintState::Printed) => Print::Printed,
        Some(PrintState::Uncertain) => Print::Uncertain,
        Some(PrintState::Queued | PrintState::Sending | PrintState::Failed | PrintState::Expired) if paper_out => {
            Print::NoPaper
        }
        Some(PrintState::Failed | PrintState::Expired) => Print::Failed,
        Some(PrintState::Queued | PrintState::Sending) if now.saturating_sub(issued_at) >= PRINT_LIMIT => {
            Print::Uncertain
        }
        Some(PrintState::Queued | PrintState::Sending) => Print::Printing,
    }
}

/// A refusal by the name the broker gives it; a name that is newer than this kiosk is shown with the broker's own sentence.
fn notice_kind(problem: &Problem) -> NoticeKind {
    match problem.kind.as_str() {
        "quota_exhausted" => NoticeKind::Quota,
        "window_exhausted" => NoticeKind::WindowQuota,
        "day_not_open" | "ticketing_closed" | "outside_hours" => NoticeKind::Closed,
        "storage" => NoticeKind::Storage,
        "kiosk_storage" => NoticeKind::KioskStorage,
        _ => NoticeKind::Unavailable,
    }
}
