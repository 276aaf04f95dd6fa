//! Pictures of a window without any display: the same component, drawn by the software renderer into memory.

use crate::fontless::is_fontless;
use crate::fonts::{self, FontError};
use slint::platform::software_renderer::{MinimalSoftwareWindow, RepaintBufferType};
use slint::platform::{Platform, WindowAdapter, set_platform, update_timers_and_animations};
use slint::{ComponentHandle, PhysicalSize, PlatformError, Rgb8Pixel, SharedPixelBuffer};
use std::cell::Cell;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

/// Why a picture could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// Neither side may be 0 or above [`MAX_SIDE_PX`].
    #[error("a picture of {width} × {height} pixels: each side must be 1 to {MAX_SIDE_PX}")]
    Size {
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
    },
    /// The platform, the component or its window failed.
    #[error("drawing the window in memory")]
    Draw(#[from] PlatformError),
    /// The bundled font was not accepted.
    #[error("preparing the fonts of the picture")]
    Font(#[from] FontError),
    /// The drawing thread could not be started.
    #[error("starting the drawing thread")]
    Thread(#[source] io::Error),
    /// fontconfig is installed and finds no font, which the renderer does not survive.
    #[error("fontconfig is installed without any font; on Debian: apt install fonts-dejavu-core")]
    NoFonts,
    /// The drawing thread ended in a panic, whose message went to the standard error output.
    #[error("the drawing thread panicked")]
    Panicked,
    /// The pixels could not be written as PNG.
    #[error("encoding the picture as PNG")]
    Encode(#[from] png::EncodingError),
    /// The file could not be written.
    #[error("writing the picture {path}")]
    Write {
        /// Where to.
        path: PathBuf,
        /// What the file system said.
        #[source]
        source: io::Error,
    },
}

/// The longest side of a picture, in pixels.
pub const MAX_SIDE_PX: u32 = 8192;

/// The pixels of a window.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    width: u32,
    height: u32,
    rgb: Vec<u8>,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Picture({} × {})", self.width, self.height)
    }
}

impl Picture {
    /// Pixels from left to right.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Pixels from top to bottom.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// Rows from the top, three bytes a pixel: red, green, blue.
    #[must_use]
    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    /// The colour at a place, or `None` outside the picture.
    #[must_use]
    pub fn pixel(&self, x: u32, y: u32) -> Option<[u8; 3]> {
        if x >= self.width || y >= self.height {
            return None;
        }
        let at = (y as usize * self.width as usize + x as usize) * 3;
        self.rgb.get(at..at + 3)?.try_into().ok()
    }

    /// The mean green of each whole square of `side` pixels, row by row from the top: a picture small enough to keep and compare.
    #[must_use]
    pub fn squares(&self, side: u32) -> Vec<u8> {
        let side = side.max(1);
        let (columns, rows) = (self.width / side, self.height / side);
        let mut sums = vec![0_u32; columns as usize * rows as usize];
        for (y, row) in (0..rows * side).zip(self.rgb.chunks_exact(self.width as usize * 3)) {
            for (x, pixel) in (0..columns * side).zip(row.chunks_exact(3)) {
                let at = (y / side * columns + x / side) as usize;
                sums[at] += u32::from(pixel[1]);
            }
        }
        sums.into_iter().map(|sum| (sum / (side * side)).min(255) as u8).collect()
    }

    /// The darkest and the lightest of what `luminance` gives for the pixels of a row from `left` to before `right`; `(1, 0)` where
    /// there is none.
    #[must_use]
    pub fn extremes_of_row(&self, y: u32, left: u32, right: u32, luminance: &[f32; 256]) -> (f32, f32) {
        let right = right.min(self.width);
        let place = |x: u32| (y as usize * self.width as usize + x as usize) * 3;
        let pixels = self.rgb.get(place(left.min(right))..place(right)).unwrap_or_default();
        pixels.chunks_exact(3).fold((1.0, 0.0), |(dark, light), pixel| {
            let [red, green, blue] = [0, 1, 2].map(|part: usize| luminance[usize::from(pixel[part])]);
            let of_pixel = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
            (f32::min(dark, of_pixel), f32::max(light, of_pixel))
        })
    }

    /// The picture as a PNG file.
    ///
    /// # Errors
    /// [`PictureError::Encode`], only when memory is exhausted.
    pub fn to_png(&self) -> Result<Vec<u8>, PictureError> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, self.width, self.height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.write_header()?.write_image_data(&self.rgb)?;
        Ok(file)
    }

    /// Writes the picture as a PNG file.
    ///
    /// # Errors
    /// [`PictureError::Write`] when the file cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), PictureError> {
        std::fs::write(path, self.to_png()?).map_err(|source| PictureError::Write { path: path.to_owned(), source })
    }
}

/// Draws one component at a size in pixels. `build` creates it and brings it into the state to be seen.
///
/// The drawing happens on a thread of its own with its own Slint platform, so that it neither needs a display nor disturbs
/// windows, languages or modes of the calling thread. Time stands still: animations and timers show their first moment.
///
/// # Errors
/// [`PictureError`] when the size is out of range or the component cannot be created.
pub fn picture<C, F>(width: u32, height: u32, build: F) -> Result<Picture, PictureError>
where
    C: ComponentHandle + 'static,
    F: FnOnce() -> Result<C, PlatformError> + Send,
{
    scene(width, height, |stage| {
        let component = build()?;
        component.show()?;
        let picture = stage.shoot();
        component.hide()?;
        Ok(picture)
    })
}

/// Runs `play` on a thread of its own whose windows are drawn in memory, and hands back what it returns.
///
/// # Errors
/// [`PictureError`] when the size is out of range, or whatever `play` returns.
pub fn scene<R, F>(width: u32, height: u32, play: F) -> Result<R, PictureError>
where
    R: Send,
    F: FnOnce(&Stage) -> Result<R, PictureError> + Send,
{
    if !(1..=MAX_SIDE_PX).contains(&width) || !(1..=MAX_SIDE_PX).contains(&height) {
        return Err(PictureError::Size { width, height });
    }
    std::thread::scope(|scope| {
        std::thread::Builder::new()
            .name("picture".to_owned())
            .spawn_scoped(scope, || {
                let stage = Stage::new(width, height)?;
                play(&stage)
            })
            .map_err(PictureError::Thread)?
            .join()
            .map_err(|_panic| if is_fontless() { PictureError::NoFonts } else { PictureError::Panicked })?
    })
}

/// The window in memory of a [`scene`]. Components created on its thread are shown in it.
pub struct Stage {
    window: Rc<MinimalSoftwareWindow>,
    now: Rc<Cell<Duration>>,
    width: u32,
    height: u32,
}

impl Stage {
    fn new(width: u32, height: u32) -> Result<Self, PictureError> {
        let window = MinimalSoftwareWindow::new(RepaintBufferType::NewBuffer);
        let now = Rc::new(Cell::new(Duration::ZERO));
        set_platform(Box::new(Memory { window: Rc::clone(&window), now: Rc::clone(&now) }))
            .map_err(PlatformError::SetPlatformError)?;
        fonts::register()?;
        Ok(Self { window, now, width, height })
    }

    /// Shows a component in the scene's window.
    ///
    /// # Errors
    /// The window system's.
    pub fn show(&self, component: &impl ComponentHandle) -> Result<(), PictureError> {
        Ok(component.show()?)
    }

    /// Lets the animations and timers of the scene see time pass.
    pub fn pass(&self, time: Duration) {
        self.now.set(self.now.get() + time);
        update_timers_and_animations();
    }

    /// Draws the component that is shown.
    #[must_use]
    pub fn shoot(&self) -> Picture {
        self.window.set_size(PhysicalSize::new(self.width, self.height));
        // The first round reports the size to the page, the second lets what follows from it settle.
        update_timers_and_animations();
        update_timers_and_animations();
        let mut buffer = SharedPixelBuffer::<Rgb8Pixel>::new(self.width, self.height);
        self.window.request_redraw();
        self.window.draw_if_needed(|renderer| {
            renderer.render(buffer.make_mut_slice(), self.width as usize);
        });
        Picture { width: self.width, height: self.height, rgb: buffer.as_bytes().to_vec() }
    }
}

struct Memory {
    window: Rc<MinimalSoftwareWindow>,
    now: Rc<Cell<Duration>>,
}

impl Platform for Memory {
    fn create_window_adapter(&self) -> Result<Rc<dyn WindowAdapter>, PlatformError> {
        Ok(Rc::clone(&self.window) as Rc<dyn WindowAdapter>)
    }

    fn duration_since_start(&self) -> Duration {
        self.now.get()
    }
}
