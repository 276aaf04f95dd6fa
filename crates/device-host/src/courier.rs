//! Between the devices and the broker: one task a device that asks, commands and reports for it, so that no port ever
//! waits for the network.

use std::sync::Arc;
use std::time::{Duration, Instant};

use client::{Client, Error, Key, with_causes};
use tokio::sync::{mpsc, watch};
use tokio::time::{sleep, timeout};
use wire::{
    Complete, DeviceReport, HallSnapshot, Hold, HoldKind, Pause, Place, PrintReport, PrintState, Rating, Transfer,
};

use crate::device::{Request, Told};
use crate::feed::Signs;
use crate::{keypad, notice, printer};

const FIRST_RETRY: Duration = Duration::from_millis(200);
const LAST_RETRY: Duration = Duration::from_secs(3);
/// How long a key may take; longer, and the teller has pressed something else.
const KEY_TIMEOUT: Duration = Duration::from_secs(6);
/// How long it may take to tell who stands there; longer, and they have gone on without.
const IDENTITY_TIMEOUT: Duration = Duration::from_secs(3);
/// How long the same key pressed again stands for the command that got no answer.
const SAME_COMMAND: Duration = Duration::from_secs(30);
/// Times a key's command is sent, always with the same idempotency key.
const KEY_TRIES: u32 = 3;
/// How often a device's state is reported although it has not changed.
const REPEAT: Duration = Duration::from_secs(10);
/// HTTP 409: the job is not in a state from which it could go there.
const CONFLICT: u16 = 409;
/// What stands as the reason of a pause or hold made by a key, read by staff: "the keypad".
const REASON: &str = "按键器";

/// The way to a device: its bus's inbox and its seat there.
#[derive(Clone)]
pub(crate) struct Way {
    pub(crate) bus: mpsc::Sender<(usize, Told)>,
    pub(crate) seat: usize,
}

/// The bus is gone: the host stops.
struct Stopped;

impl Way {
    async fn tell(&self, told: Told) -> Result<(), Stopped> {
        self.bus.send((self.seat, told)).await.map_err(|_| Stopped)
    }
}

/// Does it again, ever slower, until the broker answered. None when it answered no, which is logged.
pub(crate) async fn persist<T, F: Future<Output = Result<T, Error>>>(
    act: &str,
    mut doing: impl FnMut() -> F,
) -> Option<T> {
    let mut retry = FIRST_RETRY;
    loop {
        match doing().await {
            Ok(done) => return Some(done),
            Err(error) if error.is_passing() => sleep(retry).await,
            Err(error) => {
                tracing::warn!(act, error = with_causes(&error), "the broker refused");
                return None;
            }
        }
        retry = (retry * 2).min(LAST_RETRY);
    }
}

/// For a printer: fetches jobs when there may be some, claims and reports them. Ends when its bus did and every report
/// is delivered.
pub(crate) async fn for_printer(
    client: Client,
    kiosk: String,
    way: Way,
    mut requests: mpsc::Receiver<Request>,
    mut jobs: watch::Receiver<u64>,
) {
    loop {
        let done = tokio::select! {
            biased;
            request = requests.recv() => match request {
                Some(Request::Printer(request)) => carry_out(&client, &kiosk, &way, request).await,
                Some(Request::Keypad(_) | Request::Identify(_)) => Ok(()),
                None => return,
            },
            Ok(()) = jobs.changed() => {
                match persist("asking for the print jobs", || client.print_jobs(Some(&kiosk))).await {
                    Some(jobs) => way.tell(Told::Printer(printer::Told::Jobs(jobs))).await,
                    None => Ok(()),
                }
            }
        };
        if let Err(Stopped) = done {
            // What the printer still said of its jobs counts.
            while let Some(Request::Printer(request)) = requests.recv().await {
                carry_out(&client, &kiosk, &way, request).await.ok();
            }
            return;
        }
    }
}

/// For a keypad: sends its keys' commands, and tells it how its counter is.
pub(crate) async fn for_keypad(
    client: Client,
    counter: u16,
    way: Way,
    mut requests: mpsc::Receiver<Request>,
    mut hall: watch::Receiver<Option<Arc<HallSnapshot>>>,
) {
    let mut unanswered = None;
    loop {
        let told = tokio::select! {
            biased;
            request = requests.recv() => match request {
                Some(Request::Keypad(command)) => {
                    let told = press(&client, counter, command, &mut unanswered).await;
                    // A snapshot from before the command would show the past; the command's own event brings a new one.
                    hall.mark_unchanged();
                    Some(told)
                }
                Some(Request::Printer(_) | Request::Identify(_)) => None,
                None => return,
            },
            Ok(()) = hall.changed() => {
                let hall = hall.borrow_and_update().clone();
                let view = hall.and_then(|hall| hall.counters.iter().find(|view| view.number == counter).cloned());
                view.map(|view| keypad::Told::Counter(Box::new(view)))
            }
        };
        if let Some(told) = told
            && way.tell(Told::Keypad(Box::new(told))).await.is_err()
        {
            return;
        }
    }
}

/// For a reader: tells the broker who stands before the kiosk. Whom it cannot be told of in time is an ordinary customer, and
/// may try again: nothing is kept to be told later.
pub(crate) async fn for_reader(client: Client, kiosk: String, mut requests: mpsc::Receiver<Request>) {
    while let Some(mut request) = requests.recv().await {
        // Whoever came before has gone on, and must not be taken for the one who stands there now.
        while let Ok(newer) = requests.try_recv() {
            request = newer;
        }
        let Request::Identify(identity) = request else { continue };
        match timeout(IDENTITY_TIMEOUT, client.identify(&kiosk, &identity)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(kiosk, error = with_causes(&error), "somebody could not be identified"),
            Err(_) => tracing::warn!(kiosk, "identifying somebody took too long"),
        }
    }
}

/// For a sign: tells it what it is to show whenever that is otherwise.
pub(crate) async fn for_sign(place: Place, way: Way, mut signs: watch::Receiver<Signs>) {
    let mut told = None;
    loop {
        let wanted = signs.borrow_and_update().get(&place).cloned();
        if let Some(sign) = wanted
            && told.as_ref() != Some(&sign)
        {
            told = Some(sign.clone());
            if way.tell(Told::Sign(sign)).await.is_err() {
                return;
            }
        }
        if signs.changed().await.is_err() {
            return;
        }
    }
}

/// For any device: reports how it is on every change, again to a broker that came back, and every [`REPEAT`], so that the
/// broker knows that somebody is there to report.
pub(crate) async fn for_health(
    client: Client,
    name: String,
    mut health: watch::Receiver<Option<DeviceReport>>,
    mut connected: watch::Receiver<u64>,
) {
    let mut retry = FIRST_RETRY;
    loop {
        let report = health.borrow_and_update().clone();
        connected.mark_unchanged();
        let again = match &report {
            Some(report) => match client.report_device(&name, report).await {
                Ok(()) => None,
                Err(error) if error.is_passing() => Some(retry),
                Err(error) => {
                    tracing::warn!(device = name, error = with_causes(&error), "the broker refused a device's state");
                    None
                }
            },
            None => None,
        };
        retry = if again.is_some() { (retry * 2).min(LAST_RETRY) } else { FIRST_RETRY };
        tokio::select! {
            changed = health.changed() => {
                if changed.is_err() {
                    return;
                }
            }
            Ok(()) = connected.changed() => {}
            () = sleep(again.unwrap_or(REPEAT)), if report.is_some() => {}
        }
    }
}

async fn carry_out(client: &Client, kiosk: &str, way: &Way, request: printer::Request) -> Result<(), Stopped> {
    match request {
        printer::Request::Claim(id) => {
            let claimed = claim(client, id).await;
            let told = if claimed { printer::Told::Claimed(id) } else { printer::Told::Withdrawn(id) };
            way.tell(Told::Printer(told)).await
        }
        printer::Request::Report(id, report) => {
            notice::print_job(kiosk, id, &report);
            persist("reporting a print job", || client.report_print(id, &report)).await;
            Ok(())
        }
    }
}

/// Writes down that a job is being sent. True when it is this host that sends it.
async fn claim(client: &Client, id: u64) -> bool {
    let sending = PrintReport { state: PrintState::Sending, detail: None };
    let mut retry = FIRST_RETRY;
    let mut answer_lost = false;
    loop {
        match client.report_print(id, &sending).await {
            Ok(()) => return true,
            Err(error) if error.is_passing() => {
                answer_lost = true;
                sleep(retry).await;
                retry = (retry * 2).min(LAST_RETRY);
            }
            // A claim is made once. After a lost answer the one that stands in the way is our own.
            Err(error) if answer_lost && error.refusal().is_some_and(|problem| problem.status == CONFLICT) => {
                let jobs = persist("asking for the print jobs", || client.print_jobs(None)).await.unwrap_or_default();
                return jobs.iter().any(|job| job.id == id && job.state == PrintState::Sending);
            }
            Err(error) => {
                tracing::warn!(job = id, error = with_causes(&error), "a print job was withdrawn");
                return false;
            }
        }
    }
}

/// A command nobody answered: it may yet be done.
struct Unanswered {
    command: keypad::Command,
    key: Key,
    since: Instant,
}

/// Sends a key's command until it is answered, a few times and not for long. The same key pressed again after no answer is the
/// same command with the same idempotency key: if the first one was done after all, nobody is called twice.
async fn press(
    client: &Client,
    counter: u16,
    command: keypad::Command,
    unanswered: &mut Option<Unanswered>,
) -> keypad::Told {
    let same = |lost: &Unanswered| lost.command == command && lost.since.elapsed() < SAME_COMMAND;
    let key = unanswered.take().filter(same).map_or_else(Key::new, |lost| lost.key);
    let tries = async {
        let mut tried = 1;
        loop {
            match send(client, counter, command, &key).await {
                Err(error) if error.is_passing() && tried < KEY_TRIES => sleep(FIRST_RETRY * tried).await,
                answer => return answer,
            }
            tried += 1;
        }
    };
    match timeout(KEY_TIMEOUT, tries).await {
        Ok(Ok(told)) => return told,
        Ok(Err(error)) if !error.is_passing() => {
            tracing::info!(counter, ?command, error = with_causes(&error), "a key was refused");
            return keypad::Told::No;
        }
        Ok(Err(_)) | Err(_) => tracing::warn!(counter, ?command, "a key got no answer"),
    }
    *unanswered = Some(Unanswered { command, key, since: Instant::now() });
    keypad::Told::No
}

async fn send(client: &Client, n: u16, command: keypad::Command, key: &Key) -> Result<keypad::Told, Error> {
    use keypad::{Command, Told};
    let called = match command {
        Command::CallNext => match client.call_next(n, key).await? {
            Some(called) => called,
            None => return Ok(Told::Nobody),
        },
        Command::Recall => client.recall(n, key).await?,
        Command::NoShow => client.no_show(n, key).await?,
        Command::Hold => client.hold(n, key, &Hold { reason: REASON.to_owned(), kind: HoldKind::Customer }).await?,
        Command::Return => client.return_ticket(n, key).await?,
        Command::Call(ticket) => client.call(n, key, ticket).await?,
        Command::Transfer(counter) => {
            let to = Transfer { service: None, counter: Some(counter), note: None, keep_place: None };
            client.transfer(n, key, &to).await?
        }
        Command::Complete => client.complete(n, key, &Complete::default()).await?,
        Command::Rate(ticket, score) => {
            client.rate(ticket, key, &Rating { score, comment: None }).await?;
            return Ok(Told::Rated);
        }
        Command::Pause => {
            let counter = client.pause(n, key, &Pause { reason: REASON.to_owned() }).await?;
            return Ok(Told::Changed(Box::new(counter)));
        }
        Command::Resume => return Ok(Told::Changed(Box::new(client.resume(n, key).await?))),
    };
    Ok(Told::Ticket(Box::new(called.ticket)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn staff_read_in_chinese_that_a_keypad_made_a_pause_or_a_hold() {
        use tokio::io::AsyncReadExt;
        for command in [keypad::Command::Pause, keypad::Command::Hold] {
            let broker = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let client = Client::new(format!("http://{}", broker.local_addr().unwrap()), "t").unwrap();
            let key = Key::new();
            let asked = async {
                let (mut stream, _) = broker.accept().await.unwrap();
                let mut bytes = Vec::new();
                while !bytes.ends_with(b"}") {
                    assert!(stream.read_buf(&mut bytes).await.unwrap() > 0, "the request ended within its body");
                }
                String::from_utf8(bytes).unwrap()
            };
            let (unanswered, asked) = tokio::join!(send(&client, 3, command, &key), asked);
            assert!(unanswered.is_err());
            assert!(asked.contains(r#""reason":"按键器""#), "{asked}");
        }
    }
}
