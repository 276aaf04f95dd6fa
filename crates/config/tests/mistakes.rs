//! What a hall file's author is told: one small mistake each. The sentences are held by snapshots.

mod common;

use std::collections::BTreeMap;

use common::{read, sample_with};
use config::{ConfigError, ProfileSource, SAMPLE, parse};
use insta::assert_snapshot;

#[test]
fn text_that_is_no_toml_is_told_first_and_alone() {
    assert_snapshot!(told_each(&[
        ("cut_over = \"04:00\"", "cut_over = \"04:00"),
        ("level = 1", "level = 一"),
        ("level = 1", "level"),
        ("[routing]", "[routing"),
        ("level = 1", "level = 1\nlevel = 2"),
        ("[routing]", "[hall]"),
        ("languages = [\"zh\", \"en\"]", "languages = [\"zh\", \"en\""),
        ("name = { zh = \"全球通\"", "name = { zh = “全球通”"),
    ]));
}

#[test]
fn a_directory_is_asked_in_the_hall_s_own_network_and_not_for_long() {
    let url = |url: &str| ("# url = \"http://192.168.1.20:8090/tier\"", format!("url = {url:?}"));
    let changes = [
        url("https://crm.example/tier"),
        url("192.168.1.20:8090"),
        url("http://:8090/tier"),
        url("http://jiaohao:secret@192.168.1.20/tier"),
        url("http://192.168.1.20/tier?kind=phone"),
        ("timeout_ms = 800", "timeout_ms = 5000".to_owned()),
        ("timeout_ms = 800", "timeout_ms = \"800\"".to_owned()),
        ("cache_min = 10", "cache_min = 1441".to_owned()),
        ("cache_min = 10", "cache_mins = 10".to_owned()),
        ("# token_file = \"directory.token\"", "token_file = \"\"".to_owned()),
    ];
    let changes: Vec<(&str, &str)> = changes.iter().map(|(old, new)| (*old, new.as_str())).collect();
    assert_snapshot!(told_each(&changes));
}

#[test]
fn unknown_keys_are_named_with_the_nearest_known_one() {
    assert_snapshot!(told_each(&[
        ("prefix = \"V\"", "preffix = \"V\""),
        ("[routing]", "[ruoting]"),
        ("[[screen]]\n# 名称 / name\nname", "[[screen]]\n# 名称 / name\ncolour = \"red\"\nname"),
        ("name = { zh = \"大客户\", en = \"VIP\" }", "name = { zh = \"大客户\", fr = \"VIP\" }"),
        ("customer = {", "costumer = {"),
        ("begins = [\"8810\"]", "begin = [\"8810\"]"),
        ("[[teller]]", "[[tellers]]"),
        ("[hall]", "[Hall]"),
    ]));
}

#[test]
fn missing_keys_and_sections_are_named_where_they_belong() {
    assert_snapshot!(told_each(&[
        ("level = 1\n", ""),
        ("limit_min = 10\n", ""),
        ("time_zone = \"Asia/Shanghai\"\n", ""),
        ("name = { zh = \"大客户\", en = \"VIP\" }", "name = { en = \"VIP\" }"),
        ("port = \"virtual\"\n", ""),
        ("[[kiosk]]", "[kiosk]"),
    ]));
    assert_snapshot!("an_empty_file", told(""));
    assert_snapshot!(
        "misspelt_sections",
        told(
            &SAMPLE
                .replace("[[tier]]", "[[tiers]]")
                .replace("[[service]]", "[[services]]")
                .replace("[[service.doc", "[[services.doc")
        )
    );
}

#[test]
fn wrong_types_and_ranges_are_told_with_what_to_write() {
    assert_snapshot!(told_each(&[
        ("limit_min = 10", "limit_min = 0"),
        ("limit_min = 10", "limit_min = 241"),
        ("limit_min = 10", "limit_min = \"10\""),
        ("limit_min = 10", "limit_min = 99999999999999999999"),
        ("satisfaction_pct = 90", "satisfaction_pct = 101"),
        ("typical_min = 12", "typical_min = 0.5"),
        ("typical_min = 12", "typical_min = nan"),
        ("open_day_at_start = true", "open_day_at_start = \"yes\""),
        ("number = \"1001\"", "number = 1001"),
        ("number = \"1001\"", "number = \"10 01\""),
        ("name = \"王芳\"", "name = \"\""),
        ("name = \"王芳\"", "name = \"王\\n芳\""),
        ("name = { zh = \"大客户\", en = \"VIP\" }", "name = \"大客户\""),
        ("id = \"payment\"", "id = \"Payment\""),
        ("prefix = \"V\"", "prefix = \"V1\""),
        ("prefix = \"V\"", "prefix = \"VIP\""),
        ("prefix = \"V\"", "prefix = \"贵\""),
        ("services = \"all\"", "services = \"payment\""),
        ("panel_bottom_mm = 967", "panel_bottom_mm = 96.7"),
        ("# listen = \"127.0.0.1:8080\"", "listen = \"8080\""),
        ("languages = [\"zh\", \"en\"]", "languages = [\"zh\", \"fr\"]"),
        ("languages = [\"zh\", \"en\"]", "languages = [\"zh\", \"zh\"]"),
        ("begins = [\"8810\"]", "begins = [\"88 10\"]"),
        ("kind = \"card\"", "kind = \"cart\""),
        ("profile = \"guard+rescue\"", "profile = \"gaurd+rescue\""),
        ("profile = \"guard+rescue\"", "profile = \"random\""),
        ("margins_min = [3, 7, 12]", "margins_min = [3, 7]"),
        ("# cap = 2\n", "cap = 0.5\n"),
        ("rescue_min = 10", "rescue_min = \"often\""),
        ("# daily_quota = 40", "daily_quota = 0"),
    ]));
}

#[test]
fn times_days_and_zones_are_checked() {
    let hours = "# hours = [\n";
    assert_snapshot!(told_each(&[
        ("cut_over = \"04:00\"", "cut_over = \"25:00\""),
        ("cut_over = \"04:00\"", "cut_over = 04:00:00"),
        (hours, "hours = [ { days = [\"mon-fri\"], from = \"8:30\", to = \"24:00\" } ]\n# ["),
        (hours, "hours = [ { days = [\"mon-fri\"], from = \"18:00\", to = \"08:30\" } ]\n# ["),
        (hours, "hours = [ { days = [\"mon-fri\"], from = \"08:30\", to = \"24:01\" } ]\n# ["),
        (hours, "hours = [ { days = [\"mon-fry\"], from = \"08:30\", to = \"18:00\" } ]\n# ["),
        (hours, "hours = [ { days = [\"周一\"], from = \"08:30\", to = \"18:00\" } ]\n# ["),
        (hours, "hours = [ { days = [\"sat-mon\"], from = \"08:30\", to = \"18:00\" } ]\n# ["),
        (hours, "hours = [ { days = [], from = \"08:30\", to = \"18:00\" } ]\n# ["),
        (hours, "hours = []\n# ["),
        (
            hours,
            "hours = [ { days = [\"mon\"], from = \"08:30\", to = \"12:00\" }, { days = [\"mon\"], from = \"11:00\", to = \"18:00\" } ]",
        ),
        ("Asia/Shanghai", "Asia/Shangai"),
        ("Asia/Shanghai", "Beijing time"),
    ]));
}

#[test]
fn a_kiosk_shows_what_there_is_each_thing_once() {
    assert_snapshot!(told_each(&[
        ("pages = [\"confirm\"]", "pages = [\"confirm\", \"who\", \"confirm\"]"),
        ("pages = [\"confirm\"]", "pages = [\"confrm\"]"),
        ("pages = [\"confirm\"]", "pages = \"confirm\""),
        ("pages = [\"confirm\"]", "pages = []"),
        ("identify = [\"phone\", \"card\"", "identify = [\"phone\", \"phone\""),
        ("identify = [\"phone\", \"card\"", "identify = [\"fone\""),
        ("care = true", "care = \"yes\""),
        ("speech = \"loudspeaker\"", "speech = \"loud\""),
        ("# long_wait_min = 60", "long_wait_min = 0"),
        ("speech = \"loudspeaker\"", "services = []"),
        ("speech = \"loudspeaker\"", "services = [\"paymnet\", \"enquiry\", \"enquiry\"]"),
        ("[\"enquiry\", \"complaint\", \"group\"]", "[\"enquiry\", \"complaint\"]"),
        ("[\"enquiry\", \"complaint\", \"group\"]", "[\"enquiry\", \"complaint\", \"group\", \"payment\"]"),
        ("[\"enquiry\", \"complaint\", \"group\"]", "[\"enquiry\", \"complaint\", \"gruop\"]"),
        ("services = [\"enquiry\"", "servces = [\"enquiry\""),
        ("[[kiosk.group]]", "[[kiosk.grp]]"),
    ]));
    let nothing_to_ask = SAMPLE
        .replace("pages = [\"confirm\"]", "pages = [\"who\"]")
        .replace("identify = [\"phone\", \"card\", \"id_card\", \"code\", \"appointment\"]", "identify = []")
        .replace("care = true", "care = false");
    assert_snapshot!("a_page_with_nothing_to_ask", told(&nothing_to_ask));
    let grouped = SAMPLE.replace("speech = \"loudspeaker\"", "services = [\"payment\", \"enquiry\"]");
    assert_snapshot!("a_group_with_what_the_kiosk_does_not_offer", told(&grouped));
}

#[test]
fn greetings_and_news_are_said_on_days_that_exist() {
    let date = "date = \"01-01\"";
    let until = "until = \"2027-02-12\"";
    assert_snapshot!(told_each(&[
        (date, "date = \"02-30\""),
        (date, "date = \"1-1\""),
        (date, "date = 2027-01-01"),
        (date, ""),
        (date, "date = \"01-01\"\ndays = [\"sat\"]"),
        (date, "from = \"12-31\""),
        (date, "from = \"12-30\"\nuntil = \"01-02\""),
        (until, "until = \"02-12\""),
        (until, "until = \"2027-02-01\""),
        ("days = [\"sat\", \"sun\"]", "days = [\"sat\", \"son\"]"),
        ("text = { zh = \"元旦快乐\", en = \"Happy New Year\" }", "text = \"元旦快乐\""),
        ("until = \"2027-02-04\"", "until = \"2027-01-04\""),
        ("until = \"2027-02-04\"", "until = \"02-04\""),
        ("[[news]]", "[[new]]"),
    ]));
}

#[test]
fn quotas_by_the_part_of_the_day_do_not_overlap() {
    let quota = "# quota = [ { from = \"09:00\", until = \"11:00\", numbers = 15 }, { from = \"14:00\", until = \"17:00\", numbers = 20 } ]";
    assert_snapshot!(told_each(&[
        (
            quota,
            "quota = [ { from = \"09:00\", until = \"11:00\", numbers = 15 }, { from = \"10:59\", until = \"17:00\", numbers = 20 } ]"
        ),
        (quota, "quota = [ { from = \"09:00\", until = \"09:00\", numbers = 15 } ]"),
        (quota, "quota = [ { from = \"09:00\", until = \"24:01\", numbers = 15 } ]"),
        (quota, "quota = [ { from = \"09:00\", until = \"11:00\", numbers = 0 } ]"),
        (quota, "quota = [ { from = \"09:00\", to = \"11:00\", numbers = 5 } ]"),
        (quota, "quota = { from = \"09:00\", until = \"11:00\", numbers = 15 }"),
        (quota, "[[service.quota]]\nfrom = \"09:00\"\nuntil = \"11:00\"\nnumbers = 15"),
    ]));
}

#[test]
fn twins_are_told_with_the_line_of_the_first() {
    assert_snapshot!(told_each(&[
        ("id = \"gotone\"", "id = \"vip\""),
        ("zh = \"全球通\", en = \"GoTone\"", "zh = \"大客户\", en = \"GoTone\""),
        ("precedence = 2", "precedence = 1"),
        ("prefix = \"G\"", "prefix = \"V\""),
        ("prefix = \"T\"", "prefix = \"A\""),
        ("id = \"points\"", "id = \"payment\""),
        ("zh = \"积分兑换\"", "zh = \"缴费\""),
        ("number = 2", "number = 1"),
        ("number = \"1002\"", "number = \"1001\""),
        ("name = \"hall-led\"", "name = \"printer-1\""),
        ("[[screen]]", "[[screen]]\nname = \"screen-1\"\n\n[[screen]]"),
        ("[[kiosk]]", "[[kiosk]]\nname = \"kiosk-1\"\n\n[[kiosk]]"),
        ("begins = [\"8810\"]", "begins = [\"8801\"]"),
    ]));
}

#[test]
fn a_hall_in_which_somebody_would_wait_for_ever_is_refused() {
    let no_general = SAMPLE.replace("kind = \"general\"", "kind = \"vip\"");
    assert_snapshot!("no_general_counter", told(&no_general));
    let unserved = SAMPLE
        .replace("\"complaint\", \"group\"]", "\"group\"]")
        .replace("services = \"all\"", "services = [\"payment\"]");
    assert_snapshot!("a_service_no_counter_does", told(&unserved));
    let premium_only = SAMPLE
        .replace("\"complaint\", \"group\"]", "\"group\"]")
        .replacen("services = \"all\"", "services = [\"complaint\"]", 1)
        .replace("services = \"all\"", "services = [\"payment\"]");
    assert_snapshot!("a_service_for_vips_only", told(&premium_only));
    assert_snapshot!(told_each(&[
        ("kind = \"gotone\"", "kind = \"gotoen\""),
        ("kind = \"gotone\"", "kind = \"ordinary\""),
        ("id = \"ordinary\"", "id = \"general\""),
        ("services = [\"payment\", \"broadband\"", "services = [\"paymnet\", \"broadband\""),
        ("services = \"all\"", "services = []"),
    ]));
}

#[test]
fn a_hall_has_the_areas_of_its_level_and_what_they_need() {
    assert_snapshot!(told_each(&[
        ("level = 1", "level = 5"),
        ("level = 1", "level = \"countie\""),
        ("\"reception\", \"vip\", \"group\"]", "\"reception\", \"group\"]"),
        ("\"reception\", \"vip\", \"group\"]", "\"vip\", \"group\", \"vip\"]"),
        ("\"reception\", \"vip\", \"group\"]", "\"recepton\"]"),
        ("kind = \"vip\"", "kind = \"general\""),
    ]));
    let no_hints: String =
        SAMPLE.lines().filter(|line| !line.starts_with("self_service")).map(|line| format!("{line}\n")).collect();
    assert_snapshot!("a_self_service_area_without_self_service", told(&no_hints));
    let small = sample_with("level = 1", "level = \"partner\"")
        .replace("\"guide\", \"sales\", \"demonstration\", ", "\"sales\", ");
    assert!(read(&small).is_ok(), "a partner hall needs no guide");
}

#[test]
fn the_address_of_a_qr_is_short_and_plain() {
    let url = "public_url = \"http://127.0.0.1:8080\"";
    assert_snapshot!(told_each(&[
        (url, "public_url = \"http://queue.donghu-road.example\""),
        (url, "public_url = \"http://127.0.0.1:8080/\""),
        (url, "public_url = \"127.0.0.1:8080\""),
        (url, "public_url = \"https://\""),
        (url, "public_url = \"http://营业厅\""),
    ]));
    let longest = sample_with(url, "public_url = \"http://192.168.100.200:8080\"");
    let hall = read(&longest).expect("27 bytes fit");
    assert_eq!(hall.ticket_url(&"x".repeat(config::TICKET_CODE_LEN)).len(), config::QR_URL_MAX);
}

#[test]
fn devices_stand_where_they_can_and_share_lines_only_with_their_like() {
    assert_snapshot!(told_each(&[
        ("profile = \"generic-80\"", "profile = \"generic-8O\""),
        ("profile = \"generic-80\"", "profile = \"hp-laserjet\""),
        ("kiosk = \"kiosk-1\"", "kiosk = \"kisok-1\""),
        ("kiosk = \"kiosk-1\"", "counter = 3"),
        ("kiosk = \"kiosk-1\"", "place = \"yard\""),
        ("kiosk = \"kiosk-1\"", "kiosk = \"kiosk-1\"\nplace = \"hall\""),
        ("kiosk = \"kiosk-1\"", ""),
        ("kiosk = \"kiosk-1\"", "kiosk = \"kiosk-1\"\naddress = 7"),
        ("port = \"virtual\"", "port = \"COM3\""),
        ("address = 8", "address = 248"),
        ("address = 8", "address = 0"),
        ("address = 8", "address = -1"),
        ("address = 8\n", ""),
        ("counter = 8", "counter = 9"),
        ("place = \"hall\"", "kiosk = \"kiosk-1\""),
    ]));
    let second = |text: &str| told(&format!("{SAMPLE}\n[[device]]\n{text}\n"));
    assert_snapshot!(
        "a_second_printer_in_a_kiosk",
        second("name = \"printer-2\"\nprofile = \"generic-58\"\nport = \"virtual\"\nkiosk = \"kiosk-1\"")
    );
    assert_snapshot!(
        "a_second_keypad_at_a_counter",
        second("name = \"keypad-3b\"\nprofile = \"keypad-huajiaoqi\"\nport = \"virtual\"\naddress = 4\ncounter = 3")
    );
    assert!(read(&format!("{SAMPLE}\n[[device]]\nname = \"led-3b\"\nprofile = \"ditel-dn\"\nport = \"virtual\"\naddress = 9\ncounter = 3")).is_ok());
}

#[test]
fn a_line_has_one_protocol_one_speed_and_every_address_once() {
    let on_bus = |profile: &str, address: &str| {
        let bus = SAMPLE.replace(
            "profile = \"modbus-window-6\"\nport = \"virtual\"",
            "profile = \"modbus-window-6\"\nport = \"/dev/bus\"",
        );
        format!("{bus}\n[[device]]\nname = \"extra\"\nprofile = \"{profile}\"\nport = \"/dev/bus\"\n{address}\n")
    };
    assert_snapshot!("an_address_twice", told(&on_bus("ditel-dn", "address = 8\ncounter = 3")));
    assert_snapshot!("two_protocols", told(&on_bus("onbon-bx5k", "address = 9\ncounter = 3")));
    assert_snapshot!(
        "a_printer_on_a_bus",
        told(&on_bus("generic-80", "kiosk = \"kiosk-2\"\n[[kiosk]]\nname = \"kiosk-2\""))
    );
    assert!(read(&on_bus("ditel-dn", "address = 9\ncounter = 3")).is_ok());
    let fast = "kind = \"modbus_sign\"\nbaud = 19200\nfirst_register = 0\ncharacters = 6\nlayout = \"two_characters\"";
    let site = ProfileSource::with_site(BTreeMap::from([("ditel-dn".to_owned(), fast.to_owned())]));
    let told = parse("hall.toml", &on_bus("ditel-dn", "address = 9\ncounter = 3"), &site).unwrap_err();
    assert_snapshot!("two_speeds", lines(&told));
}

#[test]
fn mistakes_in_a_profile_are_told_under_its_own_name() {
    let bad = "# 现场打印机\nkind = \"escpos_printer\"\nbaud = 19201\nflow = \"hardware\"\ndots = 575\ndouble_byte = \"always\"\ncut = \"partial_feed\"\nqr = \"native\"\nstatus = \"real_time\"\nconfirm = \"none\"\nfeed_before_cut_mm = 12\n";
    let told = |text: &str| {
        let site = ProfileSource::with_site(BTreeMap::from([("generic-80".to_owned(), text.to_owned())]));
        let errors = parse("hall.toml", SAMPLE, &site).unwrap_err();
        assert_eq!(errors, site.check());
        lines(&errors)
    };
    let good = bad.replace("19201", "19200").replace("575", "576");
    let all = [
        told(bad),
        told(&good.replace("cut =", "cutt =").replace("qr =", "colour = 1\nqr =")),
        told(&good.replace("\"partial_feed\"", "\"partial-feed\"")),
        told(&good.replace("\"hardware\"", "3")),
        told(&good.replace("dots = 576", "dots = 70000")),
        told(&good.replace("dots = 576", "dots = -1")),
        told(&good.replace("dots = 576", "dots = \"576\"")),
        told(&good.replace("kind = \"escpos_printer\"\n", "")),
        told(&good.replace("escpos_printer", "escpos")),
        told(&good.replace("dots = 576", "dots = ")),
    ];
    assert_snapshot!(all.join("\n\n"));
}

#[test]
fn all_mistakes_are_told_at_once_from_top_to_bottom() {
    let text = sample_with("level = 1", "level = 9")
        .replace("limit_min = 15", "limit_min = 500")
        .replace("prefix = \"T\"", "prefix = \"V\"")
        .replace("care_head_start_min", "care_headstart_min")
        .replace("kiosk = \"kiosk-1\"", "kiosk = \"kiosk-9\"");
    let errors = read(&text).unwrap_err();
    assert!(errors.windows(2).all(|pair| pair[0].line <= pair[1].line));
    assert_snapshot!(lines(&errors));
}

#[test]
fn columns_count_characters_also_behind_chinese_ones() {
    let text = sample_with(
        "name = { zh = \"东湖路营业厅\", en = \"Donghu Road Hall\" }",
        "name = { zh = \"东湖路营业厅\", fr = \"x\" }",
    );
    let errors = read(&text).unwrap_err();
    let line = text.lines().nth(errors[0].line - 1).unwrap();
    let column = line.chars().position(|c| c == 'f').unwrap() + 1;
    assert_eq!((errors.len(), errors[0].column), (1, column));
}

fn lines(errors: &[ConfigError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// What a hall file's mistakes look like to whoever reads them.
fn told(text: &str) -> String {
    match read(text) {
        Ok(_) => "(no mistake)".to_owned(),
        Err(errors) => lines(&errors),
    }
}

/// Each change of the sample, and what is told of it.
fn told_each(changes: &[(&str, &str)]) -> String {
    let mut all = String::new();
    for (old, new) in changes {
        let change = format!("{} → {}", old.replace('\n', "⏎"), new.replace('\n', "⏎"));
        all.push_str(&format!("{change}\n{}\n\n", told(&sample_with(old, new))));
    }
    all
}
