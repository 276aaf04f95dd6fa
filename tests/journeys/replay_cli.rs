//! Recorded days and days of the journal over again, on the command line: what other programs and hall managers read.

use std::fs;

use serde_json::Value;

use crate::desk::{BENCHMARK, Desk, REPOSITORY};

const HEADING: &str = "arrival_s,tier,service,service_s,no_show,patience_s";

const CALLS: &str = "refused.csv";

/// Replays in the benchmark hall.
fn replay<'a>(args: &[&'a str]) -> Vec<&'a str> {
    [&["replay", "--hall", BENCHMARK], args].concat()
}

/// It refuses to replay, and writes no calls.
async fn refused(desk: &Desk, args: &[&str], words: &[&str]) {
    desk.refused(&replay(&[args, &["--calls", &desk.path(CALLS)]].concat()), words).await;
}

fn recorded(day: usize) -> String {
    format!("{REPOSITORY}/tests/recordings/days/load-1.05/day-{day:02}.csv")
}

#[tokio::test]
async fn thirty_recorded_days_miss_as_many_limits_as_published() {
    let desk = Desk::new();
    let days: Vec<String> = (0..30).map(recorded).collect();
    // Several files to an option, and the option twice.
    let (one, other) = days.split_at(12);
    let mut args = vec!["--profile", "guard+rescue", "--day"];
    args.extend(one.iter().map(String::as_str));
    args.push("--day");
    args.extend(other.iter().map(String::as_str));
    let calls = desk.path("calls.csv");
    let report = desk.json(&replay(&[&args[..], &["--calls", &calls]].concat())).await;

    assert_eq!(report["profile"], "guard+rescue");
    assert_eq!((&report["days"], &report["customers"], &report["missed"]), (&30.into(), &16_158.into(), &292.into()));
    assert_eq!(report["missed_by_tier"], serde_json::json!({ "vip": 1, "gotone": 2, "ordinary": 289 }));
    let by_tier = report["customers_by_tier"].as_object().expect("customers by tier");
    assert_eq!(
        by_tier.values().filter_map(|value| value.as_u64()).sum::<u64>(),
        report["customers"].as_u64().expect("a count")
    );
    assert!((report["per_1000"].as_f64().expect("a number") - 18.07).abs() < 0.01, "{report}");
    for tier in ["vip", "gotone", "ordinary"] {
        assert!(report["wait_mean_s_by_tier"][tier].as_f64().is_some_and(|wait| wait > 0.0), "{report}");
    }
    for total in ["inversions", "diverted"] {
        assert!(report[total].as_u64().is_some_and(|total| total > 0), "{report}");
    }
    assert!(report["decision_p99_us"].as_f64().is_some_and(|us| us > 0.0), "{report}");

    let calls = fs::read_to_string(&calls).expect("the calls");
    let mut lines = calls.lines();
    assert_eq!(lines.next(), Some("day,row,called_s,counter"));
    let rows: Vec<Vec<u32>> =
        lines.map(|line| line.split(',').map(|n| n.parse().expect("a number")).collect()).collect();
    let customers: usize = days.iter().map(|day| fs::read_to_string(day).expect("a day").lines().count() - 1).sum();
    assert_eq!(rows.len(), customers, "everybody is called, no-shows too");
    assert!(rows.is_sorted_by_key(|row| (row[0], row[2])), "by day and in order of call");
    assert_eq!((rows[0][0], rows.last().map(|row| row[0])), (0, Some(29)));
    assert!(rows.iter().all(|row| (1..=8).contains(&row[3])), "counters by number");
    assert_eq!(desk.names().len(), 1, "nothing is left beside the calls");
}

#[tokio::test]
async fn a_table_tells_each_tier_and_a_comparison_each_side() {
    let desk = Desk::new();
    let day = recorded(0);
    let alone = desk.program.run(replay(&["--profile", "guard+rescue", "--day", &day])).await;
    assert_eq!(alone.code, Some(0), "{alone:?}");
    for words in
        ["guard+rescue", "customers", "worst wait", "vip", "gotone", "ordinary", "30.0 min", "inversions", "diverted"]
    {
        assert!(alone.stdout.contains(words), "`{words}` is not in {alone:?}");
    }
    let against = ["--profile", "guard+rescue", "--day", &day, "--against-profile", "strict"];
    let table = desk.program.run(replay(&against)).await;
    for words in ["replayed", "against", "difference", "strict", "ordinary: missed"] {
        assert!(table.stdout.contains(words), "`{words}` is not in {table:?}");
    }
    let report = desk.json(&replay(&against)).await;
    let missed = |side: &str| report[side]["missed"].as_i64().expect("a number");
    assert_eq!(missed("difference"), missed("against") - missed("replayed"));
    assert_eq!(report["against"]["inversions"], 0, "strict knows none");
}

#[tokio::test]
async fn fewer_counters_and_another_margin_make_another_day() {
    let desk = Desk::new();
    let day = recorded(1);
    let staffing = desk.file("staffing.csv", "at_s,counter,state\n0,7,closed\n7200,8,paused\n10800,8,open\n");
    let missed = async |more: &[&str]| {
        let report = desk.json(&replay(&[&["--profile", "guard+rescue", "--day", &day], more].concat())).await;
        (report["missed"].as_u64().expect("a number"), report["diverted"].as_u64().expect("a number"))
    };
    let usual = missed(&[]).await;
    assert!(missed(&["--staffing", &staffing]).await.0 > usual.0, "a counter less misses more");
    assert!(missed(&["--rescue-min", "always"]).await.1 > usual.1, "diverts at any time");
    assert_eq!(missed(&["--rescue-min", "10"]).await, usual, "the hall's own margin");
}

#[tokio::test]
async fn a_day_is_drawn_for_both_sides_with_its_limits_and_misses() {
    let desk = Desk::new();
    let (one, other) = (recorded(0), recorded(3));
    let args = ["--profile", "guard+rescue", "--day", &one, &other, "--against-profile", "strict"];
    let file = desk.path("day.svg");
    let outcome = desk.program.run(replay(&[&args[..], &["--plot", &file, "--plot-day", "1"]].concat())).await;
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let drawn = fs::read_to_string(&file).expect("the drawing");
    assert!(drawn.starts_with("<svg ") && drawn.trim_end().ends_with("</svg>"));
    for words in [
        "day 1",
        "Replayed · guard+rescue",
        "Against · strict",
        "全球通 15 分 min",
        "等候（分钟） Wait (min)",
        "窗口 Counters",
    ] {
        assert!(drawn.contains(words), "`{words}` is not drawn");
    }
    // Each customer of both sides is one shape; the no-shows among the rows are not drawn, the legend is.
    let rows = fs::read_to_string(&other).expect("a day");
    let customers = rows.lines().skip(1).filter(|row| row.split(',').nth(4) == Some("0")).count();
    assert_eq!(drawn.matches("<polygon").count(), 2 * customers + 3);
    refused(&desk, &[&args[..], &["--plot", &desk.path("none.svg"), "--plot-day", "2"]].concat(), &["--plot-day"])
        .await;
}

#[tokio::test]
async fn what_is_wrong_in_a_file_is_told_with_its_line_and_column_and_nothing_is_written() {
    let desk = Desk::new();
    let good = recorded(0);
    let fcfs = ["--profile", "fcfs", "--day", &good];
    let day = |name: &str, row: &str| desk.file(name, &format!("{HEADING}\n0,vip,s1,100,0,3600\n{row}\n"));
    for (name, row, place, words) in [
        ("tier.csv", "15,gold,s1,100,0,3600", "3:4:", "vip, gotone, ordinary"),
        ("number.csv", "15,vip,s1,soon,0,3600", "3:11:", "whole number"),
        ("short.csv", "15,vip,s1", "3:1:", HEADING),
    ] {
        let file = day(name, row);
        refused(&desk, &[&fcfs[..], &[&file]].concat(), &[&format!("{file}:{place}"), words]).await;
    }
    let headless = desk.file("headless.csv", "0,vip,s1,100,0,3600\n");
    refused(&desk, &["--profile", "fcfs", "--day", &headless], &[&format!("{headless}:1:1:"), HEADING]).await;
    let bytes = desk.path("bytes.csv");
    fs::write(&bytes, b"arrival_s\n\xFF").expect("a file");
    refused(&desk, &["--profile", "fcfs", "--day", &bytes], &[&format!("{bytes}:2:1:"), "UTF-8"]).await;
    let staffing = desk.file("staffing.csv", "at_s,counter,state\n0,9,open\n");
    let more = ["--staffing", &staffing];
    refused(&desk, &[&fcfs[..], &more].concat(), &[&format!("{staffing}:2:3:"), "1, 2, 3"]).await;
    refused(&desk, &[&fcfs[..], &more, &["--staffing", &staffing]].concat(), &[&staffing, "one a day"]).await;
    refused(&desk, &["--profile", "fcfs", "--day", "/nonexistent/day.csv"], &["/nonexistent/day.csv"]).await;
    refused(&desk, &["--profile", "best", "--day", &good], &["best", "guard+rescue"]).await;
    refused(&desk, &["--profile", "fcfs"], &["--day"]).await;
}

#[tokio::test]
async fn a_wrong_hall_and_a_place_nobody_can_write_to_are_told() {
    let desk = Desk::new();
    let hall = desk.file("hall.toml", "[hall]\nname = 3\n");
    let day = recorded(0);
    let outcome = desk.program.run(["replay", "--hall", &hall, "--profile", "fcfs", "--day", &day]).await;
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
    assert!(outcome.stderr.contains(&format!("{hall}:2:8:")), "{outcome:?}");
    for place in [desk.path(""), desk.path("no/such/calls.csv")] {
        let outcome = desk.program.run(replay(&["--profile", "fcfs", "--day", &day, "--calls", &place])).await;
        assert_eq!((outcome.code, outcome.stdout.as_str()), (Some(2), ""), "{outcome:?}");
        assert!(outcome.stderr.contains(&place), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_day_of_the_halls_own_journal_is_replayed_and_the_journal_left_as_it_is() {
    let desk = Desk::new();
    let data = desk.path("hall");
    let scripted =
        ["hall", "--headless", "--scripted", "3", "--speed", "300", "--listen", "127.0.0.1:0", "--data", &data];
    let lived = desk.program.run(scripted).await;
    assert_eq!(lived.code, Some(0), "{lived:?}");

    let none = desk.program.run(["replay", "--data", &data, "--date", "2020-02-29"]).await;
    assert_eq!(none.code, Some(2), "{none:?}");
    let date = none.stderr.trim().rsplit(' ').next().expect("the last day there is").to_owned();

    let journal = fs::read(format!("{data}/hall.db")).expect("the journal");
    let args = ["replay", "--data", &data, "--date", &date, "--against-profile", "fcfs", "--json"];
    let told = desk.program.run(args).await;
    assert_eq!(told.code, Some(0), "{told:?}");
    let report: Value = serde_json::from_str(&told.stdout).expect("JSON");
    for side in ["recorded", "replayed", "against"] {
        assert!(report[side]["customers"].as_u64().is_some_and(|customers| customers > 0), "{report}");
        assert_eq!(report[side]["customers"], report["recorded"]["customers"], "the same customers: {report}");
    }
    assert_eq!(report["against"]["profile"], "fcfs");

    // A copy tells the same, once it is said which hall it is of.
    let copy = desk.path("copy.db");
    let copied = desk.program.run(["backup", "--data", &data, &copy]).await;
    assert_eq!(copied.code, Some(0), "{copied:?}");
    let nameless = desk.program.run(["replay", "--data", &copy, "--date", &date]).await;
    assert_eq!(nameless.code, Some(2), "{nameless:?}");
    assert!(nameless.stderr.contains("--hall"), "{nameless:?}");
    let hall = format!("{data}/hall.toml");
    let of_copy = desk.program.run(["replay", "--hall", &hall, "--data", &copy, "--date", &date]).await;
    assert!(of_copy.code == Some(0) && of_copy.stdout.contains("recorded"), "{of_copy:?}");
    assert!(fs::read(format!("{data}/hall.db")).expect("the journal") == journal, "the journal was changed");

    // Another hall's file, and a journal in which a letter was changed.
    let other = desk.program.run(replay(&["--data", &data, "--date", &date])).await;
    assert!(other.code == Some(2) && other.stderr.contains("--hall"), "{other:?}");
    let mut bytes = fs::read(&copy).expect("the copy");
    let issued = bytes.windows(15).position(|window| window == b"\"ticket_issued\"").expect("a number");
    bytes[issued + 3] ^= 1;
    fs::write(&copy, bytes).expect("a file");
    let changed = desk.program.run(["replay", "--hall", &hall, "--data", &copy, "--date", &date]).await;
    assert!(changed.code == Some(2) && changed.stderr.contains("verify"), "{changed:?}");
}
