//! `/kiosks/{name}/staff`: the hidden corner of a kiosk, where staff print a ticket again, stop numbers, try the printer.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Response, StatusCode, header};
use hall::{Command, Language, TicketId};
use tokio::sync::oneshot;
use wire::profile::Part;
use wire::{OpenStaffCorner, Place, Problem, StaffAct, StaffCorner, StaffDeed};

use super::body::Asked;
use super::hall::unknown_kiosk;
use super::tickets::random_code;
use super::{App, json, problem, respond};
use crate::access::PinCheck;
use crate::engine::{Answer, Ask, PageAsk, Reply};
use crate::view::{self, Sight};

/// Tickets that the corner shows.
const LATEST: usize = 8;

/// Staff open the corner of a kiosk with the kiosk's PIN, which stands in `DIR/access.toml`. After five wrong ones the kiosk
/// waits a minute.
#[utoipa::path(post, path = "/kiosks/{name}/staff", tag = "kiosks", request_body = OpenStaffCorner,
    params(("name" = String, Path)), responses((status = 200, body = StaffCorner), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 429, body = Problem)))]
pub(crate) async fn open(
    State(app): State<App>,
    Path(kiosk): Path<String>,
    asked: Asked<OpenStaffCorner>,
) -> Response<Body> {
    if !app.has_kiosk(&kiosk) {
        return unknown_kiosk();
    }
    let language = asked.caller.language;
    let now_ms = app.clock.now_ms();
    match app.access.check_kiosk_pin(&kiosk, &asked.body.pin, now_ms) {
        PinCheck::Right => {}
        PinCheck::Wrong => {
            tracing::warn!(kiosk, "a wrong PIN for the staff corner");
            // The page is public: where the PIN stands is told in the detail, which it does not show.
            let words = ("密码不正确", "The PIN is wrong; it stands under [kiosk_pin] in access.toml");
            return refused(StatusCode::FORBIDDEN, "wrong_pin", words, language);
        }
        PinCheck::Throttled { seconds } => {
            tracing::warn!(kiosk, seconds, "the staff corner is locked after too many wrong PINs");
            let words = ("密码错误次数过多，请稍后再试", "Too many wrong PINs at this kiosk; try again later");
            let mut answer = refused(StatusCode::TOO_MANY_REQUESTS, "throttled", words, language);
            answer.headers_mut().insert(header::RETRY_AFTER, seconds.into());
            return answer;
        }
    }
    let Some(key) = random_code().map(|code| code.to_string()) else {
        return problem(StatusCode::SERVICE_UNAVAILABLE, "no_chance", "The system has no randomness to give", None);
    };
    app.corners.open(&kiosk, &key, now_ms);
    tracing::info!(kiosk, "staff opened the corner");
    json(&corner(&app, &kiosk, key))
}

/// Staff do something in the open corner of a kiosk; the answer says how things stand then.
#[utoipa::path(post, path = "/kiosks/{name}/staff/act", tag = "kiosks", request_body = StaffAct,
    params(("name" = String, Path)), responses((status = 200, body = StaffCorner), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn act(State(app): State<App>, Path(kiosk): Path<String>, asked: Asked<StaffAct>) -> Response<Body> {
    if !app.has_kiosk(&kiosk) {
        return unknown_kiosk();
    }
    let language = asked.caller.language;
    let StaffAct { key, act } = &asked.body;
    if !app.corners.renew(&kiosk, key, app.clock.now_ms()) {
        let words = ("已退出员工界面，请重新输入密码", "The staff corner was closed; give the PIN again");
        return refused(StatusCode::FORBIDDEN, "corner_closed", words, language);
    }
    let command = match *act {
        StaffDeed::Look {} => None,
        StaffDeed::Reprint { ticket } => {
            if !is_of(&app, &kiosk, ticket) {
                let words = ("今天本机没有出过这张号票", "This kiosk has given out no such ticket today");
                return refused(StatusCode::NOT_FOUND, "unknown_ticket", words, language);
            }
            Some((Command::Reprint { ticket }, Reply::Ticket(ticket)))
        }
        StaffDeed::Ticketing { open } => Some((Command::SetTicketing { open }, Reply::Nothing)),
        StaffDeed::TestPrint {} => {
            let answer = test_print(&app, &kiosk, &asked).await;
            if !answer.status().is_success() {
                return answer;
            }
            None
        }
    };
    if let Some((command, reply)) = command {
        let answer = app.command(&asked.caller, asked.request(), command, reply).await;
        if !answer.status().is_success() {
            return answer;
        }
    }
    tracing::info!(kiosk, ?act, "staff at the kiosk");
    json(&corner(&app, &kiosk, key.clone()))
}

/// Prints a page that is no ticket.
async fn test_print(app: &App, kiosk: &str, asked: &Asked<StaffAct>) -> Response<Body> {
    let here = Place::Kiosk(kiosk.to_owned());
    let language = asked.caller.language;
    if !app.premises.devices.iter().any(|device| device.place == here && device.profile.part() == Part::Printer) {
        let words = ("本机没有打印机", "This kiosk has no printer");
        return refused(StatusCode::CONFLICT, "no_printer", words, language);
    }
    let key = asked.caller.keyed(asked.request());
    let (respond, answer) = oneshot::channel();
    let page = PageAsk { key, kiosk: kiosk.to_owned(), language, respond };
    app.ask(Ask::TestPage(Box::new(page)), answer, language).await
}

/// How things stand at a kiosk. Its page is seen by whoever passes, so tickets are told as the public may see them.
fn corner(app: &App, kiosk: &str, key: String) -> StaffCorner {
    let here = Place::Kiosk(kiosk.to_owned());
    let now_ms = app.clock.now_ms();
    let state = app.published.read();
    let hall = &state.world.hall;
    let latest = hall.tickets().rev().filter(|ticket| ticket.kiosk.as_deref() == Some(kiosk)).take(LATEST);
    let tickets = latest.map(|ticket| {
        let mut view = view::ticket(hall, ticket, now_ms, Sight::Public);
        view.print = state.prints.get(&ticket.id).map(|(_, print, _)| *print);
        view
    });
    StaffCorner {
        key,
        ticketing_open: hall.ticketing_open(),
        tickets: tickets.collect(),
        devices: state.devices.values().filter(|device| device.place == here).cloned().collect(),
    }
}

fn is_of(app: &App, kiosk: &str, ticket: TicketId) -> bool {
    let state = app.published.read();
    state.world.hall.ticket(ticket).is_some_and(|ticket| ticket.kiosk.as_deref() == Some(kiosk))
}

/// A refusal in the language asked for, with the English words beside other ones.
fn refused(status: StatusCode, kind: &str, (zh, en): (&str, &str), language: Language) -> Response<Body> {
    let (title, detail) = match language {
        Language::Zh => (zh, Some(en.to_owned())),
        Language::En => (en, None),
    };
    respond(Answer::problem(status, kind, title.to_owned(), detail))
}
