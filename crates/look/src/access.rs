//! What a window holds for whoever does not see it: every labelled thing with its place, in reading order, as the accessible
//! properties of its components tell it. Keys and speech go by this, so that neither can know a page better than its own labels.

use i_slint_core::accessibility::{AccessibilityAction, AccessibleStringProperty};
use i_slint_core::item_tree::ItemRc;
use i_slint_core::items::AccessibleRole;
use i_slint_core::window::WindowInner;
use slint::Window;
use std::collections::VecDeque;

/// The `accessible-id` of an element that stands before everything else: while it is there, there is nothing but what it holds.
pub const MODAL: &str = "modal";

/// A labelled thing in kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Words, or a picture with words for it.
    Text,
    /// What can be activated.
    Control,
    /// What shows something that is typed.
    Field,
}

/// A labelled thing.
#[derive(Debug, Clone)]
pub struct Labelled {
    /// In kind.
    pub role: Role,
    /// What it says or is for; a control without a label has an empty one.
    pub label: String,
    /// More than the label.
    pub description: String,
    /// What it holds.
    pub value: String,
    /// Whether it can be activated.
    pub enabled: bool,
    /// Whether it is on; `None` for what is no switch.
    pub checked: Option<bool>,
    /// Where it is in the window.
    pub place: Place,
    item: ItemRc,
}

/// A rectangle in logical pixels of the window.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Place {
    /// Left edge.
    pub x: f32,
    /// Upper edge.
    pub y: f32,
    /// From left to right.
    pub width: f32,
    /// From top to bottom.
    pub height: f32,
}

impl Place {
    /// Whether this point is in it.
    #[must_use]
    pub fn holds(&self, x: f32, y: f32) -> bool {
        (self.x..self.x + self.width).contains(&x) && (self.y..self.y + self.height).contains(&y)
    }

    fn middle(&self) -> f32 {
        self.y + self.height / 2.0
    }
}

impl Labelled {
    /// Does what a touch of it would do.
    pub fn activate(&self) {
        self.item.accessible_action(&AccessibilityAction::Default);
    }

    /// Whether both are the same thing, whatever it says by now.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.item == other.item
    }
}

/// The labelled things of a window that can be seen now, in reading order.
#[must_use]
pub fn things(window: &Window) -> Vec<Labelled> {
    let inner = WindowInner::from_pub(window);
    let Some(component) = inner.try_component() else { return Vec::new() };
    inner.ensure_tree_instantiated();
    let root = ItemRc::new_root(component);
    let mut found = Vec::new();
    collect(&modal_below(&root).unwrap_or(root), &mut found);
    in_reading_order(found)
}

fn children(item: &ItemRc) -> impl Iterator<Item = ItemRc> {
    std::iter::successors(item.first_child(), ItemRc::next_sibling)
}

fn modal_below(item: &ItemRc) -> Option<ItemRc> {
    children(item).find_map(|child| {
        let named = child.is_accessible() && string(&child, AccessibleStringProperty::Id) == MODAL;
        if named && child.is_visible() { Some(child) } else { modal_below(&child) }
    })
}

/// A thing with a label speaks for all it consists of.
fn collect(item: &ItemRc, found: &mut Vec<Labelled>) {
    for child in children(item) {
        if !child.is_visible() {
            continue;
        }
        let role = if child.is_accessible() { role(child.accessible_role()) } else { None };
        match role {
            Some(role) => found.extend(labelled(child, role)),
            None => collect(&child, found),
        }
    }
}

/// `None` for what is there to hold other things.
fn role(role: AccessibleRole) -> Option<Role> {
    const TEXTS: [AccessibleRole; 3] = [AccessibleRole::Text, AccessibleRole::Image, AccessibleRole::ProgressIndicator];
    const CONTROLS: [AccessibleRole; 6] = [
        AccessibleRole::Button,
        AccessibleRole::Checkbox,
        AccessibleRole::Switch,
        AccessibleRole::RadioButton,
        AccessibleRole::Tab,
        AccessibleRole::ListItem,
    ];
    if TEXTS.contains(&role) {
        Some(Role::Text)
    } else if CONTROLS.contains(&role) {
        Some(Role::Control)
    } else {
        (role == AccessibleRole::TextInput).then_some(Role::Field)
    }
}

/// `None` for what nobody sees: a text without words or without a place, which is a mark for whoever measures.
fn labelled(item: ItemRc, role: Role) -> Option<Labelled> {
    let label = string(&item, AccessibleStringProperty::Label);
    let geometry = item.geometry();
    if role == Role::Text && (label.trim().is_empty() || geometry.size.is_empty()) {
        return None;
    }
    let truth = |what| match string(&item, what).as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    };
    let checkable = truth(AccessibleStringProperty::Checkable) == Some(true);
    let at = item.map_to_window(geometry.origin);
    Some(Labelled {
        role,
        description: string(&item, AccessibleStringProperty::Description),
        value: string(&item, AccessibleStringProperty::Value),
        enabled: truth(AccessibleStringProperty::Enabled).unwrap_or(true),
        checked: truth(AccessibleStringProperty::Checked).filter(|_| checkable),
        place: Place { x: at.x, y: at.y, width: geometry.width(), height: geometry.height() },
        label,
        item,
    })
}

fn string(item: &ItemRc, what: AccessibleStringProperty) -> String {
    item.accessible_string_property(what).map(Into::into).unwrap_or_default()
}

/// Line by line from the top, each line from the left. What stands beside something higher belongs to its line.
fn in_reading_order(mut things: Vec<Labelled>) -> Vec<Labelled> {
    things.sort_by(|a, b| a.place.y.total_cmp(&b.place.y));
    let mut rest = VecDeque::from(things);
    let mut ordered = Vec::with_capacity(rest.len());
    while let Some(first) = rest.pop_front() {
        let side = first.place.y..first.place.y + first.place.height;
        let (beside, below): (Vec<_>, Vec<_>) =
            rest.into_iter().partition(|thing| side.contains(&thing.place.middle()));
        let mut line = vec![first];
        line.extend(beside);
        // Stable: what is at the same distance from the left stays in order from the top.
        line.sort_by(|a, b| a.place.x.total_cmp(&b.place.x));
        ordered.append(&mut line);
        rest = below.into();
    }
    ordered
}
