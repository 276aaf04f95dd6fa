//! Print jobs, remembered answers and signs.

use store::{Answer, NewPrintJob, PrintState, Store, StoreError};
use tempfile::tempdir;

const JOB: NewPrintJob<'_> = NewPrintJob {
    kiosk: "大厅东",
    ticket: "A001",
    copy: false,
    body: b"{\"no\":\"A001\"}",
    expires_ms: 900,
    at_ms: 100,
};

fn printed_through(store: &mut Store, states: &[PrintState]) -> u64 {
    let mut batch = store.begin().unwrap();
    let id = batch.enqueue_print(JOB).unwrap();
    for state in states {
        batch.set_print_state(id, *state, None, 200).unwrap();
    }
    let _ = batch.commit().unwrap();
    id
}

#[test]
fn a_print_job_survives_a_restart_word_for_word() {
    let dir = tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let id = printed_through(&mut store, &[PrintState::Sending]);
    let mut batch = store.begin().unwrap();
    batch.set_print_state(id, PrintState::Uncertain, Some("打印机无应答"), 300).unwrap();
    assert_eq!(batch.print_job(id).unwrap().unwrap().state, PrintState::Uncertain);
    let _ = batch.commit().unwrap();
    drop(store);
    let store = Store::open(dir.path()).unwrap();
    let job = store.print_job(id).unwrap().unwrap();
    assert_eq!(
        (job.kiosk.as_str(), job.ticket.as_str(), job.copy, job.body.as_slice()),
        (JOB.kiosk, JOB.ticket, false, JOB.body)
    );
    assert_eq!((job.expires_ms, job.changed_ms, job.detail.as_deref()), (900, 300, Some("打印机无应答")));
    assert_eq!(store.print_jobs().unwrap(), [job]);
    assert!(store.pending_print_jobs(None).unwrap().is_empty(), "nobody prints an uncertain one again by himself");
}

#[test]
fn what_is_still_to_be_printed_is_told_kiosk_by_kiosk() {
    let dir = tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    printed_through(&mut store, &[]);
    printed_through(&mut store, &[PrintState::Sending]);
    printed_through(&mut store, &[PrintState::Sending, PrintState::Sent]);
    assert_eq!(store.pending_print_jobs(Some(JOB.kiosk)).unwrap().len(), 2);
    assert!(store.pending_print_jobs(Some("elsewhere")).unwrap().is_empty());
    assert_eq!(store.pending_print_jobs(None).unwrap().len(), 2);
}

#[test]
fn only_the_legal_moves_are_made_and_the_illegal_ones_change_nothing() {
    use PrintState::{Expired, Failed, Printed, Queued, Sending, Sent, Uncertain};
    let dir = tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let ways: [(&[PrintState], &[PrintState]); 7] = [
        (&[], &[Sending, Failed, Expired]),
        (&[Sending], &[Sent, Printed, Uncertain, Failed]),
        (&[Sending, Sent], &[Printed, Uncertain, Failed]),
        (&[Sending, Uncertain], &[Printed, Failed, Expired]),
        (&[Sending, Sent, Printed], &[]),
        (&[Failed], &[]),
        (&[Expired], &[]),
    ];
    for (way, legal) in ways {
        let from = way.last().copied().unwrap_or(Queued);
        for to in PrintState::ALL {
            let id = printed_through(&mut store, way);
            let mut batch = store.begin().unwrap();
            let moved = batch.set_print_state(id, to, None, 300);
            let _ = batch.commit().unwrap();
            let now = store.print_job(id).unwrap().unwrap().state;
            if legal.contains(&to) {
                moved.unwrap();
                assert_eq!(now, to);
            } else {
                assert!(matches!(moved, Err(StoreError::IllegalPrintMove { .. })), "{from} to {to}: {moved:?}");
                assert_eq!(now, from);
            }
        }
    }
    let mut batch = store.begin().unwrap();
    for id in [9999, u64::MAX] {
        let unknown = batch.set_print_state(id, Sending, None, 1);
        assert!(unknown.is_err_and(|error| error.kind() == store::ErrorKind::Misuse));
    }
    let _ = batch.commit().unwrap();
}

#[test]
fn jobs_are_forgotten_in_time_and_their_ids_never_given_again() {
    let dir = tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let done = printed_through(&mut store, &[PrintState::Sending, PrintState::Printed]);
    // A printer that confirms nothing leaves its jobs here for ever.
    let sent = printed_through(&mut store, &[PrintState::Sending, PrintState::Sent]);
    let mut batch = store.begin().unwrap();
    assert_eq!(batch.forget_prints_before(200).unwrap(), 0);
    assert_eq!(batch.forget_prints_before(201).unwrap(), 2);
    let _ = batch.commit().unwrap();
    assert!(store.print_job(sent).unwrap().is_none() && store.print_job(done).unwrap().is_none());
    assert!(printed_through(&mut store, &[]) > done);
}

#[test]
fn an_answer_is_given_once_remembered_and_forgotten_in_time() {
    let dir = tempdir().unwrap();
    let mut store = Store::open(dir.path()).unwrap();
    let answer = Answer { fingerprint: [9; 32], status: 201, body: "号码 A001".into() };
    let mut batch = store.begin().unwrap();
    batch.remember_answer("k1", &answer.fingerprint, answer.status, &answer.body, 100).unwrap();
    assert_eq!(batch.answer_for("k1").unwrap().as_ref(), Some(&answer));
    let again = batch.request(|rows| {
        rows.append(1, b"second ticket")?;
        rows.remember_answer("k1", &[0; 32], 500, b"", 100)
    });
    assert!(matches!(again.unwrap(), Err(StoreError::AnswerExists { key }) if key == "k1"));
    assert_eq!(batch.commit().unwrap().entries(), 0);
    assert_eq!(store.answer("k1").unwrap(), Some(answer));
    assert_eq!(store.answer("K1").unwrap(), None);
    let mut batch = store.begin().unwrap();
    assert_eq!(batch.forget_answers_before(100).unwrap(), 0);
    assert_eq!(batch.forget_answers_before(101).unwrap(), 1);
    let _ = batch.commit().unwrap();
    assert_eq!(store.answer("k1").unwrap(), None);
}
