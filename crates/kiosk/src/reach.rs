//! Which part of the panel a customer in a wheelchair reaches.

/// Height of the page in design pixels.
pub const PAGE_HEIGHT_PX: f64 = 1920.0;
/// Design pixels to the millimetre on a 21.5-inch portrait panel.
pub const PX_PER_MM: f64 = 4.03;
/// The highest a control may be above the floor, in mm, with an unobstructed reach (ADA 2010, 308.2.1; EN 301 549, 8.3).
pub const HIGHEST_REACH_MM: f64 = 1220.0;
/// Where the pages put their highest control, in design pixels from the top.
pub const HIGHEST_CONTROL_PX: f64 = 900.0;

/// The highest place a control may have, in design pixels from the top, when the panel's lower edge is so many mm above the floor.
#[must_use]
pub fn highest_allowed_px(panel_bottom_mm: u32) -> f64 {
    PAGE_HEIGHT_PX - PX_PER_MM * (HIGHEST_REACH_MM - f64::from(panel_bottom_mm))
}

/// Whether every control of the pages is within reach on a panel hung at this height.
#[must_use]
pub fn is_within_reach(panel_bottom_mm: u32) -> bool {
    // A pixel is a quarter of a millimetre, finer than anybody hangs a panel.
    highest_allowed_px(panel_bottom_mm) <= HIGHEST_CONTROL_PX + 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panel_at_967_mm_lets_controls_start_at_900() {
        assert!((highest_allowed_px(967) - 900.0).abs() < 1.0);
        assert!(is_within_reach(967));
        assert!(is_within_reach(800));
    }

    #[test]
    fn a_panel_hung_higher_puts_the_cards_out_of_reach() {
        assert!(!is_within_reach(1000));
    }
}
