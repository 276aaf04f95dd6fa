//! A page as a row of labelled things, and what of it is new to whoever listens.

use crate::phrase::Phrase;
use crate::private::Listener;

/// One labelled thing of a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Thing {
    /// In kind.
    pub kind: Kind,
    /// What it says, or what it is for.
    pub label: String,
    /// How it is: switched on, not to be chosen; may be empty.
    pub state: String,
    /// More of it; may be empty.
    pub description: String,
    /// What was typed into it; may be empty.
    pub value: String,
}

/// A thing in kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    #[default]
    Text,
    /// What can be chosen.
    Control,
    /// What somebody types into.
    Field,
}

impl Thing {
    /// How it is said; nothing when it has no words, or none for this listener.
    ///
    /// What was typed is for headphones only, and so are the keys it is typed with: whoever hears the keys one after the other
    /// knows the number.
    #[must_use]
    pub fn phrases(&self, language: &str, listener: Listener) -> Vec<Phrase> {
        if listener == Listener::Everybody && self.is_digit_key() {
            return Vec::new();
        }
        let value = match (self.kind, listener) {
            (Kind::Field, Listener::Everybody) => "",
            (Kind::Field, Listener::Customer) | (Kind::Text | Kind::Control, _) => &self.value,
        };
        // A label that says it all has the description in it.
        let description = if self.label.contains(self.description.trim()) { "" } else { &self.description };
        let words = [self.label.as_str(), value, &self.state, description];
        words.into_iter().filter_map(|words| Phrase::of(words, language, listener)).collect()
    }

    /// Whether this is a key that types one digit.
    #[must_use]
    pub fn is_digit_key(&self) -> bool {
        let mut label = self.label.trim().chars();
        self.kind == Kind::Control && label.next().is_some_and(|c| c.is_ascii_digit()) && label.next().is_none()
    }
}

/// What somebody has heard of the page they are on.
#[derive(Debug, Clone, Default)]
pub struct News {
    page: String,
    heading: String,
    controls: Vec<String>,
    heard: Vec<String>,
}

/// What of a page has not been heard yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unheard {
    /// It is another page than before.
    pub other_page: bool,
    /// Places in the row of things.
    pub places: Vec<usize>,
}

impl News {
    /// What of a page has not been heard yet; it counts as heard from now on. A page is another one by its name, or because both
    /// its heading and most of its controls are others: then all of it is new. Counting numbers make no news, nor does what is
    /// typed.
    pub fn of(&mut self, page: &str, things: &[Thing]) -> Unheard {
        let heading = things.iter().find(|thing| thing.kind == Kind::Text).map(uncounted).unwrap_or_default();
        let controls: Vec<String> = things.iter().filter(|thing| thing.kind == Kind::Control).map(uncounted).collect();
        let kept = controls.iter().filter(|control| self.controls.contains(control)).count();
        let other_page = self.page != page || (self.heading != heading && kept * 2 <= controls.len());
        if other_page {
            self.heard.clear();
        }
        page.clone_into(&mut self.page);
        self.heading = heading;
        self.controls = controls;
        let words: Vec<String> = things.iter().map(uncounted).collect();
        let places = (0..words.len()).filter(|&at| !self.heard.contains(&words[at])).collect();
        self.heard.extend(words);
        self.heard.sort();
        self.heard.dedup();
        Unheard { other_page, places }
    }

    /// Forgets the page, so that all of it is news again.
    pub fn forget(&mut self) {
        *self = Self::default();
    }
}

/// The words without what a clock or a queue changes in them.
fn uncounted(thing: &Thing) -> String {
    thing.label.chars().filter(|c| !c.is_ascii_digit()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(label: &str) -> Thing {
        Thing { label: label.to_owned(), ..Thing::default() }
    }

    fn control(label: &str) -> Thing {
        Thing { kind: Kind::Control, ..text(label) }
    }

    fn said(thing: &Thing, listener: Listener) -> String {
        let breaths = thing.phrases("zh", listener);
        breaths.iter().flat_map(Phrase::breaths).map(|(_, words)| words).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn a_control_says_what_it_is_for_how_it_is_and_more() {
        let card = Thing { description: "前面 5 位 约 10–20 分钟".to_owned(), ..control("缴费") };
        assert_eq!(said(&card, Listener::Everybody), "缴费|前面 5 位 约 10到20 分钟");
        let switch = Thing { state: "已开启".to_owned(), ..control("大字") };
        assert_eq!(said(&switch, Listener::Everybody), "大字|已开启");
    }

    #[test]
    fn what_is_typed_and_the_keys_it_is_typed_with_are_for_headphones_only() {
        let field = Thing { kind: Kind::Field, value: "138".to_owned(), ..text("手机号码") };
        assert_eq!(said(&field, Listener::Everybody), "手机号码");
        assert_eq!(said(&field, Listener::Customer), "手机号码|138");
        assert_eq!(said(&control("5"), Listener::Everybody), "");
        assert_eq!(said(&control("5"), Listener::Customer), "5");
    }

    fn of(news: &mut News, page: &str, things: &[Thing]) -> Vec<usize> {
        news.of(page, things).places
    }

    #[test]
    fn another_page_is_news_altogether() {
        let mut news = News::default();
        let cards = [text("请选择业务"), control("缴费")];
        assert!(news.of("welcome", &cards).other_page);
        assert_eq!(news.of("welcome", &cards), Unheard::default());
        assert_eq!(news.of("confirm", &cards), Unheard { other_page: true, places: vec![0, 1] });
        let same_name = [text("缴费"), control("确认取号"), control("缴费")];
        assert_eq!(of(&mut news, "confirm", &same_name[..2]), [0, 1]);
        assert!(news.of("confirm", &same_name).places.is_empty());
    }

    #[test]
    fn a_word_that_changes_is_news_and_a_countdown_is_none() {
        let mut news = News::default();
        of(&mut news, "ticket", &[text("正在打印"), text("您的号码 A042"), control("完成（15 秒）")]);
        let printed = [text("请取走您的号票"), text("您的号码 A042"), control("完成（14 秒）")];
        assert_eq!(of(&mut news, "ticket", &printed), [0]);
        assert!(of(&mut news, "ticket", &printed).is_empty());
    }

    #[test]
    fn the_next_page_of_a_list_is_news_where_it_differs() {
        let mut news = News::default();
        of(&mut news, "welcome", &[text("请选择业务"), control("缴费"), control("更多业务")]);
        assert_eq!(of(&mut news, "welcome", &[text("请选择业务"), control("宽带"), control("更多业务")]), [1]);
    }

    #[test]
    fn what_was_forgotten_is_news_again() {
        let mut news = News::default();
        of(&mut news, "welcome", &[text("请选择业务")]);
        news.forget();
        assert_eq!(of(&mut news, "welcome", &[text("请选择业务")]), [0]);
    }
}
