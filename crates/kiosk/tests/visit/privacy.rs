//! What somebody typed is gone when they have gone, and was nowhere before.

use crate::common::{issued, seconds};
use crate::pages::{choose, rich, touched};
use kiosk::Headless;
use kiosk::desk::{Desk, News, STILL_THERE_LIMIT, TOUCH_LIMIT, Touch};
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};
use tracing_subscriber::fmt::MakeWriter;
use wire::IdentifyBy;

const NUMBER: &str = "13812345678";
/// What is unmasked of it while it is typed.
const HIDDEN: &str = "1234";

fn digits() -> impl Iterator<Item = Touch> {
    NUMBER.bytes().map(|digit| Touch::Digit(digit - b'0'))
}

fn typed() -> Desk {
    touched(rich(), [Touch::Who, Touch::Way(IdentifyBy::Phone)].into_iter().chain(digits()))
}

fn assert_forgotten(desk: &Desk, how: &str) {
    let told = format!("{desk:?} {:?}", desk.view(seconds(500)));
    assert!(!told.contains(NUMBER) && !told.contains(HIDDEN), "{how}: {told}");
}

#[test]
fn no_debug_output_has_the_number_even_while_it_is_seen() {
    let desk = touched(typed(), [Touch::Reveal(true)]);
    assert_forgotten(&desk, "revealed");
}

/// How somebody leaves, and what happens then.
type Way = (&'static str, fn(&mut Desk));

#[test]
fn nothing_of_a_number_stays_after_leaving_in_whatever_way() {
    let ways: [Way; 5] = [
        ("back", |desk| drop(desk.touch(seconds(2), Touch::Back))),
        ("skipped", |desk| drop(desk.touch(seconds(2), Touch::Confirm))),
        ("walked away", |desk| drop(desk.tick(seconds(1) + TOUCH_LIMIT + STILL_THERE_LIMIT))),
        ("left", |desk| drop(desk.touch(seconds(2), Touch::Leave))),
        ("with a number", |desk| {
            desk.touch(seconds(2), Touch::Enter);
            desk.tick(seconds(4));
            desk.touch(seconds(4), choose("open"));
            desk.touch(seconds(4), Touch::Confirm);
            desk.hear(seconds(5), News::Issued { attempt: 1, issued: issued(None) });
        }),
    ];
    for (how, leave) in ways {
        let mut desk = typed();
        leave(&mut desk);
        assert_forgotten(&desk, how);
        // Whoever opens the keys next finds them empty.
        desk.touch(seconds(500), Touch::Leave);
        let desk = touched(desk, [Touch::Who, Touch::Way(IdentifyBy::Phone), Touch::Reveal(true)]);
        assert_forgotten(&desk, how);
    }
}

/// Everything that is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("a log").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

fn files(folder: &Path) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![fs::read(&path).expect("a file")] }).collect()
}

/// The whole adapter, with a broker that is away, so that it has every reason to complain: neither log nor disk has the number.
#[tokio::test]
async fn neither_log_nor_disk_ever_has_the_number() {
    let log = Log::default();
    let everything = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).finish();
    // The talk with the broker has a thread of its own: the whole process is listened to.
    tracing::subscriber::set_global_default(everything).expect("the only listener of this process");
    let folder = tempfile::tempdir().expect("a folder");
    let client = client::Client::new("http://127.0.0.1:9", "token").expect("an address");
    let mut kiosk = Headless::start(client, "k1", folder.path()).expect("a kiosk");
    kiosk.hear(News::Settings(crate::common::rich_settings()));
    kiosk.hear(News::Services(crate::common::services()));
    for touch in [Touch::Who, Touch::Way(IdentifyBy::Phone)].into_iter().chain(digits()).chain([Touch::Enter]) {
        kiosk.touch(touch);
    }
    kiosk
        .until(|page| matches!(page, kiosk::view::Page::Welcome(_) | kiosk::view::Page::Notice(_)))
        .await
        .expect("a page");
    kiosk.hear(News::Services(crate::common::services()));
    kiosk.touch(choose("open"));
    kiosk.touch(Touch::Confirm);
    let begun = std::time::Instant::now();
    while files(folder.path()).is_empty() {
        assert!(begun.elapsed().as_secs() < 20, "the request is never written down");
        tokio::task::yield_now().await;
    }
    assert!(files(folder.path()).iter().all(|file| !String::from_utf8_lossy(file).contains(NUMBER)));
    kiosk.touch(Touch::Leave);
    let logged = String::from_utf8_lossy(&log.0.lock().expect("a log")).into_owned();
    assert!(logged.contains("asking who a customer is"), "the broker's absence is complained of: {logged}");
    assert!(!logged.contains(NUMBER), "{logged}");
}
