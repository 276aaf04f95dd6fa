//! Forecasts of made-up days and of a call centre's log, judged on the command line.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use hall_tests::Outcome;
use serde_json::Value;

use crate::desk::{BENCHMARK, Desk, names_in};

/// The benchmark hall with one VIP desk and two general counters.
fn small_hall(desk: &Desk) -> String {
    let text = fs::read_to_string(BENCHMARK).expect("the benchmark hall");
    let (begin, more) = text.split_once("[[counter]]\nnumber = 4").expect("a fourth counter");
    let end = more.find("[[teller]]").expect("a teller");
    desk.file("hall.toml", &format!("{begin}{}", &more[end..]))
}

async fn days(desk: &Desk, hall: &str, out: &str, more: &[&str]) -> Outcome {
    let args = ["days", "--hall", hall, "--load", "0.9", "--seed", "5", "--out", out];
    desk.program.run([&args, more].concat()).await
}

async fn forecast(desk: &Desk, args: &[&str]) -> Value {
    desk.json(&[&["forecast"], args].concat()).await
}

/// The days of a folder, and who worked when.
fn files_of(folder: &str) -> (Vec<String>, Vec<String>) {
    let names = names_in(folder).into_iter().map(|path| path.display().to_string());
    let (staffing, days) = names.partition(|name| name.ends_with(".staffing.csv"));
    (days, staffing)
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

#[tokio::test]
async fn on_made_up_days_the_forward_run_errs_less_than_queue_length() {
    let desk = Desk::new();
    let (hall, out) = (small_hall(&desk), desk.path("days"));
    let written = days(&desk, &hall, &out, &["--count", "8", "--staffing"]).await;
    assert_eq!(written.code, Some(0), "{written:?}");
    let (days, staffing) = files_of(&out);
    assert_eq!((days.len(), staffing.len()), (8, 8));
    assert!(days[0].ends_with("day-00.csv") && staffing[7].ends_with("day-07.staffing.csv"), "{staffing:?}");
    assert_eq!(desk.names().len(), 2, "nothing is left beside the days");

    let mut args = vec!["--hall", &hall, "--profile", "strict+rescue", "--futures", "20", "--warm-up", "4", "--day"];
    args.extend(days.iter().map(String::as_str));
    args.push("--staffing");
    args.extend(staffing.iter().map(String::as_str));
    let report = forecast(&desk, &args).await;

    assert_eq!(report["profile"], "strict+rescue");
    assert_eq!((&report["days"], &report["judged_days"]), (&8.into(), &4.into()));
    let estimators =
        ["last_to_enter", "head_of_line", "queue_length", "forward_frozen", "forward", "forward_calibrated", "told"];
    for tier in ["vip", "gotone", "ordinary"] {
        for estimator in estimators {
            let score = &report["tiers"][tier][estimator];
            assert_eq!(score["n"], report["tiers"][tier]["forward"]["n"], "all judge the same customers");
            for key in ["coverage", "busy_coverage", "waited_coverage", "printed_coverage"] {
                assert!((0.0..=1.0).contains(&number(&score[key])), "{tier} {estimator} {score}");
            }
            for key in ["n", "waited", "mae_s", "width_s", "interval_s"] {
                assert!(number(&score[key]) >= 0.0, "{tier} {estimator} {score}");
            }
        }
    }
    let ordinary = |estimator: &str| &report["tiers"]["ordinary"][estimator];
    let classical = ordinary("queue_length");
    for told in [ordinary("forward_calibrated"), ordinary("told")] {
        assert!(number(&told["mae_s"]) < number(&classical["mae_s"]), "{report}");
        assert!((0.65..0.95).contains(&number(&told["waited_coverage"])), "{told}");
    }
}

#[tokio::test]
async fn the_first_day_of_a_hall_is_judged_too_and_a_table_tells_each_tier() {
    let desk = Desk::new();
    let (hall, out) = (small_hall(&desk), desk.path("days"));
    assert_eq!(days(&desk, &hall, &out, &["--count", "1"]).await.code, Some(0));
    let (days, staffing) = files_of(&out);
    assert_eq!((days.len(), staffing.len()), (1, 0));
    let outcome = desk.program.run(["forecast", "--hall", &hall, "--futures", "10", "--day", &days[0]]).await;
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    let names = ["guard+rescue", "1 judged", "vip", "gotone", "ordinary", "queue length", "forward run"];
    for words in names.into_iter().chain(["as the hall tells it", "MAE −"]) {
        assert!(outcome.stdout.contains(words), "`{words}` is not in {outcome:?}");
    }
}

#[tokio::test]
async fn days_are_the_same_for_the_same_seed_and_go_nowhere_but_into_an_empty_directory() {
    let desk = Desk::new();
    let hall = BENCHMARK;
    let (one, other) = (desk.path("one"), desk.path("other"));
    fs::create_dir(&one).expect("an empty directory");
    assert_eq!(days(&desk, hall, &one, &["--count", "2"]).await.code, Some(0));
    assert_eq!(days(&desk, hall, &other, &["--count", "3", "--gotone-share", "0.245"]).await.code, Some(0));
    let read = |folder: &str, day: usize| fs::read_to_string(format!("{folder}/day-{day:02}.csv")).expect("a day");
    assert_eq!((read(&one, 0), read(&one, 1)), (read(&other, 0), read(&other, 1)), "more days begin with the same");
    assert_ne!(read(&one, 0), read(&one, 1));

    let days = ["days", "--hall", hall, "--load", "0.9", "--count", "2", "--out"];
    let before = read(&one, 0);
    desk.refused(&[&days[..], &[&one]].concat(), &[&one, "not empty"]).await;
    assert_eq!(read(&one, 0), before);
    let new = desk.path("new");
    let file = desk.file("file", "");
    desk.refused(&[&days[..], &[&file]].concat(), &[&file]).await;
    desk.refused(&[&days[..], &[&format!("{new}/deeper")]].concat(), &[&new]).await;
    desk.refused(&[&days[..], &[&new, "--gotone-share", "0.95"]].concat(), &["--gotone-share", "third tier"]).await;
    desk.refused(&["days", "--hall", hall, "--load", "much", "--count", "2", "--out", &new], &["much"]).await;
    let wrong = desk.file("wrong.toml", "[hall]\nname = 3\n");
    desk.refused(&["days", "--hall", &wrong, "--load", "1", "--count", "2", "--out", &new], &["wrong.toml:2:8:"]).await;
}

#[tokio::test]
async fn what_is_wrong_in_what_a_forecast_reads_is_told_with_its_line_and_column() {
    let desk = Desk::new();
    let heading = "arrival_s,tier,service,service_s,no_show,patience_s";
    let good = desk.file("good.csv", &format!("{heading}\n0,vip,s1,100,0,3600\n"));
    let bad = desk.file("bad.csv", &format!("{heading}\n0,gold,s1,100,0,3600\n"));
    let staffing = desk.file("staffing.csv", "at_s,counter,state\n0,1,asleep\n");
    let forecast = ["forecast", "--hall", BENCHMARK, "--day", &good];
    desk.refused(&[&forecast[..], &[&bad]].concat(), &[&format!("{bad}:2:3:"), "vip, gotone, ordinary"]).await;
    desk.refused(
        &[&forecast[..], &["--staffing", &staffing]].concat(),
        &[&format!("{staffing}:2:5:"), "open, paused, closed"],
    )
    .await;
    desk.refused(&[&forecast[..], &["--warm-up", "1"]].concat(), &["--warm-up 1", "at least 1 more"]).await;
    let two = [&forecast[..], &[&good, "--warm-up", "2"]].concat();
    desk.refused(&two, &["--warm-up 2", "from 0 to 1"]).await;
    let margin = [&forecast[..], &["--profile", "edf", "--rescue-min", "5"]].concat();
    desk.refused(&margin, &["--rescue-min says nothing to edf", "guard+rescue"]).await;
    desk.refused(&[&forecast[..], &["--call-log", &good]].concat(), &["--call-log"]).await;
    desk.refused(&["forecast", "--hall", BENCHMARK], &["--day"]).await;
    desk.refused(&["forecast"], &["--hall"]).await;

    let log = |name: &str, row: &str| desk.file(name, &format!("{LOG_HEADING}\n{row}\n"));
    let row = "AA\t1\t0\t9\tPS\t990101\t9:00:00\t9:00:05\t5\t0:00:00\t0:00:00\t0\tHANG\t0:00:00\t0:00:00\t0\tNO_SERVER";
    let priority = log("priority.txt", row);
    desk.refused(&["forecast", "--call-log", &priority], &[&format!("{priority}:2:8:"), "0, 1, 2"]).await;
    let empty = desk.file("empty.txt", &format!("{LOG_HEADING}\n"));
    desk.refused(&["forecast", "--call-log", &empty], &[&format!("{empty}:2:1:"), "no call"]).await;
    let packed = desk.path("torn.txt.gz");
    let mut bytes = pack(&call_log());
    bytes.truncate(bytes.len() / 2);
    fs::write(&packed, bytes).expect("a file");
    desk.refused(&["forecast", "--call-log", &packed], &[&packed, "unpacked", "copy it anew"]).await;
}

#[tokio::test]
async fn a_day_without_customers_or_counters_is_judged_with_a_warning() {
    let desk = Desk::new();
    let day = desk.file("empty.csv", "arrival_s,tier,service,service_s,no_show,patience_s\n");
    let closed: String = (1..=8).map(|counter| format!("0,{counter},closed\n")).collect();
    let staffing = desk.file("closed.csv", &format!("at_s,counter,state\n{closed}"));
    let args = ["forecast", "--hall", BENCHMARK, "--futures", "10", "--day", &day, "--staffing", &staffing];
    let outcome = desk.program.run(args).await;
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    for words in [format!("{day}: nobody comes"), format!("{staffing}: no counter ever opens")] {
        assert!(outcome.stderr.contains(&words), "`{words}` is not in {outcome:?}");
    }
}

#[tokio::test]
async fn a_call_log_is_judged_month_by_month_packed_or_not() {
    let desk = Desk::new();
    let text = call_log();
    let plain = desk.file("march.txt", &text);
    let packed = desk.path("march.txt.gz");
    File::create(&packed).and_then(|mut file| file.write_all(&pack(&text))).expect("a packed file");
    let args = ["--futures", "20", "--warm-up", "2", "--call-log"];
    let report = forecast(&desk, &[&args[..], &[&plain]].concat()).await;
    let again = forecast(&desk, &[&args[..], &[&packed]].concat()).await;
    assert_eq!((&report["days"], &report["judged_days"]), (&4.into(), &2.into()));
    let month = &report["months"][0];
    assert_eq!((&month["file"], &month["first_day"]), (&plain.as_str().into(), &990_301.into()));
    assert_eq!(month["estimators"], again["months"][0]["estimators"]);
    for estimator in ["last_to_enter", "head_of_line", "queue_length_agents", "queue_length_rate", "forward"] {
        for kind in ["raw", "calibrated"] {
            let row = &month["estimators"][estimator][kind];
            assert!(number(&row["n"]) > 50.0 && number(&row["mae_s"]) > 0.0, "{estimator} {kind} {row}");
            assert!(row["coverage"].is_number() || (kind == "raw" && estimator != "forward"), "{estimator} {row}");
        }
    }
    let table = desk.program.run([&["forecast"], &args[..], &[&packed]].concat()).await;
    for words in ["march.txt.gz", "990301", "calibrated", "as it is", "queue length by agents", "forward run", "MAE "] {
        assert!(table.stdout.contains(words), "`{words}` is not in {table:?}");
    }
}

const LOG_HEADING: &str = "vru+line\tcall_id\tcustomer_id\tpriority\ttype\tdate\tvru_entry\tvru_exit\tvru_time\t\
                           q_start\tq_exit\tq_time\toutcome\tser_start\tser_exit\tser_time\tserver";

/// Four days of one agent, whom callers wait for in turn.
fn call_log() -> String {
    let mut text = format!("{LOG_HEADING}\n");
    let mut rng = fastrand::Rng::with_seed(8);
    let clock = |s: u32| format!("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
    for date in 990_301..990_305 {
        let (mut now_s, mut free_s) = (9 * 3600, 0);
        for _ in 0..90 {
            now_s += rng.u32(20..150);
            let start_s = free_s.max(now_s);
            free_s = start_s + rng.u32(30..130);
            let (came, start, end) = (clock(now_s), clock(start_s), clock(free_s));
            let (wait_s, takes_s) = (start_s - now_s, free_s - start_s);
            let queue = if wait_s > 0 { format!("{came}\t{start}") } else { "0:00:00\t0:00:00".to_owned() };
            writeln!(
                text,
                "AA\t1\t0\t1\tPS\t{date}\t{came}\t{came}\t0\t{queue}\t{wait_s}\tAGENT\t{start}\t{end}\t{takes_s}\tDORIT"
            )
            .expect("text");
        }
    }
    text
}

fn pack(text: &str) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(text.as_bytes()).and_then(|()| packer.finish()).expect("packed bytes")
}
