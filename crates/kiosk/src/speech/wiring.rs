//! Connects keys and fingers of the window to a guide.

use std::cell::RefCell;
use std::rc::Rc;

use slint::{ComponentHandle, SharedString};

use super::{Deed, Guide, Key};
use crate::desk::Touch;
use crate::ui::{FiveKeys, Look, Main};
use crate::view::View;

/// A desk and its pages, with a guide.
pub trait Guided {
    /// Lets the desk hear a touch, and its pages show the outcome.
    fn touch(&mut self, touch: Touch);
    /// What the desk shows.
    fn view(&self) -> View;
    /// The guide.
    fn guide(&mut self) -> &mut Guide;
}

/// Connects them. What a control does itself is connected as without keys.
pub fn connect_guide<G: Guided + 'static>(ui: &Main, guided: &Rc<RefCell<G>>) {
    let keys = ui.global::<FiveKeys>();
    keys.on_pressed({
        let (weak, guided) = (ui.as_weak(), Rc::clone(guided));
        move |text: SharedString| {
            if let (Some(ui), Some(key)) = (weak.upgrade(), Key::of(&text)) {
                press(&ui, &guided, key);
            }
        }
    });
    keys.on_touched_at({
        let (weak, guided) = (ui.as_weak(), Rc::clone(guided));
        move |x, y| {
            let Some(ui) = weak.upgrade() else { return };
            let mut guided = guided.borrow_mut();
            guided.guide().finger();
            if guided.view().aid.speaks {
                // Whoever feels their way over the page is there.
                guided.touch(Touch::Finger);
                let view = guided.view();
                guided.guide().touched_at(&ui, &view, x, y);
            }
        }
    });
    let look = ui.global::<Look>();
    look.on_finger({
        let guided = Rc::clone(guided);
        move || guided.borrow_mut().guide().finger()
    });
    look.on_touched({
        let guided = Rc::clone(guided);
        move |label| {
            let mut guided = guided.borrow_mut();
            let aid = guided.view().aid;
            if aid.speaks || aid.keys {
                guided.guide().touched(&label);
                guided.touch(Touch::Finger);
            }
        }
    });
}

/// The first press on a page without keys only shows where they are: nobody chooses what they have not met.
fn press<G: Guided>(ui: &Main, guided: &Rc<RefCell<G>>, key: Key) {
    let deed = {
        let mut guided = guided.borrow_mut();
        let there = guided.guide().at().is_some();
        guided.touch(Touch::Key);
        let view = guided.view();
        guided.guide().show(ui, &view);
        if there { guided.guide().key(ui, &view, key) } else { Deed::None }
    };
    match deed {
        Deed::None => {}
        Deed::Activate(control) => control.activate(),
        Deed::Back => guided.borrow_mut().touch(Touch::Back),
    }
}
