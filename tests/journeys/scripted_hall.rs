//! `hall --scripted`: a hall that lives by itself, and leaves its tickets, frames and pictures behind.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Duration;

use store::Store;

use crate::program;

/// The names of the files in a directory that end so, without the ending.
fn named(dir: &Path, ending: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
    entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == ending))
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .collect()
}

/// Width and height of a PNG that can be read to its end.
fn size(path: &Path) -> (u32, u32) {
    let file = fs::File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut reader = png::Decoder::new(std::io::BufReader::new(file)).read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    let info = reader.next_frame(&mut pixels).expect("a whole picture");
    assert!(pixels.iter().any(|byte| *byte != pixels[0]), "{} is one colour", path.display());
    (info.width, info.height)
}

/// The numbers that the journal says were issued at a kiosk.
fn issued_at_kiosks(data: &Path) -> BTreeSet<String> {
    let store = Store::open(data).expect("the hall's database");
    let mut numbers = BTreeSet::new();
    for entry in store.replay(1).expect("the journal") {
        let event: serde_json::Value = serde_json::from_slice(&entry.expect("an entry").payload).expect("JSON");
        if event["event"] == "ticket_issued" && event["kiosk"].is_string() {
            numbers.insert(event["number"].as_str().expect("a number as text").to_owned());
        }
    }
    numbers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scripted_hall_ends_well_and_leaves_every_ticket_sign_and_window() {
    let home = tempfile::tempdir().expect("a temporary directory");
    let data = home.path().join("hall");
    let text = data.display().to_string();
    let args = ["hall", "--scripted", "6", "--speed", "100", "--headless", "--listen", "127.0.0.1:0", "--data", &text];
    let outcome = program().run_for(Duration::from_secs(120), args).await;
    assert_eq!(outcome.code, Some(0), "{}\n{}", outcome.stdout, outcome.stderr);
    let out = data.join("out");

    let pictures = named(&out.join("tickets"), "png");
    assert_eq!(pictures, named(&out.join("tickets"), "escpos"));
    assert!(pictures.contains("A001"), "{pictures:?}");
    assert_eq!(pictures, issued_at_kiosks(&data), "one picture for each number taken at a kiosk");
    for number in &pictures {
        let (width, height) = size(&out.join("tickets").join(format!("{number}.png")));
        assert!(width == 576 && height > 300, "{number}: {width} × {height}");
        let bytes = fs::read(out.join("tickets").join(format!("{number}.escpos"))).expect("the bytes");
        assert!(bytes.windows(number.len()).any(|window| window == number.as_bytes()), "{number} is not in its bytes");
    }

    let signs = named(&out.join("led"), "bin");
    let wanted: BTreeSet<_> = (1..=8).map(|n| format!("window-led-{n}")).chain(["hall-led".to_owned()]).collect();
    assert_eq!(signs, wanted);
    for sign in &signs {
        let bytes = fs::read(out.join("led").join(format!("{sign}.bin"))).expect("the bytes");
        assert!(!bytes.is_empty(), "{sign} was sent nothing");
    }

    assert_eq!(size(&out.join("windows/kiosk.png")), (1080, 1920));
    assert_eq!(size(&out.join("windows/teller.png")), (1920, 1080));
    assert_eq!(size(&out.join("windows/screen.png")), (1920, 1080));

    let verified = program().run(["verify", "--data", &text]).await;
    assert_eq!(verified.code, Some(0), "{verified:?}");
}
