//! What the broker and its device hosts tell each other.

use wire::{
    CardReaderProfile, Condition, CpowerSignProfile, CutCommand, DeviceProfile, DeviceReport, DeviceSpec, DeviceState,
    DigitCommand, DigitSignProfile, DoubleByte, Flow, IdReaderProfile, ImageCommand, KeyAct, KeypadProfile,
    ModbusSignProfile, NumberStyle, OnbonSignProfile, Place, PolledKeypadProfile, PrintConfirm, PrintJob, PrintState,
    PrinterCharset, PrinterProfile, PrinterStatus, QrCommand, RegisterLayout, ScannerCharset, ScannerProfile,
    SignLines, SignUnits, SignWanted, Slip, TicketId,
};

use crate::golden::{holds, moment, refuses_unknown_field};

#[test]
fn every_kind_of_device_is_written_and_read_as_it_always_was() {
    let spec = |profile, place| DeviceSpec {
        name: "device".into(),
        profile_name: "profile".into(),
        profile,
        port: "virtual".into(),
        address: 1,
        place,
    };
    let printer = PrinterProfile {
        baud: 115_200,
        flow: Flow::Hardware,
        dots: 576,
        double_byte: DoubleByte::FsAmp,
        cut: CutCommand::PartialFeed,
        qr: QrCommand::Native,
        status: PrinterStatus::RealTime,
        confirm: PrintConfirm::GsR,
        feed_before_cut_mm: 12,
        charset: PrinterCharset::Gb18030,
        image: ImageCommand::GsV0,
        number: NumberStyle::Text,
        logo: 1,
        eject: 5,
    };
    let onbon = OnbonSignProfile { baud: 57_600, width: 128, height: 32, vertical: SignUnits::Eighths };
    let cpower = CpowerSignProfile {
        baud: 9600,
        width: 128,
        height: 32,
        window: 0,
        font: 1,
        charset: PrinterCharset::Gb2312,
        lines: SignLines::Filled,
        dims: true,
    };
    let modbus = ModbusSignProfile {
        baud: 9600,
        first_register: 0,
        characters: 8,
        layout: RegisterLayout::TwoCharacters,
        echo: true,
        brightness_register: Some(9),
        brightness_full: 15,
    };
    let digits = DigitSignProfile { baud: 9600, command: DigitCommand::Xunpeng, idle: 888, colour: 0, info: 1 };
    let keypad = KeypadProfile {
        baud: 9600,
        keys: [("06 0F".to_owned(), KeyAct::NoShow), ("0C".to_owned(), KeyAct::Next)].into(),
        scores: vec![5, 4, 3, 1],
    };
    let polled = PolledKeypadProfile {
        baud: 9600,
        first_input: 0,
        keys: vec![KeyAct::Next, KeyAct::CallBack, KeyAct::Unused],
        poll_ms: 50,
        echo: false,
        waiting_register: Some(0),
        number_register: None,
        beep_register: Some(2),
    };
    let kinds = [
        (
            DeviceProfile::EscposPrinter(printer),
            Place::Kiosk("kiosk-1".into()),
            r#"{"kind":"escpos_printer","baud":115200,"flow":"hardware","dots":576,"double_byte":"fs_amp","cut":"partial_feed","qr":"native","status":"real_time","confirm":"gs_r","feed_before_cut_mm":12,"charset":"gb18030","image":"gs_v0","number":"text","logo":1,"eject":5}"#,
            r#"{"kiosk":"kiosk-1"}"#,
        ),
        (
            DeviceProfile::OnbonSign(onbon),
            Place::Hall,
            r#"{"kind":"onbon_sign","baud":57600,"width":128,"height":32,"vertical":"eighths"}"#,
            r#""hall""#,
        ),
        (
            DeviceProfile::ModbusSign(modbus),
            Place::Counter(3),
            r#"{"kind":"modbus_sign","baud":9600,"first_register":0,"characters":8,"layout":"two_characters","echo":true,"brightness_register":9,"brightness_full":15}"#,
            r#"{"counter":3}"#,
        ),
        (
            DeviceProfile::CpowerSign(cpower),
            Place::Hall,
            r#"{"kind":"cpower_sign","baud":9600,"width":128,"height":32,"window":0,"font":1,"charset":"gb2312","lines":"filled","dims":true}"#,
            r#""hall""#,
        ),
        (
            DeviceProfile::DigitSign(digits),
            Place::Counter(3),
            r#"{"kind":"digit_sign","baud":9600,"command":"xunpeng","idle":888,"colour":0,"info":1}"#,
            r#"{"counter":3}"#,
        ),
        (
            DeviceProfile::Keypad(keypad),
            Place::Counter(3),
            r#"{"kind":"keypad","baud":9600,"keys":{"06 0F":"no_show","0C":"next"},"scores":[5,4,3,1]}"#,
            r#"{"counter":3}"#,
        ),
        (
            DeviceProfile::PolledKeypad(polled),
            Place::Counter(3),
            r#"{"kind":"polled_keypad","baud":9600,"first_input":0,"keys":["next","call_back","unused"],"poll_ms":50,"echo":false,"waiting_register":0,"beep_register":2}"#,
            r#"{"counter":3}"#,
        ),
        (
            DeviceProfile::IdReader(IdReaderProfile { baud: 115_200, poll_ms: 300 }),
            Place::Kiosk("kiosk-1".into()),
            r#"{"kind":"id_reader","baud":115200,"poll_ms":300}"#,
            r#"{"kiosk":"kiosk-1"}"#,
        ),
        (
            DeviceProfile::CardReader(CardReaderProfile { baud: 9600 }),
            Place::Kiosk("kiosk-1".into()),
            r#"{"kind":"card_reader","baud":9600}"#,
            r#"{"kiosk":"kiosk-1"}"#,
        ),
        (
            DeviceProfile::Scanner(ScannerProfile { baud: 9600, charset: ScannerCharset::Utf8 }),
            Place::Kiosk("kiosk-1".into()),
            r#"{"kind":"scanner","baud":9600,"charset":"utf8"}"#,
            r#"{"kiosk":"kiosk-1"}"#,
        ),
    ];
    for (profile, place, profile_line, place_line) in kinds {
        let line = format!(
            r#"{{"name":"device","profile_name":"profile","profile":{profile_line},"port":"virtual","address":1,"place":{place_line}}}"#
        );
        holds(&spec(profile, place), &line);
    }
    refuses_unknown_field::<DeviceProfile>(r#"{"kind":"keypad","baud":9600,"bits":16}"#, "bits");
}

#[test]
fn profiles_from_before_a_key_was_added_are_still_read() {
    let modbus = r#"{"kind":"modbus_sign","baud":9600,"first_register":0,"characters":8,"layout":"two_characters"}"#;
    let Ok(DeviceProfile::ModbusSign(sign)) = serde_json::from_str(modbus) else { panic!("{modbus}") };
    assert_eq!((sign.echo, sign.brightness_register), (false, None));
    let Ok(DeviceProfile::Keypad(keypad)) = serde_json::from_str(r#"{"kind":"keypad","baud":9600}"#) else {
        panic!("a keypad")
    };
    assert_eq!(keypad, KeypadProfile { baud: 9600, keys: [].into(), scores: vec![] });
}

#[test]
fn a_print_job_and_its_slip_are_written_and_read_as_they_always_were() {
    let bare = Slip {
        hall: "东湖路营业厅".into(),
        greeting: None,
        number: "A001".into(),
        service: "缴费".into(),
        ahead: None,
        wait: None,
        area: None,
        time: "2026-11-22 09:00".into(),
        documents: vec![],
        qr_url: None,
        rule: None,
        copy_mark: None,
    };
    holds(
        &bare,
        r#"{"hall":"东湖路营业厅","number":"A001","service":"缴费","time":"2026-11-22 09:00","documents":[]}"#,
    );
    let slip = Slip {
        greeting: Some("早上好".into()),
        ahead: Some("前面 2 人".into()),
        wait: Some("约 5–10 分钟".into()),
        area: Some("综合等候区".into()),
        documents: vec!["手机号码".into()],
        qr_url: Some("http://127.0.0.1:8080/t/0123456789ab".into()),
        rule: Some("过号请联系工作人员".into()),
        copy_mark: Some("补打".into()),
        ..bare
    };
    let job = PrintJob {
        id: 9,
        kiosk: "kiosk-1".into(),
        ticket: Some(TicketId(17)),
        copy: true,
        state: PrintState::Queued,
        expires_at: moment("01:03:00"),
        slip,
    };
    holds(
        &job,
        r#"{"id":9,"kiosk":"kiosk-1","ticket":17,"copy":true,"state":"queued","expires_at":"2026-11-22T01:03:00Z","slip":{"hall":"东湖路营业厅","greeting":"早上好","number":"A001","service":"缴费","ahead":"前面 2 人","wait":"约 5–10 分钟","area":"综合等候区","time":"2026-11-22 09:00","documents":["手机号码"],"qr_url":"http://127.0.0.1:8080/t/0123456789ab","rule":"过号请联系工作人员","copy_mark":"补打"}}"#,
    );
}

#[test]
fn an_idle_sign_is_written_and_read_as_it_always_was() {
    let sign = SignWanted { place: Place::Hall, seq: 1, calls: vec![], idle: [].into(), brightness: None };
    holds(&sign, r#"{"place":"hall","seq":1,"calls":[],"idle":{}}"#);
}

#[test]
fn words_of_devices_and_prints_are_those_documented() {
    for (state, word) in [
        (PrintState::Queued, "queued"),
        (PrintState::Sending, "sending"),
        (PrintState::Sent, "sent"),
        (PrintState::Printed, "printed"),
        (PrintState::Uncertain, "uncertain"),
        (PrintState::Failed, "failed"),
        (PrintState::Expired, "expired"),
    ] {
        holds(&state, &format!("\"{word}\""));
    }
    for (state, word) in [
        (DeviceState::Ok, "ok"),
        (DeviceState::Warning, "warning"),
        (DeviceState::Fault, "fault"),
        (DeviceState::Unknown, "unknown"),
    ] {
        holds(&state, &format!("\"{word}\""));
    }
    for (condition, word) in [
        (Condition::NoDevice, "no_device"),
        (Condition::PortError, "port_error"),
        (Condition::NoAnswer, "no_answer"),
        (Condition::Stalled, "stalled"),
        (Condition::Offline, "offline"),
        (Condition::PaperLow, "paper_low"),
        (Condition::PaperOut, "paper_out"),
        (Condition::PaperJammed, "paper_jammed"),
        (Condition::MediaPresent, "media_present"),
        (Condition::CoverOpen, "cover_open"),
        (Condition::CutterFault, "cutter_fault"),
        (Condition::HardwareError, "hardware_error"),
        (Condition::Refused, "refused"),
    ] {
        holds(&condition, &format!("\"{word}\""));
    }
    for (status, word) in [
        (PrinterStatus::RealTime, "real_time"),
        (PrinterStatus::Automatic, "automatic"),
        (PrinterStatus::Full, "full"),
        (PrinterStatus::None, "none"),
    ] {
        holds(&status, &format!("\"{word}\""));
    }
    for (cut, word) in [
        (CutCommand::PartialFeed, "partial_feed"),
        (CutCommand::Partial, "partial"),
        (CutCommand::EscI, "esc_i"),
        (CutCommand::EscM, "esc_m"),
        (CutCommand::None, "none"),
    ] {
        holds(&cut, &format!("\"{word}\""));
    }
}

#[test]
fn words_of_a_later_version_are_read_as_others_and_do_not_spoil_the_rest() {
    let report: DeviceReport =
        serde_json::from_str(r#"{"state":"fault","conditions":["on_fire","paper_out"]}"#).unwrap();
    assert_eq!(report.conditions, [Condition::Other, Condition::PaperOut]);
    let kind: wire::AlarmKind = serde_json::from_str(r#""earthquake""#).unwrap();
    assert_eq!(kind, wire::AlarmKind::Other);
}
