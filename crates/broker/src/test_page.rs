//! What a page says that staff print to see whether the printer prints. It is no ticket: nobody can be called by it.

use hall::{Hall, Language};
use jiff::Zoned;
use wire::Slip;

/// Words a test page of a kiosk's printer.
pub(crate) fn test_page(hall: &Hall, kiosk: &str, now: &Zoned, language: Language) -> Slip {
    let (word, what, place, look) = match language {
        Language::Zh => {
            ("测试", "测试页，不是号票", format!("取号机 {kiosk}"), "字迹清晰、边缘完整、纸已切断，打印即为正常")
        }
        Language::En => (
            "TEST",
            "Test page, not a ticket",
            format!("Kiosk {kiosk}"),
            "Sharp letters, whole edges and a cut: the printer is well",
        ),
    };
    Slip {
        hall: hall.rules().names.in_language(language).to_owned(),
        greeting: None,
        number: word.to_owned(),
        service: what.to_owned(),
        ahead: None,
        wait: None,
        area: Some(place),
        time: now.strftime("%Y-%m-%d %H:%M").to_string(),
        documents: vec![],
        qr_url: None,
        rule: Some(look.to_owned()),
        copy_mark: None,
    }
}
