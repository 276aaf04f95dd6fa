//! A customer's walk through the real window. Beside it a desk in memory is touched alike and hears what the broker tells the
//! window: after every touch the window must show, pixel by pixel, what that desk's page looks like. Where to touch is found on
//! the page in memory, so that no journey knows a place.

mod hearing;

use std::mem::discriminant;

use hall_tests::{Ears, RealTime, Rig};
use kiosk::desk::{Desk, News, Touch};
use kiosk::display::Today;
use kiosk::speech::Programs;
use kiosk::view::{Guest, View};
use kiosk::{LaidOut, laid_out};
use wire::StaffCorner;

use super::*;

/// The kiosk of the sample.
pub const KIOSK: &str = "kiosk-1";
/// How loud a kiosk speaks that nobody has set.
const USUAL_VOLUME: u8 = 70;
/// Header and clock left out, whatever a page shows.
const PAGE_BELOW: Part = Part { corner: (0, 130), size: (1080, 1790) };
/// Where a page shows what is typed.
const WRITTEN: Part = Part { corner: (48, 310), size: (984, 230) };
/// Of a page drawn in memory, so much is seen at least: a countdown may be a second away.
const LIKE: f64 = 0.997;
/// A page that has been seen for so long is read, and a touch meant for it: longer than the window's tick and what it takes for
/// the second half of a double touch.
const READ: Duration = Duration::from_millis(550);
/// A page on which a touch has done nothing for so long has not taken it.
const NOTHING: Duration = Duration::from_secs(4);
/// So long the window may take to show a page on a starved machine.
const LONG: Duration = Duration::from_secs(20);
/// Between two looks.
const GLANCE: Duration = Duration::from_millis(30);

/// A hall of real parts, its kiosk's real window, and a customer who knows what should be seen.
pub struct Walk {
    // The window ends before its hall, and its display after it.
    pub process: Child,
    pub window: SeenWindow,
    pub visitor: Visitor,
    _display: PrivateDisplay,
    pub home: TempDir,
    pub desk: Desk,
    begun: Instant,
    client: Client,
    language: String,
    pub ears: Ears,
    heard: usize,
    /// The number that the desk in memory has asked for and not heard of yet.
    asked: Option<u64>,
    tickets: Vec<TicketView>,
    /// How the staff corner stands, for when the desk asks.
    pub corner: Option<StaffCorner>,
    /// Staff have ended the window.
    pub exits: bool,
    page: Option<(View, Today, LaidOut)>,
    _time: RealTime,
    pub rig: Rig,
}

impl Walk {
    /// The sample's hall, its devices well, and its window on the first page.
    pub async fn begins() -> Self {
        Self::begins_where(|sample| sample).await
    }

    /// The same, with the sample's configuration changed.
    pub async fn begins_where(change: impl FnOnce(String) -> String) -> Self {
        Self::through(Rig::opens_like_the_sample_but(change).await).await
    }

    /// Through this hall, whose time passes from now on.
    pub async fn through(rig: Rig) -> Self {
        let time = rig.keeps_real_time();
        let client = rig.client(Role::Kiosk);
        let ears = Ears::open(&client, None).await;
        let display = PrivateDisplay::start(PAGE.0, PAGE.1).expect("a display; tests/run installs Xvfb");
        let visitor = Visitor::before(display.name()).expect("a pointer");
        let home = tempfile::tempdir().expect("a temporary directory");
        let (process, window) = opens_window(&rig, &home, &display, &visitor).await;
        let mut walk = Self {
            process,
            window,
            visitor,
            _display: display,
            home,
            desk: Desk::new(Duration::ZERO, Some(KIOSK.to_owned())),
            begun: Instant::now(),
            client,
            language: "zh".to_owned(),
            ears,
            heard: 0,
            asked: None,
            tickets: Vec::new(),
            corner: None,
            exits: false,
            page: None,
            _time: time,
            rig,
        };
        walk.looks_on();
        walk.knows_its_hall().await;
        walk.sees_its_page().await;
        walk
    }

    /// The desk in memory hears what the window's hears.
    pub fn hears(&mut self, news: News) {
        let now = self.begun.elapsed();
        let commands = self.desk.hear(now, news);
        self.follows(commands);
    }

    /// The desk in memory is that of a window which nobody has touched.
    pub async fn expects_the_first_page(&mut self) {
        // The window's own has run since it was opened, and moves its page and turns its news by that.
        self.desk = Desk::new(Duration::ZERO, Some(KIOSK.to_owned()));
        "zh".clone_into(&mut self.language);
        self.asked = None;
        self.knows_its_hall().await;
    }

    async fn knows_its_hall(&mut self) {
        let settings = self.client.kiosk(KIOSK).await.expect("the settings");
        self.hears(News::Settings(settings));
        if Programs::find().is_ok() {
            self.hears(News::Volume(USUAL_VOLUME));
        }
    }

    /// The finger is elsewhere.
    pub fn looks_on(&self) {
        self.visitor.move_to(self.window.place(BESIDE, PAGE)).expect("a moved pointer");
    }

    pub fn view(&self) -> View {
        self.desk.view(self.begun.elapsed())
    }

    /// Touches the same in the window and in memory.
    pub async fn touches(&mut self, touch: Touch) {
        self.touches_all(&[touch]).await;
    }

    /// Touches several things that stand on one page, without a pause; sees what comes of it.
    pub async fn touches_all(&mut self, touches: &[Touch]) {
        if touches.len() > 1 {
            // Some of several must not be too early.
            tokio::time::sleep(READ).await;
        }
        let (before, places) = self.taps(touches).await;
        if self.reads_its_page(NOTHING).await.is_ok() {
            return;
        }
        if self.is_seen(&before) {
            // A starved window may show a page long before it takes touches of it: whoever sees nothing happen touches again.
            println!("nothing came of {touches:?}: touched again");
            for place in places {
                self.visitor.tap(place).expect("a touch");
            }
            self.looks_on();
        }
        self.sees_its_page().await;
    }

    /// Touches them and sees nothing yet; the page, and where it was touched.
    pub async fn taps(&mut self, touches: &[Touch]) -> (LaidOut, Vec<(i16, i16)>) {
        self.catches_up().await;
        let before = self.page().clone();
        let places: Vec<_> = touches.iter().map(|touch| self.place_of(touch)).collect();
        for (place, touch) in places.iter().zip(touches) {
            self.visitor.tap(*place).expect("a touch");
            self.is_touched(touch.clone());
        }
        self.looks_on();
        (before, places)
    }

    fn is_seen(&self, page: &LaidOut) -> bool {
        page.alike(PAGE_BELOW.corner, PAGE_BELOW.size, &self.sees(PAGE_BELOW)) >= LIKE
    }

    /// Keeps a finger on something, and lifts it after having looked.
    pub async fn holds(&mut self, down: Touch, up: Touch) {
        self.catches_up().await;
        let place = self.place_of(&down);
        self.visitor.press(place).expect("a touch");
        self.is_touched(down);
        // The control itself shows that it is pressed.
        let read = self.reads(WRITTEN, LONG).await;
        assert!(read.is_ok(), "{read:?}: {}", self.keeps_pictures());
        self.visitor.release().expect("a lifted finger");
        self.is_touched(up);
        self.looks_on();
        self.sees_its_page().await;
    }

    /// Where it is on the screen.
    pub fn place_of(&self, touch: &Touch) -> (i16, i16) {
        let page = self.page();
        let Some(place) = page.place_of(touch) else {
            let there: Vec<_> = page.touches.iter().map(|(there, _)| there).collect();
            panic!("{touch:?} is not on {:?}, but {there:?}", self.view().page)
        };
        self.window.place(place, PAGE)
    }

    fn is_touched(&mut self, touch: Touch) {
        let commands = self.desk.touch(self.begun.elapsed(), touch);
        self.follows(commands);
    }

    /// Types digits, one touch each.
    pub async fn types(&mut self, digits: &str) {
        let touches: Vec<_> = digits.bytes().map(|digit| Touch::Digit(digit - b'0')).collect();
        self.touches_all(&touches).await;
    }

    /// Goes into the sample's first group, and touches a card there.
    pub async fn chooses(&mut self, service: &str) {
        self.touches(Touch::Group(0)).await;
        self.touches(Touch::Choose(service.to_owned())).await;
    }

    /// Touches the button that goes on, after which a number is given and seen, dot by dot.
    pub async fn takes(&mut self) -> TicketView {
        let before = self.tickets.len();
        self.touches(Touch::Confirm).await;
        self.sees_number(before).await
    }

    /// Sees the number that has been asked for, after so many.
    pub async fn sees_number(&mut self, before: usize) -> TicketView {
        let begun = Instant::now();
        while self.tickets.len() == before {
            assert!(begun.elapsed() < LONG, "no number; {}", self.keeps_pictures());
            self.sees_its_page().await;
        }
        let alike = self.page().alike(NUMBER.corner, NUMBER.size, &self.sees(NUMBER));
        assert!(alike > 0.999, "{:.2} % of the number is seen: {}", alike * 100.0, self.keeps_pictures());
        assert_eq!(self.tickets.len(), before + 1, "one touch, one number");
        self.tickets.last().expect("a ticket").clone()
    }

    /// Waits until the window greets whoever was identified.
    pub async fn sees_a_guest(&mut self) -> Guest {
        let begun = Instant::now();
        loop {
            self.sees_its_page().await;
            if let Some(guest) = self.view().guest {
                return guest;
            }
            assert!(begun.elapsed() < LONG, "nobody is greeted; {}", self.keeps_pictures());
        }
    }

    /// The ticket is printed, once, and the paper has its number and no other; what is on it.
    pub async fn has_paper(&self, ticket: &TicketView, papers: usize) -> String {
        self.rig.print_becomes(ticket.id, wire::PrintState::Printed).await;
        let paper = self.rig.papers(papers).await.pop().expect("paper").text();
        assert!(paper.contains(&ticket.number), "{} is not on:\n{paper}", ticket.number);
        paper
    }

    /// Waits until the window shows the page of the desk in memory, and that has been read.
    pub async fn sees_its_page(&mut self) {
        if let Err(alike) = self.reads_its_page(LONG).await {
            let page = self.view().page;
            panic!("{:.2} % of {page:?} is seen; {}", alike * 100.0, self.keeps_pictures());
        }
    }

    /// The same, for at most so long; else how much of it was seen last.
    pub async fn reads_its_page(&mut self, limit: Duration) -> Result<(), f64> {
        self.reads(PAGE_BELOW, limit).await
    }

    async fn reads(&mut self, part: Part, limit: Duration) -> Result<(), f64> {
        let begun = Instant::now();
        let (mut since, mut last, mut alike) = (None::<Instant>, Vec::new(), 0.0);
        loop {
            let page = discriminant(&self.view().page);
            let changed = self.catches_up().await;
            if discriminant(&self.view().page) != page {
                // Both may have turned to another page between two looks: that one is not read yet.
                since = None;
            }
            let seen = self.sees(part);
            if changed || seen != last {
                alike = self.page().alike(part.corner, part.size, &seen);
                last = seen;
            }
            since = if alike >= LIKE { since.or_else(|| Some(Instant::now())) } else { None };
            if since.is_some_and(|since| since.elapsed() >= READ) {
                return Ok(());
            }
            if begun.elapsed() > limit {
                return Err(alike);
            }
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// Lays out what the desk in memory shows now; whether it is another page.
    fn lays_out(&mut self) -> bool {
        let now = self.begun.elapsed();
        let view = self.desk.view(now);
        let today = Today::of(&self.desk.local_time(now).expect("the hall's time"));
        if self.page.as_ref().is_some_and(|(shown, day, _)| *shown == view && *day == today) {
            return false;
        }
        let page = tokio::task::block_in_place(|| laid_out(&view, &today, PAGE.0, PAGE.1)).expect("a page in memory");
        self.page = Some((view, today, page));
        true
    }

    fn page(&self) -> &LaidOut {
        &self.page.as_ref().expect("a page in memory").2
    }

    fn sees(&self, part: Part) -> Vec<u8> {
        self.visitor.sees(part.on(&self.window)).expect("a screen")
    }

    /// For whoever reads of a failure: what is seen, and what should be.
    pub fn keeps_pictures(&self) -> String {
        let folder = std::env::temp_dir().join("jiaohao-kiosk-window");
        fs::create_dir_all(&folder).expect("a folder");
        let (wanted, seen) = (folder.join("wanted.png"), folder.join("seen.png"));
        self.page().picture.save(&wanted).expect("a picture");
        let pixels = self.sees(Part { corner: (0, 0), size: PAGE });
        let rgb: Vec<u8> = pixels.chunks(4).flat_map(|pixel| [pixel[2], pixel[1], pixel[0]]).collect();
        let mut encoder = png::Encoder::new(fs::File::create(&seen).expect("a file"), PAGE.0, PAGE.1);
        encoder.set_color(png::ColorType::Rgb);
        let mut writer = encoder.write_header().expect("a picture");
        writer.write_image_data(&rgb).expect("a picture");
        let log = fs::read_to_string(self.home.path().join("kiosk.log")).unwrap_or_default();
        format!("see {} and {}\n{log}", wanted.display(), seen.display())
    }
}

async fn opens_window(rig: &Rig, home: &TempDir, display: &PrivateDisplay, visitor: &Visitor) -> (Child, SeenWindow) {
    let data = home.path().join("kiosk");
    fs::create_dir(&data).expect("a folder");
    let log = home.path().join("kiosk.log");
    let words = ["kiosk", "--fullscreen", "--name", KIOSK, "--broker", &rig.url(), "--token-file"];
    let mut args: Vec<OsString> = words.iter().map(OsString::from).collect();
    args.extend([rig.data().join("access.toml").into(), "--data".into(), data.into()]);
    let process = program().opens_window(&[("DISPLAY", display.name())], &log, args);
    let pid = process.id().expect("a running kiosk");
    let window = eventually("the kiosk's window fills the screen", async || {
        let windows = visitor.windows(TITLE).map_err(|error| format!("{error:#}"))?;
        let whole = |one: &&SeenWindow| one.pid == pid && u32::from(one.height) == PAGE.1;
        let found = windows.iter().find(whole).copied();
        found.ok_or_else(|| format!("{windows:?}\n{}", fs::read_to_string(&log).unwrap_or_default()))
    });
    (process, window.await)
}
