//! A hall as the broker would tell it.

use kiosk::desk::{Desk, News};
use std::cell::Cell;
use std::time::Duration;
use wire::{Issued, KioskSettings, Problem, ServiceOffer};

pub fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

thread_local! {
    /// How high the kiosks of this test hang, by the lower edge of their panel.
    pub static HUNG_AT_MM: Cell<u32> = const { Cell::new(967) };
    /// Whether the broker of this test speaks English.
    pub static IN_ENGLISH: Cell<bool> = const { Cell::new(false) };
}

pub fn settings() -> KioskSettings {
    serde_json::from_value(serde_json::json!({
        "kiosk": "k1", "hall": {"zh": "中山路营业厅", "en": "Zhongshan Road Hall"}, "languages": ["zh", "en"],
        "time_zone": "Asia/Shanghai", "now": "2026-11-22T01:41:00Z",
        "hours_today": "09:00–18:00", "panel_bottom_mm": HUNG_AT_MM.get(), "speed": 1.0, "speech": "loudspeaker",
        "tiers": [{"id": "vip", "names": {"zh": "大客户", "en": "VIP"}},
            {"id": "gotone", "names": {"zh": "全球通", "en": "GoTone"}},
            {"id": "ordinary", "names": {"zh": "普通客户", "en": "Ordinary"}}]
    }))
    .expect("settings")
}

/// A hall that offers everything there is.
pub fn rich_settings() -> KioskSettings {
    let mut rich = serde_json::to_value(settings()).expect("settings");
    let more = serde_json::json!({
        "identify": ["phone", "card", "id_card", "code", "appointment"], "care": true, "paperless": true,
        "groups": [
            {"names": {"zh": "办理业务", "en": "Accounts and SIM"}, "services": ["open", "sim", "stop", "owner", "close", "plan"]},
            {"names": {"zh": "缴费与积分", "en": "Payments and points"}, "services": ["payment", "points"]},
            {"names": {"zh": "咨询、投诉与集团", "en": "Enquiries, complaints, companies"},
                "services": ["roaming", "broadband", "enquiry", "complaint", "group"]}],
        "long_wait_min": 40,
        "news": [{"zh": "11 月 28 日系统升级，18:00 后暂停办理", "en": "System upgrade on 28 Nov: no service after 18:00"},
            {"zh": "宽带提速活动进行中", "en": "Faster broadband this month"}],
        "tiers": [{"id": "vip", "names": {"zh": "大客户", "en": "VIP"}, "area": {"zh": "大客户接待室", "en": "VIP lounge"}},
            {"id": "gotone", "names": {"zh": "全球通", "en": "GoTone"}, "area": {"zh": "全球通专区", "en": "GoTone area"}},
            {"id": "ordinary", "names": {"zh": "普通客户", "en": "Ordinary"}, "area": {"zh": "综合等候区", "en": "Main waiting area"}}]
    });
    for (key, value) in more.as_object().expect("an object") {
        rich[key] = value.clone();
    }
    serde_json::from_value(rich).expect("settings")
}

/// A sentence of the broker in the language of this test.
pub fn said(zh: &'static str, en: &'static str) -> &'static str {
    if IN_ENGLISH.get() { en } else { zh }
}

/// The thirteen businesses of a telecom hall.
pub fn services() -> Vec<ServiceOffer> {
    let names = [
        ("open", "开户入网", "Open an account", 5, 20),
        ("payment", "缴费", "Pay a bill", 0, 30),
        ("sim", "补卡/换卡", "Replace SIM card", 12, 14),
        ("stop", "停机/复机", "Suspend or resume", 1, 4),
        ("owner", "过户", "Change of ownership", 3, 11),
        ("close", "销户", "Close an account", 2, 10),
        ("plan", "套餐变更", "Change plan", 7, 40),
        ("points", "积分兑换", "Redeem points", 0, 2),
        ("roaming", "跨区服务", "Roaming services", 0, 0),
        ("broadband", "宽带", "Broadband", 4, 12),
        ("enquiry", "咨询", "Enquiries", 2, 18),
        ("complaint", "投诉", "Complaints", 0, 3),
        ("group", "集团/商务领航", "Business customers", 1, 10),
    ];
    names.into_iter().map(|(id, zh, en, ahead, samples)| offer(id, zh, en, ahead, samples)).collect()
}

fn offer(id: &str, zh: &str, en: &str, ahead: usize, samples: u32) -> ServiceOffer {
    let mut offer = serde_json::json!({
        "id": id, "names": {"zh": zh, "en": en}, "prefix": "A", "open": true, "waiting": ahead, "ahead": ahead,
        "wait": {"likely_s": 200 * ahead, "low_s": 120 * ahead, "high_s": 260 * ahead, "samples": samples},
        "tiers": [{"tier": "vip", "ahead": ahead / 4, "wait": {"likely_s": 50 * ahead, "low_s": 30 * ahead, "high_s": 65 * ahead, "samples": samples}},
            {"tier": "gotone", "ahead": ahead / 2, "wait": {"likely_s": 100 * ahead, "low_s": 60 * ahead, "high_s": 130 * ahead, "samples": samples}}],
        "documents": [], "area": {"zh": "一楼等候区", "en": "Ground floor waiting area"}
    });
    match id {
        "open" => {
            offer["documents"] = serde_json::json!([
                {"customer": {"zh": "本人", "en": "In person"}, "items": [
                    {"zh": "有效身份证件原件", "en": "Original identity document"}]},
                {"customer": {"zh": "代办", "en": "Agent"}, "items": [
                    {"zh": "双方身份证件原件", "en": "Both identity documents"},
                    {"zh": "机主签名的授权委托书", "en": "Authorisation signed by the holder"}]},
                {"customer": {"zh": "单位", "en": "Company"}, "items": [
                    {"zh": "营业执照副本", "en": "Business licence"},
                    {"zh": "单位介绍信", "en": "Letter of introduction"},
                    {"zh": "经办人身份证件", "en": "Clerk's identity document"}]}
            ]);
        }
        "sim" => {
            offer["documents"] = serde_json::json!([
                {"customer": {"zh": "本人", "en": "In person"}, "items": [
                    {"zh": "有效身份证件原件", "en": "Original identity document"}]}
            ]);
        }
        "payment" => {
            offer["self_service"] =
                serde_json::json!({"zh": "自助终端、中国移动 App", "en": "Self-service terminal or the app"});
        }
        "stop" => {
            offer["open"] = serde_json::json!(false);
            offer["closed_because"] =
                serde_json::json!(said("该业务今日号票已发完", "No tickets left today for this service"));
            offer["closed_short"] = serde_json::json!(said("今日已发完", "No more today"));
            offer["quota_left"] = serde_json::json!(0);
        }
        _ => {}
    }
    serde_json::from_value(offer).expect("an offer")
}

pub fn issued(print: Option<&str>) -> Box<Issued> {
    let mut issued = serde_json::json!({
        "ticket": {"id": 7, "number": "A042", "tier": "ordinary", "service": "open", "state": "waiting",
            "issued_at": "2026-11-22T01:41:00Z", "deadline_at": "2026-11-22T02:11:00Z", "ahead": 5, "waited_s": 0,
            "url": "http://192.168.10.20:8080/t/k3v9x2mq7w"},
        "wait": {"likely_s": 1000, "low_s": 600, "high_s": 1300, "samples": 20}
    });
    if let Some(print) = print {
        issued["ticket"]["print"] = serde_json::json!(print);
    }
    Box::new(serde_json::from_value(issued).expect("a ticket"))
}

pub fn problem(kind: &str, title: &str) -> Problem {
    Problem { kind: kind.to_owned(), title: title.to_owned(), status: 409, detail: None, field: None }
}

/// A kiosk in a hall that is open.
pub fn desk() -> Desk {
    desk_with(settings())
}

/// A kiosk in a hall that is open and has these settings.
pub fn desk_with(settings: KioskSettings) -> Desk {
    let mut desk = Desk::new(Duration::ZERO, Some("k1".to_owned()));
    desk.hear(Duration::ZERO, News::Settings(settings));
    desk.hear(Duration::ZERO, News::Services(services()));
    desk
}
