//! `doctor printer --store-logo`: an image into a printer's own memory.

use std::path::Path;

use anyhow::anyhow;
use device_host::probe::{self, LOGO_MAX_HEIGHT, ProbeError};
use wire::PrinterProfile;

use super::talk::Talk;
use super::trouble::trouble;
use super::words::words;
use super::{block_on, printer};
use crate::cli::DoctorPrinterArgs;
use crate::failure::Failure;
use crate::setup::{data_dir, read_bytes};

/// `FS p 1 0` and paper: prints the logo as a ticket does.
const PRINT: [u8; 10] = [0x1B, 0x40, 0x1C, 0x70, 0x01, 0x00, 0x1B, 0x64, 0x06, 0x0A];

/// An image in grey: 0 is black.
struct Picture {
    width: usize,
    height: usize,
    grey: Vec<u8>,
}

/// Stores the image as logo number 1, after asking.
pub(super) fn run(args: &DoctorPrinterArgs, image: &Path) -> Result<(), Failure> {
    let data = data_dir(args.data.as_deref()).map_err(Failure::Input)?;
    let name = args.profile.as_deref().unwrap_or_default();
    let profile = printer::profile(&data, name).map_err(Failure::Input)?;
    let bytes = read_bytes("the logo", image, "give the path of a PNG").map_err(Failure::Input)?;
    let picture = Picture::read(&bytes)
        .map_err(|error| Failure::Input(anyhow!("{} is no PNG that can be read: {error}", image.display())))?
        .fitting(usize::from(profile.dots), usize::from(LOGO_MAX_HEIGHT));
    let size = (dots(picture.width), dots(picture.height));
    let logo = probe::logo_bytes(size, profile.dots, |x, y| picture.is_black(x, y)).map_err(Failure::input)?;
    block_on(async {
        let mut talk = Talk::new(args.yes);
        talk.say(words(
            format!("徽标 {} × {} 点，{} 字节", size.0, size.1, logo.len()),
            format!("a logo of {} × {} dots, {} bytes", size.0, size.1, logo.len()),
        ));
        if !agreed(&mut talk).await? {
            talk.say(words("没有存", "nothing was stored"));
            return Ok(());
        }
        let stored = store(&args.port, &profile, &logo, &mut talk).await;
        stored.map_err(|error| Failure::Input(anyhow!("{}", trouble(&args.port, &error))))?;
        talk.say(words(
            format!(
                "纸上有徽标吗？有，就在型号 {name} 里写 logo = 1（现成的型号先抄成自己的文件 devices/{name}.toml）"
            ),
            format!(
                "is the logo on the paper? Then write logo = 1 into the profile {name} (a built-in one is copied to \
                 devices/{name}.toml first)"
            ),
        ));
        Ok(())
    })
}

async fn agreed(talk: &mut Talk) -> Result<bool, Failure> {
    let question = words(
        "存入会替换打印机里所有徽标，而且存储器写多了会坏（每天不要超过几次）。存吗？",
        "storing replaces every logo in the printer, and its memory wears out (not more than a few times a day). Store?",
    );
    let answer = talk.ask(&question, "[y/n，↵ = y]").await?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "" | "y" | "j" | "yes" | "是"))
}

async fn store(port: &str, profile: &PrinterProfile, logo: &[u8], talk: &mut Talk) -> Result<(), ProbeError> {
    talk.say(words("  正在存，请不要断电……", "storing; leave the power on …"));
    match probe::store_logo(port, profile.baud, profile.flow, logo).await? {
        Some(true) => talk.say(words("  √ 打印机又有回答了", "the printer answers again")),
        Some(false) => talk.say(words("  ! 打印机没有再回答：关机再开", "the printer is silent: switch it off and on")),
        None => talk.say(words("  * 这台打印机不回答，看纸", "this printer does not answer: look at the paper")),
    }
    probe::send(port, profile.baud, profile.flow, &PRINT).await
}

impl Picture {
    fn read(bytes: &[u8]) -> Result<Self, png::DecodingError> {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        let mut reader = decoder.read_info()?;
        let size = reader.output_buffer_size().ok_or(png::DecodingError::LimitsExceeded)?;
        let mut pixels = vec![0; size];
        let info = reader.next_frame(&mut pixels)?;
        let (width, height) = (info.width as usize, info.height as usize);
        let samples = info.color_type.samples();
        let grey = pixels.chunks(info.line_size).flat_map(|line| line.chunks_exact(samples).take(width)).map(grey_of);
        Ok(Self { width, height, grey: grey.take(width * height).collect() })
    }

    /// The same picture, smaller where it is too large: a dot is the mean of what it covers.
    fn fitting(self, width: usize, height: usize) -> Self {
        if self.width <= width && self.height <= height {
            return self;
        }
        // Whichever side is too long by more; products instead of fractions.
        let (new_width, new_height) = if self.width * height >= self.height * width {
            (width, (self.height * width / self.width).max(1))
        } else {
            ((self.width * height / self.height).max(1), height)
        };
        let range = |at: usize, new: usize, old: usize| at * old / new..((at + 1) * old / new).max(at * old / new + 1);
        let mut grey = Vec::with_capacity(new_width * new_height);
        for y in 0..new_height {
            for x in 0..new_width {
                let (mut sum, mut count) = (0, 0);
                for from_y in range(y, new_height, self.height) {
                    for from_x in range(x, new_width, self.width) {
                        sum += usize::from(self.grey.get(from_y * self.width + from_x).copied().unwrap_or(255));
                        count += 1;
                    }
                }
                grey.push(u8::try_from(sum / count.max(1)).unwrap_or(u8::MAX));
            }
        }
        Self { width: new_width, height: new_height, grey }
    }

    fn is_black(&self, x: u16, y: u16) -> bool {
        self.grey.get(usize::from(y) * self.width + usize::from(x)).is_some_and(|grey| *grey < 128)
    }
}

/// A pixel on white paper. Weights of red, green and blue: ITU-R BT.601.
fn grey_of(pixel: &[u8]) -> u8 {
    let (grey, opaque) = match *pixel {
        [grey] => (u32::from(grey), 255),
        [grey, alpha] => (u32::from(grey), u32::from(alpha)),
        [red, green, blue] => (luma(red, green, blue), 255),
        [red, green, blue, alpha] => (luma(red, green, blue), u32::from(alpha)),
        _ => (255, 255),
    };
    u8::try_from((grey * opaque + 255 * (255 - opaque)) / 255).unwrap_or(u8::MAX)
}

fn luma(red: u8, green: u8, blue: u8) -> u32 {
    (299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue)) / 1000
}

/// Fits: the picture was made small enough.
fn dots(length: usize) -> u16 {
    u16::try_from(length).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png_of(width: u32, colour: png::ColorType, pixels: &[u8]) -> Vec<u8> {
        let mut file = Vec::new();
        let height = pixels.len() as u32 / colour.samples() as u32 / width;
        let mut encoder = png::Encoder::new(&mut file, width, height);
        encoder.set_color(colour);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.write_header().unwrap().write_image_data(pixels).unwrap();
        file
    }

    #[test]
    fn dark_dots_are_black_and_transparent_ones_paper() {
        let pixels = [0, 0, 0, 255, 0, 0, 0, 0, 255, 255, 255, 255, 200, 0, 0, 255];
        let picture = Picture::read(&png_of(4, png::ColorType::Rgba, &pixels)).unwrap();
        let black: Vec<bool> = (0..4).map(|x| picture.is_black(x, 0)).collect();
        assert_eq!(black, [true, false, false, true]);
    }

    #[test]
    fn a_picture_that_is_too_wide_is_made_smaller_in_both_ways() {
        let pixels: Vec<u8> = (0..800 * 400).map(|at| if at % 800 < 400 { 0 } else { 255 }).collect();
        let picture = Picture::read(&png_of(800, png::ColorType::Grayscale, &pixels)).unwrap().fitting(384, 320);
        assert_eq!((picture.width, picture.height), (384, 192));
        assert!(picture.is_black(191, 100) && !picture.is_black(192, 100));
    }

    #[test]
    fn what_is_no_png_is_refused() {
        assert!(Picture::read(b"BM").is_err());
    }
}
