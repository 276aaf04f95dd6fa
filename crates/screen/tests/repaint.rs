//! The window repaints what changed and only that; what it leaves must be what a fresh window would show.

use std::rc::Rc;

use look::Language;
use screen::board::{BusinessView, CallView, Emphasis, View};
use screen::page;
use slint::platform::software_renderer::{MinimalSoftwareWindow, RepaintBufferType};
use slint::platform::{Platform, WindowAdapter};
use slint::{ComponentHandle, PhysicalSize, PlatformError, Rgb8Pixel};

const SIZE: PhysicalSize = PhysicalSize { width: 960, height: 540 };

struct Memory(Rc<MinimalSoftwareWindow>);

impl Platform for Memory {
    fn create_window_adapter(&self) -> Result<Rc<dyn WindowAdapter>, PlatformError> {
        Ok(Rc::clone(&self.0) as Rc<dyn WindowAdapter>)
    }
}

#[test]
fn the_clock_goes_on_after_a_lost_connection() {
    let window = MinimalSoftwareWindow::new(RepaintBufferType::ReusedBuffer);
    slint::platform::set_platform(Box::new(Memory(Rc::clone(&window)))).expect("is the only platform");
    look::fonts::register().expect("registers");
    let page = page::open(Language::Chinese).expect("opens");
    page.show().expect("shows");
    window.set_size(SIZE);
    let mut pixels = vec![Rgb8Pixel::default(); (SIZE.width * SIZE.height) as usize];
    let mut steps = vec![(false, 41, 0), (true, 41, 0), (true, 41, 1), (false, 41, 1)];
    steps.extend((42..46).map(|minute| (false, minute, 1)));
    steps.extend([
        (true, 46, 1),
        (true, 47, 1),
        (true, 48, 1),
        (false, 48, 1),
        (false, 49, 1),
        (false, 50, 1),
        (false, 50, 2),
        (false, 51, 2),
        (false, 51, 3),
        (false, 52, 3),
    ]);
    for (away, minute, calls) in steps {
        let view = view(away, minute, calls);
        page::show(&page, &view);
        slint::platform::update_timers_and_animations();
        window.draw_if_needed(|renderer| {
            renderer.render(&mut pixels, SIZE.width as usize);
        });
        let fresh = screen::render(&view, Language::Chinese, (SIZE.width, SIZE.height)).expect("draws");
        let clock = |x: u32, y: u32| {
            let shown = pixels[(y * SIZE.width + x) as usize];
            Some([shown.r, shown.g, shown.b]) == fresh.pixel(x, y)
        };
        let right = (0..40).all(|y| (860..SIZE.width).all(|x| clock(x, y)));
        assert!(right, "away {away}, {calls} calls: the clock does not show 09:{minute}");
    }
}

fn view(away: bool, minute: u32, calls: u32) -> View {
    let call =
        |n: u32| CallView { number: format!("A{n:03}"), counter: n as u16, again: false, marked: n.is_multiple_of(2) };
    View {
        hall: "南京路营业厅".into(),
        date: "2026-11-22".into(),
        time: format!("09:{minute}"),
        away,
        closed: false,
        newest: (calls > 0).then(|| (call(calls), Emphasis::Marked)),
        earlier: (1..calls).rev().map(call).collect(),
        businesses: vec![BusinessView { name: "缴费".into(), waiting: calls as usize, wait: None }],
        page: calls as usize + 1,
        pages: 4,
    }
}
