//! What a teller does, what the broker is asked for it, and what is told back.

use wire::{Called, CounterView, Hold, SignIn, TicketId, Transfer};

/// What a teller does: a key, a button, a choice.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// F8: complete what is here and call the next.
    Next,
    /// F4: complete without calling.
    Complete,
    /// F5: the customer sat down.
    Start,
    /// F9: call again.
    Recall,
    /// F10: nobody came.
    NoShow,
    /// F7: set aside; asks why.
    Hold,
    /// F6: send on; asks where to.
    Transfer,
    /// F12: pause and ask why, or go on.
    Pause,
    /// Ctrl+Z: return the ticket that was just called.
    Undo,
    /// Ctrl+1 …: call the nth held ticket, from 0.
    CallHeld(usize),
    /// 1 … 9: the nth choice of the open picker's page, from 0.
    Choose(usize),
    /// 0: the picker's next page.
    MoreChoices,
    /// F3: I go to the customer who has come.
    Received,
    /// Esc: close the picker, or the message.
    Dismiss,
    /// Sign in.
    SignIn(SignIn),
    /// Ctrl+Q: sign out.
    SignOut,
}

/// What the broker is to be asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Order {
    /// `sign-in`
    SignIn(SignIn),
    /// `sign-out`
    SignOut,
    /// `call-next`
    Next,
    /// `call`
    Call(TicketId),
    /// `recall`
    Recall,
    /// `no-show`
    NoShow,
    /// `start`
    Start,
    /// `complete`
    Complete,
    /// `hold`
    Hold(Hold),
    /// `transfer`
    Transfer(Transfer),
    /// `pause`
    Pause(String),
    /// `resume`
    Resume,
    /// `return`
    Return,
    /// `received`, by what the alarm is about
    Receive(String),
}

/// What the broker answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The ticket as it stands.
    Called(Box<Called>),
    /// Nobody waits for this counter.
    Nobody,
    /// The counter as it stands.
    Counter(Box<CounterView>),
    /// It is done, and there is nothing to tell.
    Done,
    /// No, and why, in the teller's language.
    Refused(String),
    /// No answer: it may have been done.
    Unknown,
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// The broker's own words.
    Refused(String),
    /// Nothing is sent while the broker is away.
    Away,
    /// The answer did not come.
    Unknown,
    /// Nobody waits.
    Nobody,
    /// Completed, and nobody waits.
    CompletedNobody,
    /// There is no ticket here.
    NoTicket,
    /// The ticket is being served already.
    AlreadyServing,
    /// A ticket is here: complete it first.
    Busy(String),
    /// Too early for a no-show.
    TooEarly,
    /// The counter is paused.
    Paused,
    /// Too late to undo.
    TooLate,
    /// Returned to the queue.
    Returned(String),
}

/// What a picker asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asking {
    /// Why the ticket is set aside.
    HoldReason,
    /// Where the ticket goes.
    Destination,
    /// Why the counter pauses.
    PauseReason,
}

/// One choice of a picker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The nth of [`crate::reason::HOLDS`].
    Hold(usize),
    /// The nth of [`crate::reason::PAUSES`].
    Pause(usize),
    /// To whoever does this business.
    Service(String),
    /// To this counter.
    Counter(u16),
}
