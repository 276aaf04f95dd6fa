//! The reasons a teller picks from. They are told to the broker as text, so both languages stand here.

use look::Language;
use wire::HoldKind;

/// Why a counter pauses.
pub const PAUSES: [Reason; 6] = [
    Reason { zh: "短暂休息", en: "Short break" },
    Reason { zh: "用餐", en: "Meal" },
    Reason { zh: "整理资料", en: "Paperwork" },
    Reason { zh: "协助大厅", en: "Helping in the hall" },
    Reason { zh: "设备故障", en: "Device fault" },
    Reason { zh: "会议培训", en: "Meeting or training" },
];

/// Why a ticket is set aside, and whom it waits for.
pub const HOLDS: [(Reason, HoldKind); 5] = [
    (Reason { zh: "客户补充材料", en: "Customer fetches papers" }, HoldKind::Customer),
    (Reason { zh: "客户填写单据", en: "Customer fills in a form" }, HoldKind::Customer),
    (Reason { zh: "客户暂时离开", en: "Customer stepped away" }, HoldKind::Customer),
    (Reason { zh: "等待后台处理", en: "Back office works on it" }, HoldKind::Staff),
    (Reason { zh: "等待主管审批", en: "Supervisor has to approve" }, HoldKind::Staff),
];

/// A reason in the product's languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason {
    /// 中文
    pub zh: &'static str,
    /// English
    pub en: &'static str,
}

impl Reason {
    /// The reason in a language.
    pub fn text(self, language: Language) -> &'static str {
        match language {
            Language::Chinese => self.zh,
            Language::English => self.en,
        }
    }
}
