//! Which part of the panel a customer in a wheelchair reaches, and how many cards there are room for in it.

/// Height of the page in design pixels.
const PAGE_HEIGHT_PX: f64 = 1920.0;
/// Design pixels to the millimetre on a 21.5-inch portrait panel.
const PX_PER_MM: f64 = 4.03;
/// The highest a control may be above the floor, in mm, with an unobstructed reach (ADA 2010, 308.2.1; EN 301 549, 8.3).
const HIGHEST_REACH_MM: f64 = 1220.0;
/// Where controls begin on a panel that hangs low enough for everything, in design pixels from the top.
pub const USUAL_CONTROLS_FROM_PX: u32 = 900;
/// A panel whose lower edge is higher leaves no room for five rows of keys of 20 mm, 4 mm apart, above the bar.
pub use wire::HIGHEST_PANEL_BOTTOM_MM;
/// Where controls begin on such a panel.
pub const LOWEST_CONTROLS_FROM_PX: u32 = 1292;

/// A card with a name and two facts in large text, and the gap below it, in design pixels.
const CARD_PX: u32 = 181;
/// Where the rows of cards end, and the gap below the last.
const CARDS_END_PX: u32 = 1772;
/// The most and the fewest rows of cards.
const ROWS: (u32, u32) = (2, 4);

/// The highest place a control may have, in design pixels from the top, when the panel's lower edge is so many mm above the floor.
#[must_use]
pub fn highest_allowed_px(panel_bottom_mm: u32) -> f64 {
    PAGE_HEIGHT_PX - PX_PER_MM * (HIGHEST_REACH_MM - f64::from(panel_bottom_mm))
}

/// Where controls begin, in design pixels from the top: within reach on every panel that is not hung too high.
#[must_use]
pub fn controls_from_px(panel_bottom_mm: u32) -> u32 {
    // A pixel is a quarter of a millimetre, finer than anybody hangs a panel: 967 mm is the height that gives 900.
    let from = (highest_allowed_px(panel_bottom_mm) - 1.0).ceil();
    from.clamp(USUAL_CONTROLS_FROM_PX.into(), LOWEST_CONTROLS_FROM_PX.into()) as u32
}

/// Rows of cards that there is room for.
#[must_use]
pub fn card_rows(controls_from_px: u32) -> u32 {
    let (fewest, most) = ROWS;
    (CARDS_END_PX.saturating_sub(controls_from_px) / CARD_PX).clamp(fewest, most)
}

/// Whether every control of the pages is within reach on a panel hung at this height.
#[must_use]
pub fn is_within_reach(panel_bottom_mm: u32) -> bool {
    panel_bottom_mm <= HIGHEST_PANEL_BOTTOM_MM
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panel_at_967_mm_or_lower_lets_controls_start_at_900() {
        assert!((highest_allowed_px(967) - 900.0).abs() < 1.0);
        assert_eq!((controls_from_px(967), controls_from_px(300)), (900, 900));
        assert_eq!(card_rows(900), 4);
    }

    #[test]
    fn a_panel_hung_higher_has_its_controls_lower_on_the_page_and_fewer_cards() {
        for mm in 968..=HIGHEST_PANEL_BOTTOM_MM {
            let from = controls_from_px(mm);
            assert!(f64::from(from) + 1.0 >= highest_allowed_px(mm), "{mm} mm: {from}");
            assert!(from <= LOWEST_CONTROLS_FROM_PX);
            assert!(is_within_reach(mm));
        }
        assert_eq!((controls_from_px(1000), card_rows(controls_from_px(1000))), (1033, 4));
        assert_eq!((controls_from_px(1017), card_rows(controls_from_px(1017))), (1101, 3));
        assert_eq!(card_rows(LOWEST_CONTROLS_FROM_PX), 2);
    }

    #[test]
    fn a_panel_above_1064_mm_is_out_of_reach_however_the_page_is_drawn() {
        assert!(highest_allowed_px(HIGHEST_PANEL_BOTTOM_MM) <= f64::from(LOWEST_CONTROLS_FROM_PX) + 1.0);
        assert!(highest_allowed_px(HIGHEST_PANEL_BOTTOM_MM + 1) > f64::from(LOWEST_CONTROLS_FROM_PX) + 1.0);
        assert!(!is_within_reach(HIGHEST_PANEL_BOTTOM_MM + 1));
        assert_eq!(controls_from_px(1300), LOWEST_CONTROLS_FROM_PX);
    }
}
