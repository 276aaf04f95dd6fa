//! What people are told about the mistakes in their day files.

use config::ProfileSource;
use forecast::day::Day;
use hall::Rules;

fn benchmark() -> Rules {
    let text = include_str!("../../../firmware-config/halls/benchmark.toml");
    config::parse("benchmark.toml", text, &ProfileSource::built_in()).expect("the benchmark hall is good").rules
}

const HEADING: &str = "arrival_s,tier,service,service_s,no_show,patience_s\n";
const GOOD: &str = "0,vip,s1,60,0,900\n";
const NEEDS: &str = "begin the file with the line arrival_s,tier,service,service_s,no_show,patience_s";

/// The message about a day file, without its name.
fn day(text: &str) -> String {
    match Day::parse("d.csv", text, &benchmark()) {
        Ok(day) => format!("{} customers", day.customers.len()),
        Err(error) => error.to_string(),
    }
}

/// The message about a day file of these lines after a good one.
fn lines(text: &str) -> String {
    day(&format!("{HEADING}{GOOD}{text}"))
}

/// The message about a staffing file of these lines.
fn staffing(text: &str) -> String {
    let mut day = Day::default();
    match day.staff("s.csv", &format!("at_s,counter,state\n{text}"), &benchmark()) {
        Ok(()) => format!("{} shifts", day.staffing.len()),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_heading_is_told_its_first_wrong_word_and_what_the_file_begins_with() {
    for nothing in ["", "\n\n", "\u{feff}"] {
        assert_eq!(day(nothing), format!("d.csv:1:1: the file is empty; {NEEDS}"));
    }
    let told = [
        (GOOD.to_owned(), "1:1: the heading has \"0\" where arrival_s should be"),
        (HEADING.replace("tier", "Tier"), "1:11: the heading has \"Tier\" where tier should be"),
        (HEADING.replace("tier,", ""), "1:11: the heading has \"service\" where tier should be"),
        (
            HEADING.replace("no_show,patience_s", "patience_s, no_show"),
            "1:34: the heading has \"patience_s\" where no_show should be",
        ),
        (HEADING.replace(",patience_s", ""), "1:41: the heading ends where patience_s should be"),
        (HEADING.replace('\n', ",vip\n"), "1:53: the heading goes on with \"vip\""),
        (format!("\n\u{20}\n{HEADING}"), "2:2: the heading has \"\" where arrival_s should be"),
    ];
    for (heading, message) in told {
        assert_eq!(day(&format!("{heading}{GOOD}")), format!("d.csv:{message}; {NEEDS}"));
    }
}

#[test]
fn semicolons_are_told_as_such() {
    let mend = "semicolons stand between the values; separate the values by commas";
    assert_eq!(day(&format!("{HEADING}{GOOD}").replace(',', ";")), format!("d.csv:1:10: {mend}"));
    assert_eq!(lines("15;vip;s1;60;0;900\n"), format!("d.csv:3:3: {mend}"));
}

#[test]
fn a_quote_that_does_not_close_on_its_line_is_told_as_such() {
    let mend = "the quote that opens here does not close on its line; close it, or write the values without quotes";
    assert_eq!(lines(&format!("\"15,vip,s1,60,0,900\n{GOOD}{GOOD}")), format!("d.csv:3:1: {mend}"));
    assert_eq!(lines("\"15\",vip,\"s1,60,0,900"), format!("d.csv:3:10: {mend}"), "at the end of the file");
    assert_eq!(lines("15,vip,\"s\n1\",60,0,900\n"), format!("d.csv:3:8: {mend}"), "over two lines");
    assert_eq!(
        lines(&format!("15,vip,s1,60,0,\"900\n{GOOD}")),
        format!("d.csv:3:16: {mend}"),
        "six values all the same"
    );
    assert_eq!(day(&format!("\"{HEADING}{GOOD}")), format!("d.csv:1:1: {mend}"), "in the heading");
    // Not every odd quote is an open one.
    let short = "the line has 2 values, not 6; write arrival_s,tier,service,service_s,no_show,patience_s";
    assert_eq!(lines("15,5\" screen\n"), format!("d.csv:3:1: {short}"));
    assert_eq!(lines("15,\"5\"\" screen, \"\"new\"\"\"\n"), format!("d.csv:3:1: {short}"));
}

#[test]
fn a_day_is_staffed_when_a_counter_opens_at_all() {
    let staffed = |text: &str| {
        let mut day = Day::default();
        day.staff("s.csv", &format!("at_s,counter,state\n{text}"), &benchmark()).expect("a good staffing");
        day.is_staffed(8)
    };
    let closed: String = (1..=8).map(|counter| format!("0,{counter},closed\n")).collect();
    assert!(staffed(""), "who is not named is open");
    assert!(!staffed(&closed));
    assert!(!staffed(&format!("{closed}60,3,paused\n")));
    assert!(staffed(&format!("{closed}60,3,open\n")));
    assert!(staffed(&closed.replace("0,8,", "1,8,")), "open for a second");
}

#[test]
fn what_spreadsheets_make_of_a_file_is_fine() {
    assert_eq!(day(HEADING), "0 customers", "a day on which nobody came");
    assert_eq!(day(&format!("\u{feff}{HEADING}{GOOD}")), "1 customers");
    assert_eq!(day(&format!("{HEADING}{GOOD}{GOOD}").replace('\n', "\r\n")), "2 customers");
    assert_eq!(day(&format!("{HEADING}{}", GOOD.trim_end())), "1 customers", "the last line does not end");
    assert_eq!(day(&format!("{HEADING}{GOOD}\n\n{GOOD}")), "2 customers", "empty lines");
    assert_eq!(lines("15 , vip,s1, 60,0,900\n"), "2 customers", "blanks");
    assert_eq!(lines("\"15\",\"vip\",s1,60,0,900\n"), "2 customers", "quotes");
}

#[test]
fn every_mistake_in_a_line_is_told_with_its_place() {
    let told = [
        (
            "15,vip,s1,60,0\n",
            "d.csv:3:1: the line has 5 values, not 6; write arrival_s,tier,service,service_s,no_show,patience_s",
        ),
        (
            "15,vip,s1,60,0,900,1\n",
            "d.csv:3:1: the line has 7 values, not 6; write arrival_s,tier,service,service_s,no_show,patience_s",
        ),
        ("15,vip,s1,,0,900\n", "d.csv:3:11: service_s is \"\"; write a whole number from 1 to 86400"),
        ("soon,vip,s1,60,0,900\n", "d.csv:3:1: arrival_s is \"soon\"; write a whole number from 0 to 172800"),
        ("-15,vip,s1,60,0,900\n", "d.csv:3:1: arrival_s is \"-15\"; write a whole number from 0 to 172800"),
        ("15.5,vip,s1,60,0,900\n", "d.csv:3:1: arrival_s is \"15.5\"; write a whole number from 0 to 172800"),
        ("172801,vip,s1,60,0,900\n", "d.csv:3:1: arrival_s is 172801; write a whole number from 0 to 172800"),
        (
            "99999999999,vip,s1,60,0,900\n",
            "d.csv:3:1: arrival_s is \"99999999999\"; write a whole number from 0 to 172800",
        ),
        ("15,gold,s1,60,0,900\n", "d.csv:3:4: unknown tier \"gold\"; the hall has vip, gotone, ordinary"),
        ("15,大客户,s1,60,0,900\n", "d.csv:3:4: unknown tier \"大客户\"; the hall has vip, gotone, ordinary"),
        ("15,vip,s6,60,0,900\n", "d.csv:3:8: unknown service \"s6\"; the hall has s1, s2, s3, s4, s5"),
        ("15,vip,s1,0,0,900\n", "d.csv:3:11: service_s is 0; write a whole number from 1 to 86400"),
        ("15,vip,s1,86401,0,900\n", "d.csv:3:11: service_s is 86401; write a whole number from 1 to 86400"),
        ("15,vip,s1,60,2,900\n", "d.csv:3:14: no_show is 2; write a whole number from 0 to 1"),
        ("15,vip,s1,60,no,900\n", "d.csv:3:14: no_show is \"no\"; write a whole number from 0 to 1"),
        ("15,vip,s1,60,0,∞\n", "d.csv:3:16: patience_s is \"∞\"; write a whole number from 0 to 172800"),
    ];
    for (line, message) in told {
        assert_eq!(lines(line), message);
    }
}

#[test]
fn a_line_is_counted_as_an_editor_counts_it() {
    let bad = "15,vip,s6,60,0,900\n";
    let at = |line: u32| format!("d.csv:{line}:8: unknown service \"s6\"; the hall has s1, s2, s3, s4, s5");
    assert_eq!(lines(&format!("{GOOD}{GOOD}{bad}")), at(5));
    assert_eq!(lines(&format!("\n\n{bad}")), at(5), "after empty lines");
    assert_eq!(day(&format!("{HEADING}{GOOD}{GOOD}{bad}").replace('\n', "\r\n")), at(4), "with CRLF");
    assert_eq!(day(&format!("{HEADING}{GOOD}\n{bad}").replace('\n', "\r\n")), at(4), "with CRLF and an empty line");
    assert_eq!(day(&format!("\u{feff}{HEADING}{bad}")), at(2), "with a byte order mark");
    let short = "15,vip\n";
    assert_eq!(
        day(&format!("{HEADING}{GOOD}\n{short}").replace('\n', "\r\n")),
        "d.csv:4:1: the line has 2 values, not 6; write arrival_s,tier,service,service_s,no_show,patience_s"
    );
}

#[test]
fn a_column_is_counted_in_the_characters_of_the_file() {
    assert_eq!(
        lines("\"15\",vip,s6,60,0,900\n"),
        "d.csv:3:10: unknown service \"s6\"; the hall has s1, s2, s3, s4, s5"
    );
    assert_eq!(lines("15, vip, s6,60,0,900\n"), "d.csv:3:10: unknown service \"s6\"; the hall has s1, s2, s3, s4, s5");
}

#[test]
fn mistakes_in_a_staffing_file_are_told_likewise() {
    assert_eq!(staffing("0,1,open\n60,8,paused\n90,8,closed\n"), "3 shifts");
    assert_eq!(staffing("0,9,open\n"), "s.csv:2:3: unknown counter \"9\"; the hall has 1, 2, 3, 4, 5, 6, 7, 8");
    assert_eq!(staffing("0,1,lunch\n"), "s.csv:2:5: unknown state \"lunch\"; the hall has open, paused, closed");
    assert_eq!(staffing("noon,1,open\n"), "s.csv:2:1: at_s is \"noon\"; write a whole number from 0 to 172800");
    assert_eq!(staffing("0,1\n"), "s.csv:2:1: the line has 2 values, not 3; write at_s,counter,state");
}

#[test]
fn a_bad_staffing_file_leaves_the_day_as_it_was() {
    let mut day = Day::default();
    day.staff("s.csv", "at_s,counter,state\n60,1,closed\n", &benchmark()).expect("a good staffing");
    let before = day.clone();
    assert!(day.staff("s.csv", "at_s,counter,state\n0,2,closed\n0,9,open\n", &benchmark()).is_err());
    assert_eq!(day, before);
}
