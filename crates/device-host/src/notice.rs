//! What the log says of devices and prints. It names devices, kiosks and job numbers, never a ticket or a person.

use wire::{DeviceReport, DeviceState, PrintReport, PrintState};

/// A device is otherwise than `before`, its last report if there was one: `warn` when it is not well, `info` when it
/// is again. A change of the detail alone is not news, nor is that nothing is known of a device yet.
pub(crate) fn health(device: &str, before: Option<&DeviceReport>, now: &DeviceReport) {
    if before.is_some_and(|before| (before.state, &before.conditions) == (now.state, &now.conditions)) {
        return;
    }
    let DeviceReport { state, conditions, detail } = now;
    let detail = detail.as_deref().unwrap_or_default();
    match state {
        DeviceState::Ok => {
            // Well before and well now, with a ticket in the mouth or without: no news.
            if before.is_some_and(|before| before.state != DeviceState::Ok) {
                tracing::info!(device, "the device is well");
            }
        }
        DeviceState::Unknown if before.is_none() && conditions.is_empty() => {}
        DeviceState::Warning | DeviceState::Fault | DeviceState::Unknown => {
            tracing::warn!(device, ?state, ?conditions, detail, "the device is not well");
        }
    }
}

/// A print job of a kiosk goes on or ends: `warn` when nobody can rely on its ticket.
pub(crate) fn print_job(kiosk: &str, job: u64, report: &PrintReport) {
    let PrintReport { state, detail } = report;
    let detail = detail.as_deref().unwrap_or_default();
    match state {
        PrintState::Uncertain | PrintState::Failed | PrintState::Expired => {
            tracing::warn!(kiosk, job, ?state, detail, "a ticket may not have come out");
        }
        PrintState::Queued | PrintState::Sending | PrintState::Sent | PrintState::Printed => {
            tracing::debug!(kiosk, job, ?state, "print job");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use wire::Condition;

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What is logged at `info` and above.
    fn logged(act: impl FnOnce()) -> String {
        let lines = Lines::default();
        let writer = lines.clone();
        let log = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
        tracing::subscriber::with_default(log, act);
        let bytes = lines.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    fn is(state: DeviceState, conditions: &[Condition]) -> DeviceReport {
        DeviceReport { state, conditions: conditions.to_vec(), detail: Some("so it says".to_owned()) }
    }

    #[test]
    fn a_fault_is_warned_of_once_and_its_end_is_told() {
        let (well, out) = (is(DeviceState::Ok, &[]), is(DeviceState::Fault, &[Condition::PaperOut]));
        let log = logged(|| health("east-printer", Some(&well), &out));
        for word in ["WARN", "east-printer", "Fault", "PaperOut", "so it says"] {
            assert!(log.contains(word), "{word}: {log}");
        }
        assert_eq!(logged(|| health("east-printer", Some(&out), &DeviceReport { detail: None, ..out.clone() })), "");
        let log = logged(|| health("east-printer", Some(&out), &well));
        assert!(log.contains("INFO") && log.contains("east-printer"), "{log}");
    }

    #[test]
    fn a_device_nothing_is_known_of_yet_is_no_news_and_one_gone_silent_is() {
        let (unknown, well) = (is(DeviceState::Unknown, &[]), is(DeviceState::Ok, &[]));
        assert_eq!(logged(|| health("sign-3", None, &unknown)), "");
        assert_eq!(logged(|| health("sign-3", None, &well)), "");
        let silent = is(DeviceState::Unknown, &[Condition::NoAnswer]);
        assert!(logged(|| health("sign-3", Some(&unknown), &silent)).contains("NoAnswer"));
        assert!(logged(|| health("sign-3", None, &silent)).contains("WARN"));
    }

    #[test]
    fn every_ticket_that_may_be_lost_is_warned_of_with_its_reason_and_no_other_is() {
        for (state, is_lost) in [
            (PrintState::Uncertain, true),
            (PrintState::Failed, true),
            (PrintState::Expired, true),
            (PrintState::Sending, false),
            (PrintState::Sent, false),
            (PrintState::Printed, false),
        ] {
            let report = PrintReport { state, detail: Some("unplugged".to_owned()) };
            let log = logged(|| print_job("east", 7, &report));
            let warned = ["WARN", "east", "job=7", "unplugged"].iter().all(|word| log.contains(word));
            assert_eq!(warned, is_lost, "{state:?}: {log}");
            assert_eq!(log.contains("WARN"), is_lost, "{state:?}: {log}");
        }
    }
}
