//! Turns commands into work for head, paper and cutter, in print order.

use super::code::CodeStore;
use super::commands::{Command, Logo, Presenter};
use super::line_buffer::{Align, LineBuffer, Scale, Style};
use super::options::{Charset, Chinese, Outlet, PrinterOptions};
use super::ticket::{Ink, Strip, rows_of};
use crate::gb2312;

/// What the mechanism does, one thing after the other.
#[derive(Debug)]
pub(crate) enum Work {
    Print(Strip),
    Cut {
        full: bool,
    },
    Presenter(Presenter),
    AnswerPaper,
    AnswerDrawer,
    /// `GS a`: which changes to report from now on.
    AutomaticStatus(u8),
    /// Something the printer could not do as asked; it belongs to the piece being printed.
    Anomaly(String),
}

pub(crate) struct Composer {
    dots: usize,
    chinese: Chinese,
    charset: Charset,
    outlet: Outlet,
    head_to_cutter: usize,
    /// An image was broken off: every glyph comes out wrong until the power goes.
    garbled: bool,
    style: Style,
    double_byte: bool,
    /// A switch to double-byte mode that waits for the next line (SPRT POS76).
    from_next_line: bool,
    line: LineBuffer,
    code: CodeStore,
    logos: Vec<Logo>,
    raster: Option<Raster>,
    work: Vec<Work>,
}

struct Raster {
    left: usize,
    scale: Scale,
    row_bytes: usize,
    rows_left: usize,
    row: Vec<u8>,
    /// The newest two bytes, to find real-time commands inside the image.
    tail: [u8; 2],
}

impl Composer {
    pub(crate) fn new(options: &PrinterOptions) -> Self {
        Self {
            dots: options.dots,
            chinese: options.chinese,
            charset: options.charset,
            outlet: options.outlet,
            head_to_cutter: rows_of(options.head_to_cutter_mm),
            garbled: false,
            style: Style::default(),
            double_byte: options.chinese == Chinese::FromPowerUp,
            from_next_line: false,
            line: LineBuffer::default(),
            code: CodeStore::default(),
            logos: Vec::new(),
            raster: None,
            work: Vec::new(),
        }
    }

    pub(crate) fn double_byte(&self) -> bool {
        self.double_byte
    }

    /// `ESC @`: modes as at power-up, the composed line gone, stored logos kept.
    pub(crate) fn initialise(&mut self) {
        self.style = Style::default();
        self.double_byte = self.chinese == Chinese::FromPowerUp;
        self.from_next_line = false;
        self.line.clear();
        self.code = CodeStore::default();
    }

    pub(crate) fn power_up(&mut self) {
        self.initialise();
        self.raster = None;
        self.garbled = false;
    }

    /// Breaks off an image that is being received: its other rows, and all that follows, come out as garbage.
    pub(crate) fn lose_image(&mut self) -> bool {
        let lost = self.raster.take().is_some();
        self.garbled |= lost;
        lost
    }

    /// Drops what was composed and not printed (`DLE ENQ 2`).
    pub(crate) fn forget_line(&mut self) {
        self.line.clear();
        self.raster = None;
        self.work.clear();
    }

    /// Whether the next bytes are rows of an image.
    pub(crate) fn wants_rows(&self) -> bool {
        self.raster.is_some()
    }

    /// Takes one byte of an image.
    pub(crate) fn row_byte(&mut self, byte: u8) -> Vec<Work> {
        let Some(raster) = &mut self.raster else {
            return Vec::new();
        };
        let [before, last] = raster.tail;
        // Several printers (ZJ-58, TH82) carry these out in the middle of an image.
        if matches!((before, last, byte), (0x10, 0x04, 1..=4) | (0x10, 0x05, 1 | 2) | (0x10, 0x14, 1 | 2 | 8)) {
            self.work
                .push(Work::Anomaly(format!("real-time command {before:02X} {last:02X} {byte:02X} inside an image")));
        }
        raster.tail = [last, byte];
        raster.row.push(byte);
        if raster.row.len() == raster.row_bytes {
            let ink = Ink::Row { left: raster.left, bytes: std::mem::take(&mut raster.row), scale_x: raster.scale.x };
            self.work.push(Work::Print(Strip::whole(ink, raster.scale.y)));
            raster.rows_left -= 1;
            if raster.rows_left == 0 {
                self.raster = None;
            }
        }
        std::mem::take(&mut self.work)
    }

    /// Carries out one command as far as it concerns the paper.
    pub(crate) fn compose(&mut self, command: Command) -> Vec<Work> {
        match command {
            Command::Narrow(character) => self.put(Some(character), false),
            Command::Wide(character) => {
                let glyph = self.charset == Charset::Gb18030 || gb2312::has_glyph(character);
                if !glyph {
                    self.anomaly(format!("no glyph for {character}"));
                }
                self.put(Some(character).filter(|_| glyph), true);
            }
            Command::Unprintable { cells, why } => {
                self.anomaly(why);
                for _ in 0..cells {
                    self.put(None, false);
                }
            }
            Command::LineFeed => self.end_line(),
            // Without automatic line feed, the factory setting, CR does nothing.
            Command::CarriageReturn | Command::Accepted | Command::RealTime => {}
            Command::Tab => self.line.tab(),
            Command::Align(n) => self.align(n),
            Command::Bold(on) => self.style.bold = on,
            Command::Underline(on) => self.style.underline = on,
            Command::Reverse(on) => self.style.reverse = on,
            Command::NarrowMode(n) => {
                self.style.bold = n & 0x08 != 0;
                self.style.underline = n & 0x80 != 0;
                self.style.narrow = doubled(n & 0x20 != 0, n & 0x10 != 0);
                if n & 0x01 != 0 {
                    self.anomaly("font B".to_owned());
                }
            }
            Command::WideMode(n) => {
                self.style.underline = n & 0x80 != 0;
                self.style.wide = doubled(n & 0x04 != 0, n & 0x08 != 0);
            }
            Command::WideQuadruple(on) => self.style.wide = doubled(on, on),
            Command::Size(n) => self.size(n),
            Command::NarrowSpacing(n) => self.style.narrow_gap = usize::from(n),
            Command::WideSpacing(left, right) => {
                self.style.wide_gap = (usize::from(left), usize::from(right));
            }
            Command::LeftMargin(n) => self.style.margin = usize::from(n).min(self.dots),
            Command::Position(n) => self.line.move_to(usize::from(n)),
            Command::DoubleByte(on) => match (on, self.chinese) {
                (true, Chinese::FromNextLine) if !self.line.is_empty() => {
                    self.from_next_line = true;
                }
                (true | false, _) => self.double_byte = on,
            },
            Command::FeedLines(n) => self.feed(usize::from(n) * self.style.spacing),
            Command::FeedDots(n) => self.feed(usize::from(n)),
            Command::LineSpacing(Some(n)) => self.style.spacing = usize::from(n),
            Command::LineSpacing(None) => self.style.reset_spacing(),
            Command::Cut { full, feed } => self.cut(full, feed),
            Command::Presenter(presenter) => self.work.push(Work::Presenter(presenter)),
            Command::AnswerInOrder(1 | 49) | Command::AnswerPaper => {
                self.work.push(Work::AnswerPaper);
            }
            Command::AnswerInOrder(2 | 50) => self.work.push(Work::AnswerDrawer),
            Command::AnswerInOrder(n) => self.anomaly(format!("GS r {n}")),
            Command::Raster { mode, row_bytes, rows } => {
                self.begin_raster(mode, usize::from(row_bytes), usize::from(rows))
            }
            Command::Code { function, data } => self.code(function, &data),
            Command::DefineLogos(logos) => self.logos = logos,
            Command::PrintLogo { number, mode } => self.print_logo(number, mode),
            Command::Unknown(what) => self.anomaly(format!("unknown: {what}")),
            Command::Initialise => {
                self.initialise();
                // Epson: the setting of GS a holds until ESC @ or power-off.
                self.work.push(Work::AutomaticStatus(0));
            }
            Command::AutomaticStatus(mask) => self.work.push(Work::AutomaticStatus(mask)),
        }
        std::mem::take(&mut self.work)
    }

    fn put(&mut self, character: Option<char>, wide: bool) {
        let character = character.filter(|_| !self.garbled);
        if let Some(full) = self.line.put(character, wide, &self.style, self.dots) {
            self.work.push(Work::Print(full));
        }
    }

    fn anomaly(&mut self, what: String) {
        self.work.push(Work::Anomaly(what));
    }

    fn end_line(&mut self) {
        let strip = self.line.print(&self.style, self.dots);
        self.push(strip);
        if std::mem::take(&mut self.from_next_line) {
            self.double_byte = true;
        }
    }

    /// Prints what is composed, if anything is.
    fn flush(&mut self) -> bool {
        let pending = !self.line.is_empty();
        if pending {
            self.end_line();
        }
        pending
    }

    fn push(&mut self, strip: Strip) {
        if strip.rows() > 0 {
            self.work.push(Work::Print(strip));
        }
    }

    /// Prints the line and feeds so far that the next line stands `dots` below its top, at least its own height
    /// (`ESC d`, `ESC J`: "print and feed").
    fn feed(&mut self, dots: usize) {
        let printed = if self.line.is_empty() {
            0
        } else {
            let spacing = std::mem::replace(&mut self.style.spacing, 0);
            let strip = self.line.print(&self.style, self.dots);
            self.style.spacing = spacing;
            let rows = strip.rows();
            self.push(strip);
            rows
        };
        self.push(Strip::whole(Ink::Blank, dots.saturating_sub(printed)));
        if std::mem::take(&mut self.from_next_line) {
            self.double_byte = true;
        }
    }

    fn align(&mut self, n: u8) {
        if !self.line.is_empty() {
            self.anomaly("ESC a in the middle of a line".to_owned());
            return;
        }
        match n {
            0 | b'0' => self.style.align = Align::Left,
            1 | b'1' => self.style.align = Align::Centre,
            2 | b'2' => self.style.align = Align::Right,
            n => self.anomaly(format!("ESC a {n}")),
        }
    }

    fn size(&mut self, n: u8) {
        if n & 0x88 != 0 {
            self.anomaly(format!("GS ! {n:02X}"));
            return;
        }
        let scale = Scale { x: usize::from(n >> 4) + 1, y: usize::from(n & 7) + 1 };
        self.style.narrow = scale;
        self.style.wide = scale;
    }

    fn cut(&mut self, full: bool, feed: Option<u8>) {
        match self.outlet {
            Outlet::Cutter | Outlet::Presenter => {}
            Outlet::TearBar => return,
        }
        if self.flush() {
            self.anomaly("cut in the middle of a line".to_owned());
        }
        if let Some(feed) = feed {
            self.push(Strip::whole(Ink::Blank, self.head_to_cutter + usize::from(feed)));
        }
        self.work.push(Work::Cut { full });
    }

    fn begin_raster(&mut self, mode: u8, row_bytes: usize, rows: usize) {
        if self.flush() {
            self.anomaly("image in the middle of a line".to_owned());
        }
        let Some(scale) = picture_scale(mode) else {
            self.anomaly(format!("GS v 0 mode {mode}"));
            return;
        };
        if row_bytes == 0 || rows == 0 {
            self.anomaly("GS v 0 of an empty image".to_owned());
            return;
        }
        let width = row_bytes * 8 * scale.x;
        if width > self.dots {
            self.anomaly(format!("image of {width} dots on a head of {}", self.dots));
        }
        self.raster = Some(Raster {
            left: self.style.left_of(width, self.dots),
            scale,
            row_bytes,
            rows_left: rows,
            row: Vec::with_capacity(row_bytes),
            tail: [0; 2],
        });
    }

    fn print_logo(&mut self, number: u8, mode: u8) {
        let logo = usize::from(number).checked_sub(1).and_then(|index| self.logos.get(index)).cloned();
        let (Some(logo), Some(scale)) = (logo, picture_scale(mode)) else {
            self.anomaly(format!("FS p {number} {mode}: no such logo"));
            return;
        };
        self.flush();
        let left = self.style.left_of(logo.columns * 8 * scale.x, self.dots);
        for y in 0..logo.rows * 8 {
            let lit = |x: usize| logo.data.get(x * logo.rows + y / 8).is_some_and(|byte| byte & (0x80 >> (y % 8)) != 0);
            let bytes = (0..logo.columns)
                .map(|column| (0..8).filter(|bit| lit(column * 8 + bit)).fold(0_u8, |byte, bit| byte | (0x80 >> bit)))
                .collect();
            let ink = Ink::Row { left, bytes, scale_x: scale.x };
            self.push(Strip::whole(ink, scale.y));
        }
    }

    fn code(&mut self, function: u8, data: &[u8]) {
        match self.code.take(function, data) {
            Ok(None) => {}
            Ok(Some(code)) => {
                if self.flush() {
                    self.anomaly("QR code in the middle of a line".to_owned());
                }
                let width = code.side * code.module;
                if width > self.dots {
                    self.anomaly(format!("QR code of {width} dots does not fit"));
                    return;
                }
                let ink = Ink::Code {
                    left: self.style.left_of(width, self.dots),
                    side: code.side,
                    module: code.module,
                    dark: code.dark,
                    says: code.says,
                };
                self.push(Strip::whole(ink, width));
            }
            Err(what) => self.anomaly(what),
        }
    }
}

fn doubled(x: bool, y: bool) -> Scale {
    Scale { x: if x { 2 } else { 1 }, y: if y { 2 } else { 1 } }
}

/// The four sizes of `GS v 0` and `FS p`: plain, double width, double height, both.
fn picture_scale(mode: u8) -> Option<Scale> {
    let (x, y) = match mode {
        0 | b'0' => (false, false),
        1 | b'1' => (true, false),
        2 | b'2' => (false, true),
        3 | b'3' => (true, true),
        _ => return None,
    };
    Some(doubled(x, y))
}
