//! Every page, drawn without a display.

mod common;
#[path = "common/guests.rs"]
mod guests;

use common::{desk, issued, problem, seconds};
use guests::identified;
use kiosk::Main;
use kiosk::desk::{Desk, News, Touch};
use kiosk::display::{Display, Today};
use kiosk::view::View;
use look::headless::{self, Picture};
use slint::ComponentHandle;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

const COLUMNS: usize = 54;
const ROWS: usize = 96;
/// Of 255: less than one stroke of a character more or less in a square.
const TOLERANCE: u8 = 6;

/// A Sunday morning.
const MORNING: Today = Today { month: 11, day: 22, weekday: 0, hour: 9, minute: 41 };

/// Leads a kiosk to a page.
type Lead = fn() -> Desk;

/// The pages a customer can meet, each as the touches and answers that lead to it.
fn pages() -> Vec<(&'static str, Lead)> {
    vec![
        ("welcome", desk),
        ("welcome-2", || touched(desk(), [Touch::More])),
        ("confirm", || touched(desk(), [Touch::Choose("open".to_owned())])),
        ("confirm-one", || touched(desk(), [Touch::Choose("sim".to_owned())])),
        ("confirm-self", || touched(desk(), [Touch::Choose("payment".to_owned())])),
        ("confirm-most", || {
            let mut desk = desk();
            let mut services = common::services();
            services[0].self_service = services[1].self_service.clone();
            desk.hear(seconds(0), News::Services(services));
            touched(desk, [Touch::Choose("open".to_owned())])
        }),
        ("welcome-guest", || greeted("vip", [])),
        ("confirm-guest", || greeted("gotone", [Touch::Choose("open".to_owned())])),
        ("confirm-known", || greeted("ordinary", [Touch::Choose("sim".to_owned())])),
        ("taking", taking),
        ("ticket-printing", || answered(News::Issued { attempt: 1, issued: issued(Some("queued")) })),
        ("ticket-printed", || answered(News::Issued { attempt: 1, issued: issued(Some("printed")) })),
        ("ticket-no-paper", || {
            let mut desk = answered(News::Issued { attempt: 1, issued: issued(Some("queued")) });
            desk.hear(seconds(1), News::Paper { out: true });
            desk
        }),
        ("ticket-uncertain", || answered(News::Issued { attempt: 1, issued: issued(Some("uncertain")) })),
        ("ticket-unprinted", || answered(News::Issued { attempt: 1, issued: issued(None) })),
        ("not-reached", || answered(News::Unanswered { attempt: 1 })),
        ("quota", || {
            answered(News::Refused {
                attempt: 1, problem: problem("quota_exhausted", "该业务今日号票已发完")
            })
        }),
        ("unavailable", || {
            answered(News::Refused { attempt: 1, problem: problem("overloaded", "系统繁忙，请稍后再试") })
        }),
        ("closed", || {
            let mut desk = desk();
            let mut services = common::services();
            for offer in &mut services {
                offer.open = false;
                offer.quota_left = None;
            }
            desk.hear(seconds(0), News::Services(services));
            desk
        }),
    ]
}

fn touched(mut desk: Desk, touches: impl IntoIterator<Item = Touch>) -> Desk {
    for touch in touches {
        desk.touch(seconds(0), touch);
    }
    desk
}

fn greeted(tier: &str, touches: impl IntoIterator<Item = Touch>) -> Desk {
    let mut desk = desk();
    desk.hear(seconds(0), identified(tier));
    touched(desk, touches)
}

fn taking() -> Desk {
    touched(desk(), [Touch::Choose("open".to_owned()), Touch::Confirm])
}

fn answered(news: News) -> Desk {
    let mut desk = taking();
    desk.hear(seconds(0), news);
    desk
}

/// Writes the picture where somebody who looks at pages asked for it.
fn keep(name: &str, picture: &Picture) {
    if let Some(folder) = std::env::var_os("JIAOHAO_PICTURES") {
        picture.save(&Path::new(&folder).join(format!("kiosk-{name}.png"))).expect("writes");
    }
}

/// The page in 54 × 96 squares of 20 × 20 pixels, each the mean of its green.
fn squares(picture: &Picture) -> Vec<u8> {
    let mut sums = vec![0_u32; COLUMNS * ROWS];
    for (at, pixel) in picture.rgb().chunks_exact(3).enumerate() {
        let (x, y) = (at % 1080 / 20, at / 1080 / 20);
        sums[y * COLUMNS + x] += u32::from(pixel[1]);
    }
    sums.into_iter().map(|sum| u8::try_from(sum / 400).expect("a mean of bytes")).collect()
}

fn read_golden(path: &Path) -> Vec<u8> {
    let file = File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut reader = png::Decoder::new(BufReader::new(file)).read_info().expect("a PNG");
    let mut squares = vec![0; COLUMNS * ROWS];
    reader.next_frame(&mut squares).expect("54 × 96 grey squares");
    squares
}

fn write_golden(path: &Path, squares: &[u8]) {
    let mut encoder = png::Encoder::new(File::create(path).expect("a file"), COLUMNS as u32, ROWS as u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().expect("a header").write_image_data(squares).expect("squares");
}

/// Fails when a square is visibly lighter or darker than in the golden. `UPDATE_GOLDENS=1` accepts what is drawn; look at the pages
/// first (`JIAOHAO_PICTURES=FOLDER`).
fn compare(name: &str, picture: &Picture) -> Result<(), String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens").join(format!("{name}.png"));
    let drawn = squares(picture);
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        write_golden(&path, &drawn);
        return Ok(());
    }
    let golden = read_golden(&path);
    match drawn.iter().zip(&golden).position(|(drawn, golden)| drawn.abs_diff(*golden) > TOLERANCE) {
        None => Ok(()),
        Some(at) => Err(format!("{name}: another picture at x {}, y {}", at % COLUMNS * 20, at / COLUMNS * 20)),
    }
}

#[test]
fn every_page_looks_as_it_was_signed_off() {
    let mut modes = vec![("", vec![]), ("-en-large", vec![Touch::Language, Touch::TextSize])];
    if std::env::var_os("JIAOHAO_PICTURES").is_some() {
        modes.push(("-large", vec![Touch::TextSize]));
        modes.push(("-en", vec![Touch::Language]));
        modes.push(("-contrast", vec![Touch::Contrast]));
    }
    let mut views: Vec<(String, View)> = Vec::new();
    for (name, page) in pages() {
        for (mode, touches) in &modes {
            views.push((format!("{name}{mode}"), touched(page(), touches.clone()).view(seconds(1))));
        }
    }
    let waiting = touched(desk(), [Touch::Choose("open".to_owned())]);
    views.push(("still-there".to_owned(), waiting.view(seconds(65))));
    let differences: Vec<String> = headless::scene(1080, 1920, |stage| {
        let ui = Main::new()?;
        let mut display = Display::new(&ui);
        ui.show()?;
        let mut differences = Vec::new();
        for (name, view) in &views {
            display.show(&ui, view, &MORNING);
            let picture = stage.shoot();
            keep(name, &picture);
            let signed_off = name == "still-there" || !["-large", "-en", "-contrast"].iter().any(|m| name.ends_with(m));
            if signed_off || name.ends_with("-en-large") {
                differences.extend(compare(name, &picture).err());
            }
        }
        Ok(differences)
    })
    .expect("draws");
    assert!(differences.is_empty(), "{differences:#?}");
}

#[test]
fn a_page_in_a_small_window_is_the_same_page() {
    let picture = kiosk::picture(&desk().view(seconds(1)), &MORNING, 540, 960).expect("draws");
    // The header's colour, and ink of the question below it.
    assert_eq!(picture.pixel(2, 30), Some([0x0a, 0x4a, 0x8f]));
    let ink = (24..400).flat_map(|x| (84..130).map(move |y| (x, y)));
    let dark = ink.filter(|&(x, y)| picture.pixel(x, y).is_some_and(|[red, _, _]| red < 80)).count();
    assert!(dark > 1000, "the question is not there: {dark} dark pixels");
}
