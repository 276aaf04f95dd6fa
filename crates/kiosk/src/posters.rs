//! Posters: pictures in a folder, shown while nobody is there. They are decoded on a thread of their own, one at a time.

use image::{ImageError, ImageReader, Limits, imageops::FilterType};
use slint::{Rgb8Pixel, SharedPixelBuffer};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, SystemTime};

/// The room a poster has on the page, in design pixels.
pub(crate) const POSTER_SIZE_PX: (u32, u32) = (1080, 1640);
/// A side longer than this is no poster of a hall.
const MOST_SIDE_PX: u32 = 10_000;
/// What decoding one may take in memory.
const MOST_BYTES: u64 = 160 * 1024 * 1024;
/// Posters that may be asked for at a time; who asks for more asks again.
const ASKED: usize = 2;
/// Between two looks whether there are posters at all.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// What the thread of the posters tells.
#[derive(Debug)]
pub(crate) enum Told {
    /// Whether there are posters.
    There(bool),
    /// The picture that was asked for.
    Picture {
        /// Counted as the desk counts.
        which: usize,
        /// To be drawn as it is.
        pixels: SharedPixelBuffer<Rgb8Pixel>,
    },
}

/// Starts the thread. It decodes what is asked for by number, tells it, and ends when nobody can ask any more.
///
/// # Errors
/// When the system gives no thread.
pub(crate) fn start(folder: PathBuf, tell: impl Fn(Told) + Send + 'static) -> io::Result<mpsc::SyncSender<usize>> {
    let (ask, asked) = mpsc::sync_channel(ASKED);
    thread::Builder::new().name("kiosk-posters".to_owned()).spawn(move || {
        let mut posters = Posters { folder, damaged: BTreeMap::new() };
        let mut there = None;
        loop {
            let now = !posters.list().is_empty();
            if there.replace(now) != Some(now) {
                tell(Told::There(now));
            }
            match asked.recv_timeout(LOOK_EVERY) {
                Ok(which) => {
                    if let Some(pixels) = posters.picture(which) {
                        tell(Told::Picture { which, pixels });
                    }
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                Err(mpsc::RecvTimeoutError::Disconnected) => return,
            }
        }
    })?;
    Ok(ask)
}

/// What tells one content of a file from the next, as far as a folder tells.
#[derive(Debug, PartialEq, Eq)]
struct Stamp {
    length: u64,
    changed: Option<SystemTime>,
}

impl Stamp {
    fn of(path: &Path) -> Option<Self> {
        let found = fs::metadata(path).ok()?;
        Some(Self { length: found.len(), changed: found.modified().ok() })
    }
}

struct Posters {
    folder: PathBuf,
    /// Files that were complained of, as they were then: one that has changed since is read again.
    damaged: BTreeMap<PathBuf, Stamp>,
}

impl Posters {
    /// The folder's pictures by name; none when there is no such folder.
    fn list(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(&self.folder) else { return Vec::new() };
        let mut found: Vec<PathBuf> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| is_picture(path) && !self.is_damaged(path))
            .collect();
        found.sort();
        found
    }

    fn is_damaged(&self, path: &Path) -> bool {
        self.damaged.get(path).is_some_and(|then| Stamp::of(path).as_ref() == Some(then))
    }

    /// The picture whose turn it is; a damaged one gives its turn to the next.
    fn picture(&mut self, which: usize) -> Option<SharedPixelBuffer<Rgb8Pixel>> {
        loop {
            let list = self.list();
            let path = list.get(which.checked_rem(list.len())?)?;
            // Before it is read: a file that is still being copied is another one in a moment.
            let stamp = Stamp::of(path);
            match decode(path) {
                Ok(pixels) => return Some(pixels),
                Err(error) => {
                    tracing::warn!(
                        path = %path.display(),
                        error = &error as &dyn std::error::Error,
                        "a poster is skipped: it is no picture that can be shown"
                    );
                    match stamp {
                        Some(stamp) => self.damaged.insert(path.clone(), stamp),
                        // It has gone: so it is on no list any more.
                        None => return None,
                    };
                }
            }
        }
    }
}

fn is_picture(path: &Path) -> bool {
    let kind = path.extension().map(|kind| kind.to_ascii_lowercase());
    kind.is_some_and(|kind| ["png", "jpg", "jpeg"].iter().any(|known| kind == *known))
}

fn decode(path: &Path) -> Result<SharedPixelBuffer<Rgb8Pixel>, ImageError> {
    let mut reader = ImageReader::open(path)?.with_guessed_format()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_SIDE_PX);
    limits.max_image_height = Some(MOST_SIDE_PX);
    limits.max_alloc = Some(MOST_BYTES);
    reader.limits(limits);
    let picture = reader.decode()?;
    let (width, height) = POSTER_SIZE_PX;
    let fits = picture.width() <= width && picture.height() <= height;
    let picture = if fits { picture } else { picture.resize(width, height, FilterType::Triangle) };
    let rgb = picture.into_rgb8();
    Ok(SharedPixelBuffer::clone_from_slice(rgb.as_raw(), rgb.width(), rgb.height()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage};

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().expect("a folder")
    }

    fn posters(folder: &tempfile::TempDir) -> Posters {
        Posters { folder: folder.path().to_owned(), damaged: BTreeMap::new() }
    }

    #[test]
    fn posters_take_turns_by_name_and_damaged_ones_are_passed_over() {
        let folder = folder();
        RgbImage::from_pixel(8, 4, Rgb([255, 0, 0])).save(folder.path().join("a.png")).expect("saved");
        fs::write(folder.path().join("b.png"), b"no picture").expect("written");
        RgbImage::from_pixel(8, 4, Rgb([0, 0, 255])).save(folder.path().join("c.JPG")).expect("saved");
        fs::write(folder.path().join("notes.txt"), b"no poster").expect("written");
        let mut posters = posters(&folder);
        assert_eq!(posters.list().len(), 3);
        let colour = |posters: &mut Posters, which| posters.picture(which).expect("a picture").as_slice()[0];
        assert_eq!(colour(&mut posters, 0).r, 255);
        assert!(colour(&mut posters, 1).b > 240);
        assert_eq!(posters.list().len(), 2, "the damaged one has been complained of");
        assert_eq!(colour(&mut posters, 2).r, 255);
    }

    #[test]
    fn a_damaged_poster_is_read_again_when_its_file_has_changed() {
        let folder = folder();
        let file = folder.path().join("a.png");
        fs::write(&file, b"half a picture").expect("written");
        let mut posters = posters(&folder);
        assert!(posters.picture(0).is_none());
        assert_eq!(posters.list().len(), 0);
        RgbImage::from_pixel(8, 4, Rgb([255, 0, 0])).save(&file).expect("saved");
        assert_eq!(posters.picture(0).expect("a picture").as_slice()[0].r, 255);
    }

    #[test]
    fn a_large_poster_is_made_to_fit_and_a_monstrous_one_is_refused() {
        let folder = folder();
        RgbImage::new(2000, 400).save(folder.path().join("wide.png")).expect("saved");
        let mut posters = posters(&folder);
        assert_eq!(posters.picture(0).expect("a picture").width(), POSTER_SIZE_PX.0);
        RgbImage::new(MOST_SIDE_PX + 1, 1).save(folder.path().join("wide.png")).expect("saved");
        assert!(posters.picture(0).is_none());
    }

    #[test]
    fn without_a_folder_there_are_no_posters() {
        let mut posters = Posters { folder: PathBuf::from("/nonexistent-jiaohao"), damaged: BTreeMap::new() };
        assert!(posters.picture(0).is_none());
    }
}
