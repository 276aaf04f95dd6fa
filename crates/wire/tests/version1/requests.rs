//! What is asked.

use wire::{
    BookAppointment, BusinessDay, CallTicket, Cancel, Care, Complete, Condition, DeviceReport, DeviceState,
    FindAppointment, Hold, HoldKind, IdentityInput, IdentityKind, OpenStaffCorner, OpenTicketing, Pause, PrintReport,
    PrintState, Priority, Rating, Received, Rejoin, SignIn, StaffAct, StaffDeed, TakeTicket, TicketId, Transfer,
};

use crate::golden::{holds, moment, refuses_unknown_field};

#[test]
fn every_request_is_written_and_read_as_it_always_was() {
    holds(&TakeTicket { service: "payment".into(), ..TakeTicket::default() }, r#"{"service":"payment"}"#);
    holds(
        &TakeTicket {
            service: "payment".into(),
            tier: Some("gotone".into()),
            identity: Some(IdentityInput { kind: IdentityKind::Phone, value: "13812341234".into() }),
            care: Some(Care::Pregnant),
            booked_at: Some("2026-11-22T01:00:00Z".parse().unwrap()),
            language: Some("en".into()),
            kiosk: Some("kiosk-1".into()),
            ..TakeTicket::default()
        },
        r#"{"service":"payment","tier":"gotone","identity":{"kind":"phone","value":"13812341234"},"care":"pregnant","booked_at":"2026-11-22T01:00:00Z","language":"en","kiosk":"kiosk-1"}"#,
    );
    holds(
        &TakeTicket { service: "payment".into(), identified: Some("k3v9x2mq7w01".into()), ..TakeTicket::default() },
        r#"{"service":"payment","identified":"k3v9x2mq7w01"}"#,
    );
    holds(
        &TakeTicket {
            service: "payment".into(),
            appointment: Some("204617".into()),
            paperless: true,
            ..TakeTicket::default()
        },
        r#"{"service":"payment","appointment":"204617","paperless":true}"#,
    );
    holds(
        &BookAppointment { service: "payment".into(), at: moment("02:00:00"), tier: None },
        r#"{"service":"payment","at":"2026-11-22T02:00:00Z"}"#,
    );
    holds(
        &BookAppointment { service: "payment".into(), at: moment("02:00:00"), tier: Some("vip".into()) },
        r#"{"service":"payment","at":"2026-11-22T02:00:00Z","tier":"vip"}"#,
    );
    holds(&FindAppointment { code: "204617".into() }, r#"{"code":"204617"}"#);
    holds(&OpenStaffCorner { pin: "246810".into() }, r#"{"pin":"246810"}"#);
    holds(&Received { about: "V001".into() }, r#"{"about":"V001"}"#);
    for (act, line) in [
        (StaffDeed::Look {}, r#"{"kind":"look"}"#),
        (StaffDeed::Reprint { ticket: TicketId(17) }, r#"{"kind":"reprint","ticket":17}"#),
        (StaffDeed::Ticketing { open: false }, r#"{"kind":"ticketing","open":false}"#),
        (StaffDeed::TestPrint {}, r#"{"kind":"test_print"}"#),
    ] {
        holds(&StaffAct { key: "k3v9".into(), act }, &format!(r#"{{"key":"k3v9","act":{line}}}"#));
    }
    holds(&IdentityInput { kind: IdentityKind::Code, value: "M-0042".into() }, r#"{"kind":"code","value":"M-0042"}"#);
    holds(&SignIn { teller: "1003".into(), pin: "246810".into() }, r#"{"teller":"1003","pin":"246810"}"#);
    holds(&Pause { reason: "吃饭".into() }, r#"{"reason":"吃饭"}"#);
    holds(&CallTicket { ticket: TicketId(17) }, r#"{"ticket":17}"#);
    holds(&Complete::default(), "{}");
    holds(&Complete { outcome: Some("已缴".into()) }, r#"{"outcome":"已缴"}"#);
    holds(&Hold { reason: "取证件".into(), kind: HoldKind::Customer }, r#"{"reason":"取证件","kind":"customer"}"#);
    holds(&Hold { reason: "查账".into(), kind: HoldKind::Staff }, r#"{"reason":"查账","kind":"staff"}"#);
    holds(
        &Transfer { service: Some("sim".into()), counter: None, note: Some("急".into()), keep_place: None },
        r#"{"service":"sim","note":"急"}"#,
    );
    holds(&Transfer { service: None, counter: Some(3), note: None, keep_place: None }, r#"{"counter":3}"#);
    holds(
        &Transfer { service: None, counter: Some(3), note: None, keep_place: Some(false) },
        r#"{"counter":3,"keep_place":false}"#,
    );
    holds(&Rejoin::default(), "{}");
    holds(&Rejoin { same_counter: Some(true) }, r#"{"same_counter":true}"#);
    holds(&Rating { score: 5, comment: None }, r#"{"score":5}"#);
    holds(&Rating { score: 1, comment: Some("等太久".into()) }, r#"{"score":1,"comment":"等太久"}"#);
    holds(&Cancel {}, "{}");
    holds(&Priority { care: Care::Infirm }, r#"{"care":"infirm"}"#);
    holds(&OpenTicketing { open: false }, r#"{"open":false}"#);
    holds(&BusinessDay { open: true }, r#"{"open":true}"#);
    holds(&PrintReport { state: PrintState::Printed, detail: None }, r#"{"state":"printed"}"#);
    holds(
        &DeviceReport { state: DeviceState::Warning, conditions: vec![Condition::PaperLow], detail: None },
        r#"{"state":"warning","conditions":["paper_low"]}"#,
    );
}

#[test]
fn a_misspelt_field_of_a_request_is_noticed_and_named() {
    refuses_unknown_field::<TakeTicket>(r#"{"service":"payment","tear":"vip"}"#, "tear");
    refuses_unknown_field::<IdentityInput>(r#"{"kind":"phone","value":"1","country":"86"}"#, "country");
    refuses_unknown_field::<BookAppointment>(r#"{"service":"payment","at":"2026-11-22T02:00:00Z","for":"x"}"#, "for");
    refuses_unknown_field::<FindAppointment>(r#"{"code":"204617","kiosk":"k1"}"#, "kiosk");
    refuses_unknown_field::<OpenStaffCorner>(r#"{"pin":"246810","teller":"1"}"#, "teller");
    refuses_unknown_field::<StaffAct>(r#"{"key":"k","act":{"kind":"look"},"pin":"1"}"#, "pin");
    refuses_unknown_field::<SignIn>(r#"{"teller":"1003","pin":"1","password":"1"}"#, "password");
    refuses_unknown_field::<Pause>(r#"{"reason":"吃饭","minutes":30}"#, "minutes");
    refuses_unknown_field::<CallTicket>(r#"{"ticket":17,"number":"A001"}"#, "number");
    refuses_unknown_field::<Complete>(r#"{"outcom":"done"}"#, "outcom");
    refuses_unknown_field::<Hold>(r#"{"reason":"","kind":"staff","until":"10:00"}"#, "until");
    refuses_unknown_field::<Transfer>(r#"{"servce":"sim"}"#, "servce");
    refuses_unknown_field::<Rating>(r#"{"score":5,"stars":5}"#, "stars");
    refuses_unknown_field::<Cancel>(r#"{"why":"tired"}"#, "why");
    refuses_unknown_field::<Priority>(r#"{"care":"infirm","note":"x"}"#, "note");
    refuses_unknown_field::<OpenTicketing>(r#"{"open":true,"from":"10:00"}"#, "from");
    refuses_unknown_field::<BusinessDay>(r#"{"open":true,"date":"2026-11-22"}"#, "date");
    refuses_unknown_field::<PrintReport>(r#"{"state":"printed","pages":1}"#, "pages");
}

#[test]
fn a_word_nobody_knows_is_refused() {
    assert!(serde_json::from_str::<Priority>(r#"{"care":"tired"}"#).is_err());
    assert!(serde_json::from_str::<Hold>(r#"{"reason":"","kind":"nobody"}"#).is_err());
    assert!(serde_json::from_str::<PrintReport>(r#"{"state":"Printed"}"#).is_err());
    assert!(serde_json::from_str::<Rating>(r#"{"score":-1}"#).is_err());
    assert!(serde_json::from_str::<Rating>(r#"{"score":256}"#).is_err());
}

#[test]
fn neither_a_pin_nor_a_customer_s_number_appears_in_debug_output() {
    let sign_in = format!("{:?}", SignIn { teller: "1003".into(), pin: "246810".into() });
    assert!(sign_in.contains("1003") && !sign_in.contains("246810"), "{sign_in}");
    let corner = format!("{:?}", OpenStaffCorner { pin: "246810".into() });
    assert!(!corner.contains("246810"), "{corner}");
    let identity = IdentityInput { kind: IdentityKind::Phone, value: "13812341234".into() };
    let wish = format!("{:?}", TakeTicket { identity: Some(identity), ..TakeTicket::default() });
    assert!(!wish.contains("1234"), "{wish}");
}
