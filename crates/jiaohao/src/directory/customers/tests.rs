//! Lists as people write them.

use super::*;

fn rules() -> Rules {
    config::parse("hall.toml", config::SAMPLE, &config::ProfileSource::built_in()).expect("the sample").rules
}

/// The mistakes of a list, as `line:column: message; mend`, and how many numbers of each tier it has.
fn told(text: &str) -> (Vec<String>, Vec<usize>) {
    let rules = rules();
    let home = std::env::temp_dir();
    let mut draft = Draft::begin(&home, rules.tiers.iter().map(|tier| tier.id.clone()).collect()).expect("a draft");
    let customers = read(text, &rules, &mut draft);
    let line = |one: Mistake| format!("{}:{}: {}; {}", one.line, one.column, one.message, one.mend);
    (customers.mistakes.into_iter().map(line).collect(), draft.count())
}

#[test]
fn a_good_list_is_taken_however_its_lines_end() {
    for end in ["\n", "\r\n"] {
        let lines = [
            "kind,value,tier,level",
            "phone,138 1234 1234,vip,钻石卡",
            "",
            "\"card\",\"8801-0042\",gotone",
            "id_card,11010119900307003x, ordinary ,",
            "code,\"M,42-x\",vip,\"金,卡\"",
        ];
        assert_eq!(told(&lines.join(end)), (vec![], vec![2, 1, 1]));
    }
    assert_eq!(told("kind,value,tier\nphone,13812341234,vip"), (vec![], vec![1, 0, 0]));
}

#[test]
fn every_bad_line_is_told_with_its_place_and_the_mend_and_without_its_number() {
    let (mistakes, _) = told(
        "kind,value,tier,level\r\n\
         mobile,13812341234,vip\r\n\
         13812341234,phone,vip\r\n\
         \r\n\
         phone,1.38123E+10,vip\r\n\
         phone,138x2341234,vip,\r\n\
         phone,,vip\r\n\
         phone,13812341234,  platinum\r\n\
         phone,13812341234\r\n\
         phone,13812341234,vip,一二三四五六七八九十一二三四五六七八九十一\r\n\
         phone,13812341234,vip,13812341234\r\n\
         phone;13812341234;vip\r\n\
         phone,13812345678,vip\r\n\
         card,\"8801,vip\r\n",
    );
    let wanted = [
        "2:1: unknown kind \"mobile\"; write one of phone, card, id_card, code",
        "3:1: unknown kind 138****1234; write one of phone, card, id_card, code",
        "5:7: value is 1.3****E+10; format the column as text in the spreadsheet, so that it does not round the numbers",
        "6:7: value is 138****1234; a phone number is 5 to 20 digits",
        "7:7: value is empty; a phone number is 5 to 20 digits",
        "8:21: unknown tier \"platinum\"; the hall has vip, gotone, ordinary",
        "9:1: the line has 2 values, not 3 or 4; write kind,value,tier,level",
        "10:23: level is 一二三**************八九十一; write a word or two of at most 20 characters, and no number",
        "11:23: level is 138****1234; write a word or two of at most 20 characters, and no number",
        "12:6: the values are not separated by commas; separate them by the comma , of ASCII",
        "14:6: the quote that opens here does not close on its line; close it, or write the values without quotes",
    ];
    assert_eq!(mistakes, wanted);
    assert!(mistakes.iter().all(|mistake| !mistake.contains("2341234") && !mistake.contains("38123")));
}

#[test]
fn a_heading_that_is_another_one_is_told_alone() {
    let begin = "begin the file with the line kind,value,tier or kind,value,tier,level";
    let cases = [
        ("", "1:1: the file is empty"),
        ("phone,13812341234,vip\n", "1:1: the heading has \"phone\" where kind should be"),
        ("kind,value\nphone,13812341234\n", "1:11: the heading ends where tier should be"),
        ("kind,value,tier,level,name\n", "1:23: the heading goes on with \"name\""),
        ("kind,value,level\n", "1:12: the heading has \"level\" where tier should be"),
    ];
    for (text, wanted) in cases {
        assert_eq!(told(text).0, [format!("{wanted}; {begin}")]);
    }
    let torn = "1:5: the values are not separated by commas; separate them by the comma , of ASCII";
    assert_eq!(told("kind;value;tier\n").0, [torn]);
}
