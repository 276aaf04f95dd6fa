//! What is to be printed: jobs into the outbox, what becomes of them, and what of them is not worth printing any more.

use hall::{TicketId, calendar};
use store::{NewPrintJob, Request, StoreError};
use wire::{PassingKind, PrintJob, PrintReport, PrintState, Slip};

use super::answer::{Answer, ticket_url};
use super::batch::{Writer, answered};
use super::{PRINT_WORTH_MS, PageAsk, moment_of};
use crate::effects;
use crate::slip;
use crate::test_page::test_page;
use crate::view;

/// What a job of the outbox prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Matter {
    Ticket(TicketId),
    /// A page that is no ticket.
    Page,
}

impl Matter {
    /// What the outbox has in the place of a ticket.
    const PAGE: &str = "";

    /// As the outbox has it; `None` when it is nothing this version knows.
    fn of(job: &store::PrintJob) -> Option<Self> {
        if job.ticket == Self::PAGE {
            return Some(Self::Page);
        }
        job.ticket.parse().ok().map(TicketId).map(Self::Ticket)
    }

    fn ticket(self) -> Option<TicketId> {
        match self {
            Self::Ticket(ticket) => Some(ticket),
            Self::Page => None,
        }
    }
}

impl Writer<'_> {
    /// Prints a page that shows how the printer prints; one that still waits for its printer is enough.
    pub(super) fn test_page(&mut self, ask: &PageAsk, rows: &mut Request<'_>) -> Result<Answer, StoreError> {
        if let Some(answer) = answered(ask.key.as_ref(), ask.language, rows)? {
            return Ok(answer);
        }
        let waits =
            |job: &store::PrintJob| Matter::of(job) == Some(Matter::Page) && job.state == store::PrintState::Queued;
        if !rows.pending_print_jobs(Some(&ask.kiosk))?.iter().any(waits) {
            let now = wire::event::timestamp(self.at.utc_ms).to_zoned(self.premises.time_zone.clone());
            let page = test_page(&self.draft.hall, &ask.kiosk, &now, ask.language);
            self.queue(Matter::Page, &ask.kiosk, false, &page, rows)?;
        }
        let answer = Answer::empty();
        if let Some((key, fingerprint)) = &ask.key {
            rows.remember_answer(key, fingerprint, answer.status, &answer.body, self.at.utc_ms)?;
        }
        Ok(answer)
    }

    pub(super) fn enqueue(&mut self, print: effects::Print, rows: &mut Request<'_>) -> Result<(), StoreError> {
        let hall = &self.draft.hall;
        let Some(ticket) = hall.ticket(print.ticket) else { return Ok(()) };
        let Some(kiosk) = ticket.kiosk.clone() else { return Ok(()) };
        let issued = view::issued(hall, self.foreseen, ticket, self.at.utc_ms, view::Sight::Public);
        let url = Some(ticket_url(self.public_url, ticket));
        let zone = &self.premises.time_zone;
        let greeting = calendar::greeting(&self.premises.greetings, moment_of(ticket.issued_at_ms, zone));
        let slip = slip::slip(hall, ticket, &issued, zone, url, print.copy, greeting);
        self.queue(Matter::Ticket(print.ticket), &kiosk, print.copy, &slip, rows)
    }

    fn queue(
        &mut self,
        matter: Matter,
        kiosk: &str,
        copy: bool,
        slip: &Slip,
        rows: &mut Request<'_>,
    ) -> Result<(), StoreError> {
        let ticket = matter.ticket();
        let job = rows.enqueue_print(NewPrintJob {
            kiosk,
            ticket: &ticket.map_or_else(|| Matter::PAGE.to_owned(), |ticket| ticket.to_string()),
            copy,
            body: &serde_json::to_vec(slip).unwrap_or_default(),
            expires_ms: self.at.utc_ms + PRINT_WORTH_MS,
            at_ms: self.at.utc_ms,
        })?;
        self.pass(PassingKind::PrintChanged { job, ticket, kiosk: kiosk.to_owned(), state: PrintState::Queued });
        Ok(())
    }

    pub(super) fn print_report(
        &mut self,
        job: u64,
        report: &PrintReport,
        rows: &mut Request<'_>,
    ) -> Result<Answer, StoreError> {
        use axum::http::StatusCode;
        let state = store_print_state(report.state);
        match rows.set_print_state(job, state, report.detail.as_deref(), self.at.utc_ms) {
            Ok(()) => {}
            Err(error @ StoreError::UnknownPrintJob { .. }) => {
                return Ok(Answer::problem(StatusCode::NOT_FOUND, "unknown_print_job", error.to_string(), None));
            }
            Err(error @ StoreError::IllegalPrintMove { .. }) => {
                return Ok(Answer::problem(StatusCode::CONFLICT, "wrong_state", error.to_string(), None));
            }
            Err(error) => return Err(error),
        }
        self.tell_print(job, report.state, rows)?;
        Ok(Answer::empty())
    }

    fn tell_print(&mut self, job: u64, state: PrintState, rows: &Request<'_>) -> Result<(), StoreError> {
        if let Some(row) = rows.print_job(job)?
            && let Some(matter) = Matter::of(&row)
        {
            self.pass(PassingKind::PrintChanged { job, ticket: matter.ticket(), kiosk: row.kiosk, state });
        }
        Ok(())
    }

    pub(super) fn print_jobs(&mut self, kiosk: Option<&str>, rows: &mut Request<'_>) -> Result<Answer, StoreError> {
        self.expire_prints(rows)?;
        let jobs: Vec<PrintJob> = rows
            .pending_print_jobs(kiosk)?
            .into_iter()
            .filter(|job| matches!(job.state, store::PrintState::Queued | store::PrintState::Sending))
            .filter_map(|job| {
                Some(PrintJob {
                    ticket: Matter::of(&job)?.ticket(),
                    id: job.id,
                    kiosk: job.kiosk,
                    copy: job.copy,
                    state: wire_print_state(job.state),
                    expires_at: wire::event::timestamp(job.expires_ms),
                    slip: serde_json::from_slice(&job.body).ok()?,
                })
            })
            .collect();
        Ok(Answer::json(axum::http::StatusCode::OK, &jobs))
    }

    /// Gives up on prints that nobody could start in time, or whose ticket is over.
    pub(super) fn expire_prints(&mut self, rows: &mut Request<'_>) -> Result<(), StoreError> {
        for job in rows.pending_print_jobs(None)? {
            let over = match Matter::of(&job) {
                Some(Matter::Page) => false,
                Some(Matter::Ticket(ticket)) => {
                    self.draft.hall.ticket(ticket).is_none_or(|ticket| ticket.state.is_final())
                }
                None => true,
            };
            if job.state == store::PrintState::Queued && (over || job.expires_ms <= self.at.utc_ms) {
                rows.set_print_state(job.id, store::PrintState::Expired, None, self.at.utc_ms)?;
                self.tell_print(job.id, PrintState::Expired, rows)?;
            }
        }
        Ok(())
    }
}

pub(super) fn wire_print_state(state: store::PrintState) -> PrintState {
    match state {
        store::PrintState::Queued => PrintState::Queued,
        store::PrintState::Sending => PrintState::Sending,
        store::PrintState::Sent => PrintState::Sent,
        store::PrintState::Printed => PrintState::Printed,
        store::PrintState::Uncertain => PrintState::Uncertain,
        store::PrintState::Failed => PrintState::Failed,
        store::PrintState::Expired => PrintState::Expired,
    }
}

fn store_print_state(state: PrintState) -> store::PrintState {
    match state {
        PrintState::Queued => store::PrintState::Queued,
        PrintState::Sending => store::PrintState::Sending,
        PrintState::Sent => store::PrintState::Sent,
        PrintState::Printed => store::PrintState::Printed,
        PrintState::Uncertain => store::PrintState::Uncertain,
        PrintState::Failed => store::PrintState::Failed,
        PrintState::Expired => store::PrintState::Expired,
    }
}
