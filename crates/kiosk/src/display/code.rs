//! The QR code of a ticket.

use qrcode::{EcLevel, QrCode};
use slint::{Image, Rgb8Pixel, SharedPixelBuffer};

/// The QR code, one pixel a module; none for an address that fits no code. Of the four modules of margin it needs, two are in the
/// picture and the panel around it is white for more than the other two.
pub(super) fn qr_image(url: &str) -> Option<Image> {
    const MARGIN: usize = 2;
    let code = QrCode::with_error_correction_level(url, EcLevel::M).ok()?;
    let modules = code.width();
    let side = modules + 2 * MARGIN;
    let mut pixels = SharedPixelBuffer::<Rgb8Pixel>::new(u32::try_from(side).ok()?, u32::try_from(side).ok()?);
    for (at, pixel) in pixels.make_mut_slice().iter_mut().enumerate() {
        let (x, y) = (at % side, at / side);
        let inside = (MARGIN..MARGIN + modules).contains(&x) && (MARGIN..MARGIN + modules).contains(&y);
        let dark = inside && code[(x - MARGIN, y - MARGIN)] == qrcode::Color::Dark;
        *pixel = if dark { Rgb8Pixel::new(0, 0, 0) } else { Rgb8Pixel::new(255, 255, 255) };
    }
    Some(Image::from_rgb8(pixels))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_address_of_42_bytes_has_modules_of_ten_pixels() {
        let url = "http://192.168.100.200:8080/t/abcdefghijkl";
        assert_eq!(url.len(), 42);
        let image = qr_image(url).expect("fits");
        assert!(398 / image.size().width >= 10, "2.5 mm on the panel");
    }
}
