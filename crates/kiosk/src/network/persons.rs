//! What is asked about whoever stands before the kiosk. What they typed is in no log, and wiped when it was sent.

use crate::desk::{ANSWER_LIMIT, Lookup, News, StaffReply};
use crate::typed::Typed;
use client::{Client, Error, Key};
use tokio::time::timeout;
use wire::{FindAppointment, IdentityInput, IdentityKind, OpenStaffCorner, StaffAct, StaffCorner, StaffDeed};
use zeroize::Zeroize;

/// A question.
pub(super) enum Question {
    /// Who has this mobile number? The answer is an event.
    Who { number: Typed },
    /// Which appointment has this code?
    Appointment { visit: u64, code: Typed },
    /// Does this PIN open the staff corner?
    Corner { visit: u64, pin: Typed },
    /// What becomes of this deed?
    Deed { visit: u64, key: String, deed: StaffDeed },
}

impl Question {
    /// Asks, and words the answer as news.
    pub(super) async fn ask(self, client: &Client, kiosk: &str) -> Option<News> {
        match self {
            Self::Who { number } => {
                let mut identity = IdentityInput { kind: IdentityKind::Phone, value: number.reveal().to_owned() };
                let answer = timeout(ANSWER_LIMIT, client.identify(kiosk, &identity)).await;
                identity.value.zeroize();
                match answer {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => warn(&error, "asking who a customer is"),
                    Err(_late) => tracing::warn!("no answer in time to who a customer is"),
                }
                None
            }
            Self::Appointment { visit, code } => {
                let mut find = FindAppointment { code: code.reveal().to_owned() };
                let answer = timeout(ANSWER_LIMIT, client.find_appointment(kiosk, &find)).await;
                find.code.zeroize();
                let found = match answer {
                    Ok(Ok(appointment)) => Lookup::Found(appointment),
                    Ok(Err(error)) => lookup_of(&error),
                    Err(_late) => Lookup::Unreached,
                };
                Some(News::Booked { visit, found })
            }
            Self::Corner { visit, pin } => {
                let mut open = OpenStaffCorner { pin: pin.reveal().to_owned() };
                let answer = timeout(ANSWER_LIMIT, client.open_staff_corner(kiosk, &open)).await;
                open.pin.zeroize();
                Some(News::Staff { visit, reply: reply_of(answer.ok()) })
            }
            Self::Deed { visit, key, deed } => {
                let act = StaffAct { key, act: deed };
                let answer = timeout(ANSWER_LIMIT, client.staff_act(kiosk, &Key::new(), &act)).await;
                Some(News::Staff { visit, reply: reply_of(answer.ok()) })
            }
        }
    }
}

fn lookup_of(error: &Error) -> Lookup {
    match error.refusal() {
        Some(problem) if problem.status == 404 => Lookup::Unknown,
        Some(problem) if problem.status == 429 => Lookup::TooMany,
        Some(_) | None => {
            warn(error, "looking an appointment up");
            Lookup::Unreached
        }
    }
}

fn reply_of(answer: Option<Result<StaffCorner, Error>>) -> StaffReply {
    match answer {
        Some(Ok(corner)) => StaffReply::Open(Box::new(corner)),
        Some(Err(error)) => match error.refusal() {
            Some(problem) if problem.status == 429 => StaffReply::Locked,
            Some(problem) if problem.status == 403 => StaffReply::WrongPin,
            Some(problem) if !error.is_passing() => StaffReply::Refused(problem.title.clone()),
            Some(_) | None => {
                warn(&error, "asking for the staff corner");
                StaffReply::Unreached
            }
        },
        None => StaffReply::Unreached,
    }
}

fn warn(error: &Error, what: &str) {
    tracing::warn!(error = error as &dyn std::error::Error, "{what}");
}
