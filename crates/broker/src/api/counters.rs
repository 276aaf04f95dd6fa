//! `/counters/{n}`: what tellers ask.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Response, StatusCode, header};
use hall::command::CounterAct;
use hall::{Command, CounterNumber, Destination, Language};
use wire::{CallTicket, Called, Cancel, Complete, CounterView, Hold, Pause, Problem, SignIn, Transfer};

use super::body::{Asked, too_long};
use super::{App, problem};
use crate::access::PinCheck;
use crate::engine::Reply;

/// A teller begins at a counter.
#[utoipa::path(post, path = "/counters/{n}/sign-in", tag = "counters", request_body = SignIn, params(("n" = u16, Path)),
    responses((status = 200, body = CounterView), (status = 401, body = Problem), (status = 409, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn sign_in(State(app): State<App>, Path(n): Path<String>, asked: Asked<SignIn>) -> Response<Body> {
    let Some(counter) = number(&n) else { return no_counter(&n) };
    if app.published.read().world.hall.rules().counter(counter).is_none() {
        return no_counter(&n);
    }
    let SignIn { teller, pin } = &asked.body;
    let chinese = asked.caller.language == Language::Zh;
    match app.access.check_pin(counter.0, teller, pin, app.clock.now_ms()) {
        PinCheck::Right => {}
        PinCheck::Wrong => {
            tracing::info!(%counter, teller, "wrong PIN");
            let title = if chinese { "工号或密码不正确" } else { "Work number or PIN is wrong" };
            return problem(StatusCode::UNAUTHORIZED, "wrong_pin", title, None);
        }
        PinCheck::Throttled { seconds } => {
            let title = if chinese {
                "密码错误次数过多，请稍后再试"
            } else {
                "Too many wrong PINs at this counter"
            };
            let mut answer = problem(StatusCode::TOO_MANY_REQUESTS, "throttled", title, None);
            answer.headers_mut().insert(header::RETRY_AFTER, seconds.into());
            return answer;
        }
    }
    let command = Command::SignIn { counter, teller: teller.as_str().into() };
    app.command(&asked.caller, asked.request(), command, reply::counter(counter)).await
}

macro_rules! act {
    ($(#[$doc:meta])* $name:ident, $path:literal, $body:ty => $answer:ty, $reply:ident, |$asked:ident| $act:expr) => {
        $(#[$doc])*
        #[utoipa::path(post, path = $path, tag = "counters", request_body = $body, params(("n" = u16, Path)),
            responses((status = 200, body = $answer), (status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
        pub(crate) async fn $name(State(app): State<App>, Path(n): Path<String>, asked: Asked<$body>) -> Response<Body> {
            let Some(counter) = number(&n) else { return no_counter(&n) };
            let $asked = &asked.body;
            for (field, text) in $asked.texts() {
                if let Some(answer) = too_long(field, text) {
                    return answer;
                }
            }
            let act: CounterAct = $act;
            let command = Command::AtCounter { counter, act };
            app.command(&asked.caller, asked.request(), command, reply::$reply(counter)).await
        }
    };
}

act!(
    /// The teller leaves.
    sign_out, "/counters/{n}/sign-out", Cancel => CounterView, counter, |_asked| CounterAct::SignOut
);
act!(
    /// The teller pauses.
    pause, "/counters/{n}/pause", Pause => CounterView, counter, |asked| CounterAct::Pause { reason: asked.reason.clone() }
);
act!(
    /// The teller goes on.
    resume, "/counters/{n}/resume", Cancel => CounterView, counter, |_asked| CounterAct::Resume
);
act!(
    /// Completes what is at the counter and calls the next ticket; 204 when nobody waits for this counter.
    call_next, "/counters/{n}/call-next", Cancel => Called, called, |_asked| CounterAct::CallNext
);
act!(
    /// Calls a certain ticket: waiting, held, or a no-show who came after all.
    call, "/counters/{n}/call", CallTicket => Called, called, |asked| CounterAct::Call { ticket: asked.ticket }
);
act!(
    /// Calls the same number again.
    recall, "/counters/{n}/recall", Cancel => Called, ticket, |_asked| CounterAct::Recall
);
act!(
    /// Nobody came.
    no_show, "/counters/{n}/no-show", Cancel => Called, ticket, |_asked| CounterAct::NoShow
);
act!(
    /// The customer sits down: the wait ends.
    start, "/counters/{n}/start", Cancel => Called, ticket, |_asked| CounterAct::Start
);
act!(
    /// Done.
    complete, "/counters/{n}/complete", Complete => Called, ticket, |asked| CounterAct::Complete { outcome: asked.outcome.clone() }
);
act!(
    /// Sets the ticket aside.
    hold, "/counters/{n}/hold", Hold => Called, ticket, |asked| CounterAct::Hold { reason: asked.reason.clone(), kind: asked.kind }
);
act!(
    /// Undoes the call: back to its place in the queue.
    give_back, "/counters/{n}/return", Cancel => Called, ticket, |_asked| CounterAct::Return
);

/// Sends the customer on, with or without keeping their place by original arrival.
#[utoipa::path(post, path = "/counters/{n}/transfer", tag = "counters", request_body = Transfer, params(("n" = u16, Path)),
    responses((status = 200, body = Called), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn transfer(State(app): State<App>, Path(n): Path<String>, asked: Asked<Transfer>) -> Response<Body> {
    let Some(counter) = number(&n) else { return no_counter(&n) };
    let to = match (&asked.body.service, asked.body.counter) {
        (Some(service), None) => Destination::Service(service.as_str().into()),
        (None, Some(counter)) => Destination::Counter(CounterNumber(counter)),
        (Some(_), Some(_)) | (None, None) => {
            let detail = Some("give exactly one of `service` and `counter`".to_owned());
            return problem(StatusCode::UNPROCESSABLE_ENTITY, "bad_field", "Where to transfer is not clear", detail);
        }
    };
    if let Some(answer) = too_long("note", asked.body.note.as_deref()) {
        return answer;
    }
    let keep_place = asked.body.keep_place.unwrap_or(true);
    let act = CounterAct::Transfer { to, keep_place, note: asked.body.note.clone() };
    app.command(&asked.caller, asked.request(), Command::AtCounter { counter, act }, reply::ticket(counter)).await
}

/// The texts of a body that a person wrote, by field.
trait Texts {
    fn texts(&self) -> Vec<(&'static str, Option<&str>)> {
        vec![]
    }
}

impl Texts for Cancel {}

impl Texts for CallTicket {}

impl Texts for Pause {
    fn texts(&self) -> Vec<(&'static str, Option<&str>)> {
        vec![("reason", Some(&self.reason))]
    }
}

impl Texts for Complete {
    fn texts(&self) -> Vec<(&'static str, Option<&str>)> {
        vec![("outcome", self.outcome.as_deref())]
    }
}

impl Texts for Hold {
    fn texts(&self) -> Vec<(&'static str, Option<&str>)> {
        vec![("reason", Some(&self.reason))]
    }
}

/// How the acts' answers look.
mod reply {
    use super::{CounterNumber, Reply};

    /// The counter as it is now.
    pub(super) fn counter(counter: CounterNumber) -> Reply {
        Reply::Counter(counter)
    }

    /// The ticket called, or nothing.
    pub(super) fn called(counter: CounterNumber) -> Reply {
        Reply::Called(counter)
    }

    /// The ticket the act was about, also when it has left the counter.
    pub(super) fn ticket(counter: CounterNumber) -> Reply {
        Reply::AtCounter(counter)
    }
}

fn number(text: &str) -> Option<CounterNumber> {
    text.parse().ok().map(CounterNumber)
}

fn no_counter(text: &str) -> Response<Body> {
    let detail = Some(format!("`{text}` is not the number of a counter"));
    problem(StatusCode::NOT_FOUND, "unknown_counter", "There is no such counter", detail)
}
