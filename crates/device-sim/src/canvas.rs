//! Dots on paper or on a board, and the PNG of them.

/// The ground between the lamps of a board.
const BOARD: [u8; 3] = [0x10, 0x10, 0x12];
/// A lamp that is off.
const DARK: [u8; 3] = [0x24, 0x1C, 0x18];
/// A lamp that is on.
const LIT: [u8; 3] = [0xFF, 0x5A, 0x1F];

/// A rectangle of dots, each set or not.
#[derive(Clone, Debug)]
pub(crate) struct Canvas {
    pub(crate) width: usize,
    pub(crate) height: usize,
    dots: Vec<bool>,
}

impl Canvas {
    pub(crate) fn new(width: usize, height: usize) -> Self {
        Self { width, height, dots: vec![false; width * height] }
    }

    /// Sets a dot; outside the rectangle nothing happens, as a print head ends where it ends.
    pub(crate) fn set(&mut self, x: usize, y: usize, on: bool) {
        if x < self.width
            && y < self.height
            && let Some(dot) = self.dots.get_mut(y * self.width + x)
        {
            *dot = on;
        }
    }

    pub(crate) fn get(&self, x: usize, y: usize) -> bool {
        x < self.width && y < self.height && self.dots.get(y * self.width + x).copied().unwrap_or_default()
    }

    /// Black on white, one pixel a dot, 1 bit a pixel.
    pub(crate) fn paper_png(&self) -> Vec<u8> {
        let stride = self.width.div_ceil(8);
        let height = self.height.max(1);
        let mut rows = vec![0xFF_u8; stride * height];
        for y in 0..self.height {
            for x in (0..self.width).filter(|x| self.get(*x, y)) {
                if let Some(byte) = rows.get_mut(y * stride + x / 8) {
                    *byte &= !(0x80 >> (x % 8));
                }
            }
        }
        encode(self.width, height, png::ColorType::Grayscale, png::BitDepth::One, &rows)
    }

    /// Round amber lamps on a dark board, `PITCH` pixels a lamp.
    pub(crate) fn board_png(&self) -> Vec<u8> {
        const PITCH: usize = 6;
        let (width, height) = (self.width * PITCH, self.height * PITCH);
        let mut pixels = Vec::with_capacity(width * height * 3);
        for y in 0..height {
            for x in 0..width {
                // Distance from the lamp's centre in half pixels; radius 2.5 pixels.
                let dx = (2 * (x % PITCH) + 1).abs_diff(PITCH);
                let dy = (2 * (y % PITCH) + 1).abs_diff(PITCH);
                let lamp = dx * dx + dy * dy <= 25;
                pixels.extend(match (lamp, self.get(x / PITCH, y / PITCH)) {
                    (false, _) => BOARD,
                    (true, false) => DARK,
                    (true, true) => LIT,
                });
            }
        }
        encode(width, height, png::ColorType::Rgb, png::BitDepth::Eight, &pixels)
    }
}

/// One pixel a dot: the dots of `all` are dark lamps, those of `lit` too are lit.
pub(crate) fn lit_png(all: &Canvas, lit: &Canvas) -> Vec<u8> {
    let mut pixels = Vec::with_capacity(all.width * all.height * 3);
    for y in 0..all.height {
        for x in 0..all.width {
            pixels.extend(match (all.get(x, y), lit.get(x, y)) {
                (false, false) => BOARD,
                (true, false) => DARK,
                (true | false, true) => LIT,
            });
        }
    }
    encode(all.width, all.height, png::ColorType::Rgb, png::BitDepth::Eight, &pixels)
}

fn encode(width: usize, height: usize, colour: png::ColorType, depth: png::BitDepth, data: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let size = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    let mut encoder = png::Encoder::new(&mut file, size(width), size(height));
    encoder.set_color(colour);
    encoder.set_depth(depth);
    let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(data));
    // Writing to memory fails only for an empty image, which has no picture.
    if let Err(error) = written {
        tracing::warn!(%error, width, height, "encoding a picture");
        return Vec::new();
    }
    file
}
