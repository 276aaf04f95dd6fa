//! Recorded days and days of the journal over again, on the command line: what other programs and hall managers read.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use serde_json::{Value, json};
use store::Store;

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
    assert_eq!(report["missed_by_tier"], json!({ "vip": 1, "gotone": 2, "ordinary": 289 }));
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

#[tokio::test]
async fn only_an_older_file_of_its_kind_is_replaced() {
    let desk = Desk::new();
    let hall = desk.file("hall.toml", &fs::read_to_string(BENCHMARK).expect("the hall"));
    let day = desk.file("day.csv", &fs::read_to_string(recorded(0)).expect("a day"));
    let journal = desk.file("backup", "SQLite format 3\0");
    let lock = desk.file("hall.lock", "");
    let link = desk.path("link.csv");
    symlink(&day, &link).expect("a link");
    let (calls, drawing) = (desk.path("calls.csv"), desk.path("day.svg"));
    let replay = async |calls: &str, drawing: &str, words: &[&str]| {
        let args = ["replay", "--hall", &hall, "--day", &day, "--calls", calls, "--plot", drawing];
        desk.refused(&args, words).await;
    };
    for there in [&hall, &day, &journal, &lock, &link, &desk.path("hall.db-wal")] {
        let before = fs::read(there).ok();
        replay(there, &drawing, &["name another", there]).await;
        replay(&calls, there, &["name another", there]).await;
        assert_eq!(fs::read(there).ok(), before, "{there}");
    }
    let (same, again) = (desk.path("same"), desk.path("./same"));
    replay(&same, &again, &["--calls and --plot", "one file", "name two"]).await;

    let empty = desk.file("empty.csv", "");
    for (calls, drawing) in [(&calls, &drawing), (&empty, &drawing), (&calls, &drawing)] {
        let args = ["replay", "--hall", &hall, "--day", &day, "--calls", calls, "--plot", drawing];
        let outcome = desk.program.run(args).await;
        assert_eq!(outcome.code, Some(0), "{outcome:?}");
        assert!(fs::read_to_string(calls).expect("the calls").lines().count() > 100);
        assert!(fs::read_to_string(drawing).expect("the drawing").starts_with("<svg "));
    }
    let args = ["replay", "--hall", &hall, "--day", &day, "--calls", "/dev/stdout", "--plot", "/dev/null"];
    let piped = desk.program.run(args).await;
    assert_eq!(piped.code, Some(0), "{piped:?}");
    assert!(piped.stdout.starts_with("day,row,called_s,counter\n") && piped.stdout.contains("diverted"), "{piped:?}");
}

#[tokio::test]
async fn an_option_that_would_change_nothing_is_refused() {
    let desk = Desk::new();
    let day = recorded(0);
    let of_files = |more: &[&'static str]| [&["--day", &day], more].concat();
    let refusals: [(&[&'static str], &str); 6] = [
        (&["--profile", "guard", "--rescue-min", "5"], "--rescue-min says nothing to guard;"),
        (&["--profile", "foresight+rescue", "--rescue-min", "5"], "--rescue-min says nothing to foresight+rescue;"),
        (&["--against-profile", "edf", "--against-rescue-min", "5"], "--against-rescue-min says nothing to edf;"),
        (&["--price", "1"], "--price says nothing to guard+rescue;"),
        (&["--price", "1", "--against-profile", "strict"], "--price says nothing to guard+rescue and strict;"),
        (&["--data", "/nonexistent"], "--data /nonexistent: the days are files"),
    ];
    for (more, words) in refusals {
        refused(&desk, &of_files(more), &[words]).await;
    }
    let staffed = ["--date", "2026-11-21", "--data", "/nonexistent", "--staffing", "/nonexistent/staffing.csv"];
    refused(&desk, &staffed, &["--staffing /nonexistent/staffing.csv", "--against-staffing"]).await;

    // One of the two sides has a use for it.
    let against = async |price: &'static str| {
        desk.json(&replay(&of_files(&["--against-profile", "foresight", "--price", price]))).await
    };
    let diverted = |report: &Value, side: &str| report[side]["diverted"].as_u64().expect("a number");
    let (dear, free) = (against("10").await, against("0").await);
    assert!(diverted(&free, "against") > diverted(&dear, "against"), "{free} {dear}");
    assert_eq!(diverted(&free, "replayed"), diverted(&dear, "replayed"), "guard+rescue knows no price");
    let alone = desk.json(&replay(&of_files(&["--profile", "foresight", "--price", "0"]))).await;
    assert_eq!(alone["diverted"], free["against"]["diverted"]);
}

#[tokio::test]
async fn whoever_is_never_called_is_told_beside_the_waits() {
    let desk = Desk::new();
    let day = recorded(0);
    let closing: String = (1..=8).map(|counter| format!("3600,{counter},closed\n")).collect();
    let staffing = desk.file("staffing.csv", &format!("at_s,counter,state\n{closing}"));
    let calls = desk.path("calls.csv");
    let closes = replay(&["--day", &day, "--staffing", &staffing]);
    let report = desk.json(&[&closes[..], &["--calls", &calls]].concat()).await;

    let calls = fs::read_to_string(&calls).expect("the calls");
    let called: BTreeSet<usize> =
        calls.lines().skip(1).map(|line| line.split(',').nth(1).expect("a row").parse().expect("a number")).collect();
    let rows = fs::read_to_string(&day).expect("a day");
    let left = |tier: &str| {
        let rows = rows.lines().skip(1).map(|row| row.split(',').collect::<Vec<_>>()).enumerate();
        rows.filter(|(at, row)| row[1] == tier && row[4] == "0" && !called.contains(at)).count()
    };
    let against = desk.json(&replay(&["--day", &day, "--against-staffing", &staffing])).await;
    for tier in ["vip", "gotone", "ordinary"] {
        assert!(left(tier) > 0, "{tier}");
        assert_eq!(report["never_called_by_tier"][tier], left(tier), "{report}");
        assert_eq!(against["replayed"]["never_called_by_tier"][tier], 0, "{against}");
        assert_eq!(against["difference"]["never_called_by_tier"][tier], left(tier), "{against}");
    }

    let note = "mean and worst wait leave out whoever was never called";
    let alone = desk.program.run(&closes).await;
    assert!(alone.stdout.contains(" never called ") && alone.stdout.contains(note), "{alone:?}");
    let both = desk.program.run(replay(&["--day", &day, "--against-staffing", &staffing])).await;
    assert!(both.stdout.contains("ordinary: never called") && both.stdout.contains(note), "{both:?}");
    let open = desk.program.run(replay(&["--day", &day])).await;
    assert!(open.stdout.contains(" never called ") && !open.stdout.contains(note), "{open:?}");
}

#[tokio::test]
async fn a_day_without_customers_or_counters_is_replayed_with_a_warning() {
    let desk = Desk::new();
    let day = desk.file("empty.csv", &format!("{HEADING}\n"));
    let closed: String = (1..=8).map(|counter| format!("0,{counter},closed\n")).collect();
    let staffing = desk.file("closed.csv", &format!("at_s,counter,state\n{closed}"));
    let outcome = desk.program.run(replay(&["--day", &day, "--staffing", &staffing])).await;
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    for words in [format!("{day}: nobody comes"), format!("{staffing}: no counter ever opens")] {
        assert!(outcome.stderr.contains(&words), "`{words}` is not in {outcome:?}");
    }
}

#[tokio::test]
async fn what_another_program_wrote_on_another_day_does_not_matter() {
    // 9:00 on 2026-11-20 in Shanghai.
    const MORNING_MS: i64 = 1_795_136_400_000;
    let desk = Desk::new();
    let opened = |date: &str, first: u64| json!({ "event": "day_opened", "date": date, "first_ticket": first });
    let closed = |date: &str| json!({ "event": "day_closed", "date": date });
    let strange = json!({ "event": "ticket_dreamt_of", "date": ["none"] });
    let came_ms = MORNING_MS + 4 * 60_000;
    let issued = json!({
        "event": "ticket_issued", "ticket": 1, "number": "A001", "prefix": "A", "code": "a", "tier": "ordinary",
        "service": "s1", "identified_at_ms": came_ms, "deadline_at_ms": came_ms + 1_800_000, "order_ms": came_ms,
    });
    let (one, two, three) = ("2026-11-20", "2026-11-21", "2026-11-22");
    let events = [
        opened(one, 1),
        strange.clone(),
        closed(one),
        opened(two, 1),
        issued,
        closed(two),
        strange.clone(),
        opened(three, 2),
        strange,
    ];
    let data = desk.path("data");
    let mut store = Store::open(Path::new(&data)).expect("a journal");
    let mut batch = store.begin().expect("a batch");
    for (event, at_ms) in events.iter().zip((MORNING_MS..).step_by(60_000)) {
        batch.append(at_ms, event.to_string().as_bytes()).expect("an event");
    }
    let _ = batch.commit().expect("a commit");
    drop(store);

    let report = desk.json(&replay(&["--data", &data, "--date", two])).await;
    for side in ["recorded", "replayed"] {
        assert_eq!(report[side]["customers"], 1, "{report}");
        assert_eq!(report[side]["never_called_by_tier"]["ordinary"], 1, "{report}");
        assert_eq!(report[side]["wait_mean_s_by_tier"]["ordinary"], Value::Null, "{report}");
    }
    for (date, words) in [
        (one, "event 2 is not of this program"),
        (three, "event 9 is not of this program"),
        ("2026-11-23", "days from 2026-11-20 to 2026-11-22"),
    ] {
        refused(&desk, &["--data", &data, "--date", date], &[words]).await;
    }
}
