//! One ticket: what is known of it, and the states it goes through.

use serde::{Deserialize, Serialize};

use crate::identity::Identity;
use crate::ids::{CounterNumber, Number, ServiceId, TellerId, TicketCode, TicketId, TierId};

/// A ticket of the current business day.
#[derive(Clone, Debug, PartialEq)]
pub struct Ticket {
    /// Its identity.
    pub id: TicketId,
    /// What the customer sees.
    pub number: Number,
    /// Behind its QR.
    pub code: TicketCode,
    /// The customer's tier.
    pub tier: TierId,
    /// What they came for; a transfer changes it.
    pub service: ServiceId,
    /// Where it stands.
    pub state: TicketState,
    /// When it was issued, UTC ms.
    pub issued_at_ms: i64,
    /// From when the wait counts, UTC ms.
    pub identified_at_ms: i64,
    /// When the tier's waiting limit ends, UTC ms.
    pub deadline_at_ms: i64,
    /// What the queue sorts by: identification, or the booked time of an appointment, less the head start of priority care,
    /// UTC ms. After the clock was set back, the latest arrival before stands for the identification, so that nobody jumps the
    /// queue.
    pub order_ms: i64,
    /// Priority care.
    pub care: Option<Care>,
    /// The time they had booked, UTC ms.
    pub booked_ms: Option<i64>,
    /// The language the customer chose, as a tag (`zh`, `en`).
    pub language: Option<String>,
    /// The kind of customer they said they are, by its Chinese name among the service's documents: their paper lists what that kind
    /// has to bring.
    pub customer: Option<String>,
    /// The kiosk it was taken at; reprints go there.
    pub kiosk: Option<String>,
    /// Who they said they are, masked.
    pub identity: Option<Identity>,
    /// The counter it was transferred to: only that one may call it by itself. It stays until a transfer to a service, so that
    /// a call there can be undone.
    pub only_counter: Option<CounterNumber>,
    /// Whether a dedicated desk took it over by its latest call (分流).
    pub diverted: bool,
    /// A colleague's note from a transfer.
    pub note: Option<String>,
    /// When it was last called or recalled, UTC ms.
    pub last_call_ms: Option<i64>,
    /// Recalls at the present counter.
    pub recalls: u8,
    /// When service started, UTC ms; the wait ends here.
    pub started_at_ms: Option<i64>,
    /// The counter that last had it.
    pub counter: Option<CounterNumber>,
    /// The teller who last had it.
    pub teller: Option<TellerId>,
    /// The customer's rating, 1 to 5.
    pub score: Option<u8>,
    /// Its visits to counters that are over, oldest first.
    pub visits: Vec<Visit>,
    /// What happened to it, oldest first.
    pub history: Vec<Step>,
}

/// What a call cost a counter, from the call until the counter was free for the next. A call that was undone is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// What for: a transfer changes it after this visit.
    pub service: ServiceId,
    /// By whom.
    pub teller: Option<TellerId>,
    /// For how long, in ms.
    pub took_ms: i64,
    /// Whether the customer came.
    pub came: bool,
}

/// Where a ticket stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketState {
    /// In the queue.
    Waiting,
    /// Called to a counter; the customer is on the way, and still waiting.
    Called,
    /// Being served.
    Serving,
    /// Set aside, to be called again by hand.
    Held,
    /// Served.
    Completed,
    /// Called, and nobody came.
    NoShow,
    /// Given up, by the customer, staff or the end of the day.
    Cancelled,
}

impl TicketState {
    /// Whether nothing more is expected to happen to it.
    pub fn is_final(self) -> bool {
        match self {
            Self::Completed | Self::NoShow | Self::Cancelled => true,
            Self::Waiting | Self::Called | Self::Serving | Self::Held => false,
        }
    }
}

/// Why a customer is to be cared for first. Shown as 优先 only, never as a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Care {
    /// 老年人
    Elderly,
    /// 残障人士
    Disabled,
    /// 孕妇
    Pregnant,
    /// 病弱
    Infirm,
}

/// One step of a ticket's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// When, UTC ms.
    pub at_ms: i64,
    /// What.
    pub what: StepKind,
    /// Where.
    pub counter: Option<CounterNumber>,
}

/// Kinds of history steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is the event of the same name in `event`")]
pub enum StepKind {
    Issued,
    Called,
    Recalled,
    Started,
    Completed,
    NoShow,
    Held,
    Transferred,
    Returned,
    Cancelled,
    Rated,
    Prioritised,
    Reprinted,
    Rejoined,
}

impl Ticket {
    /// How long this customer has waited at `now_ms`, or waited until service started or the ticket was cancelled, in ms.
    /// Never negative, even when the clock was set back. A no-show goes on waiting: who comes after all has waited so long.
    pub fn waited_ms(&self, now_ms: i64) -> i64 {
        (self.started_at_ms.or(self.cancelled_at_ms()).unwrap_or(now_ms) - self.identified_at_ms).max(0)
    }

    /// Time left until the limit at `now_ms`, in ms; negative when it is passed.
    pub fn slack_ms(&self, now_ms: i64) -> i64 {
        self.deadline_at_ms - self.started_at_ms.unwrap_or(now_ms)
    }

    /// When the latest service of this customer started, UTC ms: not the first, for a held ticket's absence is not service.
    pub fn latest_start_ms(&self) -> Option<i64> {
        self.history.iter().rev().find(|step| step.what == StepKind::Started).map(|step| step.at_ms)
    }

    /// When it was last called, not counting recalls, UTC ms.
    pub fn latest_call_ms(&self) -> Option<i64> {
        self.history.iter().rev().find(|step| step.what == StepKind::Called).map(|step| step.at_ms)
    }

    /// How long the present visit to a counter takes if it ends at `at_ms` (UTC), from the call, in ms; `None` before any call.
    pub(crate) fn visit_ms(&self, at_ms: i64) -> Option<i64> {
        Some((at_ms - self.latest_call_ms()?).max(0))
    }

    /// Whether it was ever called; a call that was undone is none. With the first call the limit is met or missed for good.
    pub fn was_called(&self) -> bool {
        let count = |what| self.history.iter().filter(|step| step.what == what).count();
        count(StepKind::Called) > count(StepKind::Returned)
    }

    /// Whether it waits for this counter because it came back to it, and not because somebody sent it there.
    pub(crate) fn came_back_to(&self, counter: CounterNumber) -> bool {
        let bound = |step: &&Step| matches!(step.what, StepKind::Rejoined | StepKind::Transferred);
        let by = self.history.iter().rev().find(bound).map(|step| step.what);
        self.only_counter == Some(counter) && by == Some(StepKind::Rejoined)
    }

    /// When service first started in a call before the present one; a call that was undone started nothing. UTC ms.
    pub(crate) fn started_before_this_call(&self) -> Option<i64> {
        let (mut before, mut present) = (None, None);
        for step in &self.history {
            match step.what {
                StepKind::Called => before = before.or(present.take()),
                StepKind::Started => present = Some(step.at_ms),
                StepKind::Returned => present = None,
                StepKind::Issued
                | StepKind::Recalled
                | StepKind::Completed
                | StepKind::NoShow
                | StepKind::Held
                | StepKind::Transferred
                | StepKind::Cancelled
                | StepKind::Rated
                | StepKind::Prioritised
                | StepKind::Reprinted
                | StepKind::Rejoined => {}
            }
        }
        before
    }

    fn cancelled_at_ms(&self) -> Option<i64> {
        let cancelled = self.history.iter().rev().find(|step| step.what == StepKind::Cancelled);
        cancelled.map(|step| step.at_ms)
    }
}
