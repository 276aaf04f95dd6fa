//! How far the one job under way has come.

use wire::PrintJob;

/// How far the one job under way has come.
#[derive(Debug, Default)]
pub(super) enum Work {
    /// There is none.
    #[default]
    None,
    /// The broker is writing down that it is being sent.
    Claiming { job: PrintJob, bytes: Vec<u8> },
    /// Written down; no byte has left.
    Claimed { job: PrintJob, bytes: Vec<u8> },
    /// Bytes are leaving.
    Writing { id: u64 },
    /// All bytes are with the kernel; the printer has not said that the ticket came out. Until when it may take is
    /// open while the printer says what is wrong with it.
    Awaiting { id: u64, until: Option<i64> },
}

impl Work {
    pub(super) fn id(&self) -> Option<u64> {
        match self {
            Self::None => None,
            Self::Claiming { job, .. } | Self::Claimed { job, .. } => Some(job.id),
            Self::Writing { id } | Self::Awaiting { id, .. } => Some(*id),
        }
    }
}
