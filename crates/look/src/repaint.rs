//! Keeps a window true. Slint 1.18.1's software renderer repaints only what it believes to have changed, and on X11 it was seen to
//! stop believing: a clock stood still and digits were half old, until the window was resized (compare slint-ui/slint#13500).
//! Nothing of a hall may go stale on a screen, so the whole window is drawn anew every two seconds: every second took most of the
//! hundredth of a core that an idle kiosk may take.

use std::time::Duration;

use i_slint_core::lengths::{LogicalPoint, LogicalRect, LogicalSize};
use i_slint_core::window::WindowInner;
use slint::{ComponentHandle, Timer, TimerMode, Window};

/// How stale a window can be at most. A full frame takes a few milliseconds.
const EVERY: Duration = Duration::from_secs(2);

/// Draws the whole window of this component again and again, for as long as the timer lives.
pub(crate) fn keep_true<C: ComponentHandle + 'static>(component: &C) -> Timer {
    let timer = Timer::default();
    let weak = component.as_weak();
    timer.start(TimerMode::Repeated, EVERY, move || {
        if let Some(component) = weak.upgrade() {
            whole(component.window());
        }
    });
    timer
}

/// Draws the whole window with its next frame, which comes at once.
fn whole(window: &Window) {
    let size = window.size().to_logical(window.scale_factor());
    let region = LogicalRect::new(LogicalPoint::default(), LogicalSize::new(size.width, size.height));
    WindowInner::from_pub(window).window_adapter().renderer().mark_dirty_region(region.into());
    window.request_redraw();
}
