//! Quantiles of what was measured.

use std::time::Duration;

/// The `share` quantile (0 to 1) of these durations, in milliseconds; 0 of none.
pub(crate) fn quantile_ms(durations: &mut [Duration], share: f64) -> f64 {
    durations.sort_unstable();
    let last = durations.len().saturating_sub(1);
    let index = (last as f64 * share).round() as usize;
    durations.get(index).map_or(0.0, |duration| duration.as_secs_f64() * 1000.0)
}
