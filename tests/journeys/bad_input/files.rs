//! Wrong configurations, databases, addresses and directories: exit code 2, one message with the mend, nothing touched.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use hall_tests::{Outcome, Program};
use tempfile::TempDir;

use crate::program;

/// A place for a hall that does not come to be.
struct Place {
    home: TempDir,
    program: Program,
}

impl Place {
    fn new() -> Self {
        Self { home: tempfile::tempdir().expect("a temporary directory"), program: program() }
    }

    fn data(&self) -> PathBuf {
        self.home.path().join("hall")
    }

    fn database(&self) -> PathBuf {
        self.data().join("hall.db")
    }

    /// Starts a broker, which is to refuse.
    async fn refused(&self, more: &[&str]) -> Outcome {
        let data = self.data().display().to_string();
        let outcome = self.program.run([&["broker", "--data", &data], more].concat()).await;
        assert_eq!(outcome.code, Some(2), "{more:?}: {outcome:?}");
        assert!(!outcome.stderr.contains("panicked") && outcome.stdout.is_empty(), "{outcome:?}");
        outcome
    }

    /// Starts a broker with the sample in which one text stands in another's place; it is to refuse at this place of the file.
    async fn refused_config(&self, right: &str, wrong: &str, line: usize, words: &[&str]) {
        assert!(config::SAMPLE.contains(right), "the sample has no `{right}`");
        let text = config::SAMPLE.replacen(right, wrong, 1);
        let file = self.home.path().join("wrong.toml");
        fs::write(&file, text).expect("a file");
        let name = file.display().to_string();
        let outcome = self.refused(&["--config", &name, "--listen", "127.0.0.1:0"]).await;
        let at = format!("{name}:{line}:");
        let told =
            outcome.stderr.lines().find(|told| told.contains(&at)).unwrap_or_else(|| panic!("{at} not in {outcome:?}"));
        let column =
            told.split_once(&at).and_then(|(_, rest)| rest.split_once(':')).map(|(column, _)| column.parse::<usize>());
        assert!(matches!(column, Some(Ok(1..))), "no column in `{told}`");
        for words in words {
            assert!(told.contains(words), "`{words}` is not in `{told}`");
        }
        assert!(!self.database().exists(), "a refused start made a database");
        assert_eq!(
            fs::read_to_string(&file).expect("the file").len(),
            config::SAMPLE.len() - right.len() + wrong.len()
        );
    }
}

/// The line, from 1, on which this text begins in the sample; the last one where it stands several times.
fn line_of(text: &str) -> usize {
    let at = config::SAMPLE.find(text).unwrap_or_else(|| panic!("the sample has no `{text}`"));
    config::SAMPLE[..at].matches('\n').count() + 1
}

/// A hall that has lived: its database is there, and nobody holds it.
async fn a_hall_that_lived() -> Place {
    let place = Place::new();
    let broker = place.program.start(&place.data(), ["broker", "--listen", "127.0.0.1:0"]).await;
    broker.is_killed().await;
    let data = place.data().display().to_string();
    // Restoring a copy leaves one file with everything in it, and no log beside it.
    let copy = place.home.path().join("copy.db").display().to_string();
    let saved = place.program.run(["backup", "--data", &data, &copy]).await;
    assert_eq!(saved.code, Some(0), "{saved:?}");
    fs::remove_dir_all(place.data()).expect("the old hall");
    let restored = place.program.run(["restore", "--data", &data, &copy]).await;
    assert_eq!(restored.code, Some(0), "{restored:?}");
    place
}

#[tokio::test]
async fn an_unknown_key_is_named_with_its_place_and_the_one_that_was_meant() {
    let line = line_of("cut_over = ");
    Place::new().refused_config("cut_over = ", "cut_ovr = ", line, &["cut_ovr", "cut_over"]).await;
}

#[tokio::test]
async fn a_prefix_of_two_tiers_is_told_at_the_second() {
    let line = line_of("prefix = \"G\"");
    Place::new().refused_config("prefix = \"G\"", "prefix = \"V\"", line, &["\"V\""]).await;
}

#[tokio::test]
async fn a_counter_with_a_service_nobody_knows_is_told_with_the_nearest_one() {
    let right = "services = [\"payment\", \"broadband\", \"enquiry\", \"complaint\", \"group\"]";
    let wrong = "services = [\"paymnt\", \"broadband\", \"enquiry\", \"complaint\", \"group\"]";
    Place::new().refused_config(right, wrong, line_of(right), &["paymnt", "payment"]).await;
}

#[tokio::test]
async fn a_time_that_no_clock_shows_is_told() {
    let right = "cut_over = \"04:00\"";
    Place::new().refused_config(right, "cut_over = \"25:61\"", line_of(right), &["25:61"]).await;
}

#[tokio::test]
async fn text_that_is_no_toml_is_told_where_it_breaks() {
    let right = "[routing]";
    Place::new().refused_config(right, "[routing", line_of(right), &[]).await;
}

#[tokio::test]
async fn a_configuration_that_is_not_there_is_named() {
    let place = Place::new();
    let outcome = place.refused(&["--config", "/nonexistent/hall.toml", "--listen", "127.0.0.1:0"]).await;
    assert!(outcome.stderr.contains("/nonexistent/hall.toml") && outcome.stderr.contains("--config"), "{outcome:?}");
}

#[tokio::test]
async fn a_wrong_command_line_says_what_is_wrong() {
    let place = Place::new();
    for (args, words) in [
        (&["--listen", "nowhere"][..], "--listen"),
        (&["--no-such-option"][..], "--no-such-option"),
        (&["extra"][..], "extra"),
    ] {
        let outcome = place.refused(args).await;
        assert!(outcome.stderr.contains(words), "{outcome:?}");
    }
    let outcome = place.program.run(["hall", "--scripted", "0"]).await;
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
    let outcome = place.program.run(["no-such-command"]).await;
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_as_it_is() {
    let place = Place::new();
    fs::create_dir_all(place.data()).expect("a directory");
    let poem = "床前明月光，疑是地上霜。\n".repeat(400);
    fs::write(place.database(), &poem).expect("a file");
    let outcome = place.refused(&["--listen", "127.0.0.1:0"]).await;
    assert!(outcome.stderr.contains("hall.db"), "{outcome:?}");
    assert_eq!(fs::read_to_string(place.database()).expect("the file"), poem);
    verify_refuses(&place).await;
    assert_eq!(fs::read_to_string(place.database()).expect("the file"), poem);
}

#[tokio::test]
async fn another_programs_database_is_refused_and_left_as_it_is() {
    let place = a_hall_that_lived().await;
    let mut bytes = fs::read(place.database()).expect("the database");
    // The application id, in the header's bytes 68 to 71 (sqlite.org/fileformat2.html).
    bytes[68..72].copy_from_slice(b"GPKG");
    fs::write(place.database(), &bytes).expect("a file");
    let outcome = place.refused(&["--listen", "127.0.0.1:0"]).await;
    assert!(outcome.stderr.contains("another program's database"), "{outcome:?}");
    assert!(fs::read(place.database()).expect("the database") == bytes, "the database was changed");
}

#[tokio::test]
async fn a_database_cut_in_half_is_refused_and_left_as_it_is() {
    let place = a_hall_that_lived().await;
    let mut bytes = fs::read(place.database()).expect("the database");
    bytes.truncate(bytes.len() / 2);
    fs::write(place.database(), &bytes).expect("a file");
    let outcome = place.refused(&["--listen", "127.0.0.1:0"]).await;
    assert!(outcome.stderr.contains("hall.db"), "{outcome:?}");
    assert!(fs::read(place.database()).expect("the database") == bytes, "the database was changed");
    verify_refuses(&place).await;
}

#[tokio::test]
async fn a_journal_in_which_one_letter_was_changed_is_refused_and_left_as_it_is() {
    let place = a_hall_that_lived().await;
    let mut bytes = fs::read(place.database()).expect("the database");
    // Every event is JSON and the day's opening is the first; its date becomes another one.
    let date = bytes.windows(5).position(|window| window == b"\"date").expect("the day's opening");
    let year = date + bytes[date..].windows(3).position(|window| window == b"\"20").expect("its year") + 4;
    bytes[year] = if bytes[year] == b'9' { b'8' } else { bytes[year] + 1 };
    fs::write(place.database(), &bytes).expect("a file");
    let outcome = place.refused(&["--listen", "127.0.0.1:0"]).await;
    assert!(outcome.stderr.contains("journal"), "{outcome:?}");
    verify_refuses(&place).await;
    assert!(fs::read(place.database()).expect("the database") == bytes, "the database was changed");
}

async fn verify_refuses(place: &Place) {
    let data = place.data().display().to_string();
    let outcome = place.program.run(["verify", "--data", &data]).await;
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
    assert!(outcome.stderr.contains("hall.db"), "{outcome:?}");
}

#[tokio::test]
async fn an_address_that_is_taken_is_told_with_what_to_do() {
    let place = Place::new();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let outcome = place.refused(&["--listen", &address]).await;
    assert!(outcome.stderr.contains(&address) && outcome.stderr.contains("--listen"), "{outcome:?}");
    assert!(!place.database().exists(), "the database was touched");
}

#[tokio::test]
async fn a_whole_hall_on_a_taken_address_ends_with_the_same_words() {
    let place = Place::new();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let data = place.data().display().to_string();
    for more in [&[][..], &["--scripted", "5"]] {
        let args = [&["hall", "--headless", "--listen", &address, "--data", &data], more].concat();
        let outcome = place.program.run(&args).await;
        assert_eq!(outcome.code, Some(2), "{outcome:?}");
        assert!(outcome.stderr.contains(&address) && outcome.stderr.contains("--listen"), "{outcome:?}");
    }
    assert!(!place.database().exists(), "the database was touched");
}

#[tokio::test]
async fn a_data_directory_that_is_a_file_is_told() {
    let place = Place::new();
    fs::write(place.data(), "a file").expect("a file");
    let outcome = place.refused(&["--listen", "127.0.0.1:0"]).await;
    assert!(outcome.stderr.contains(&place.data().display().to_string()), "{outcome:?}");
    assert_eq!(fs::read_to_string(place.data()).expect("the file"), "a file");
}

#[tokio::test]
async fn a_configuration_that_is_no_text_is_told() {
    let place = Place::new();
    let file = place.home.path().join("hall.toml");
    fs::write(&file, [0xFF, 0xFE, 0x00, 0x41]).expect("a file");
    let name = file.display().to_string();
    let outcome = place.refused(&["--config", &name, "--listen", "127.0.0.1:0"]).await;
    assert!(outcome.stderr.contains(&name), "{outcome:?}");
}

#[tokio::test]
async fn verify_backup_and_restore_refuse_what_is_not_there() {
    let place = Place::new();
    let data = place.data().display().to_string();
    let copy = place.home.path().join("copy.db").display().to_string();
    for args in [
        vec!["verify", "--data", &data],
        vec!["backup", "--data", &data, &copy],
        vec!["restore", "--data", &data, &copy],
    ] {
        let outcome = place.program.run(&args).await;
        assert_eq!(outcome.code, Some(2), "{args:?}: {outcome:?}");
        assert!(outcome.stderr.contains(place.home.path().to_str().expect("a path")), "{outcome:?}");
    }
    assert!(!place.database().exists() && !Path::new(&copy).exists(), "something was made");
}

#[tokio::test]
async fn a_second_broker_on_the_same_directory_is_refused_and_the_first_goes_on() {
    let place = Place::new();
    let broker = place.program.start(&place.data(), ["broker", "--listen", "127.0.0.1:0"]).await;
    let outcome = place.refused(&["--listen", "127.0.0.1:0"]).await;
    assert!(outcome.stderr.contains("held by another process"), "{outcome:?}");
    assert_eq!(hall_tests::Raw::to(broker.url()).get("/readyz", "").await.status, 200);
}

#[tokio::test]
async fn a_directory_nobody_may_write_to_is_told_with_what_to_do() {
    let place = Place::new();
    set_mode(place.home.path(), 0o555);
    let data = place.data().display().to_string();
    let args = ["broker", "--listen", "127.0.0.1:0", "--data", &data];
    let outcome = place.program.run_without_rights(args).await;
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
    assert!(outcome.stderr.contains(&data) && outcome.stderr.contains("--data"), "{outcome:?}");
    assert!(!place.data().exists());

    // One that is there, and closed.
    set_mode(place.home.path(), 0o755);
    fs::create_dir(place.data()).expect("a directory");
    set_mode(&place.data(), 0o555);
    let outcome = place.program.run_without_rights(args).await;
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
    assert!(outcome.stderr.contains(&data), "{outcome:?}");
    assert_eq!(fs::read_dir(place.data()).expect("the directory").count(), 0);
    set_mode(&place.data(), 0o755);
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
}

#[tokio::test]
async fn a_role_without_its_token_file_is_told_which_one() {
    let place = Place::new();
    for role in [&["devices"][..], &["screen"], &["kiosk"], &["teller", "--counter", "3"]] {
        let args = [role, &["--broker", "http://127.0.0.1:9", "--token-file", "/nonexistent/access.toml"]].concat();
        let outcome = place.program.run(&args).await;
        assert_eq!(outcome.code, Some(2), "{args:?}: {outcome:?}");
        assert!(outcome.stderr.contains("/nonexistent/access.toml"), "{outcome:?}");
    }
}

#[tokio::test]
async fn secrets_that_cannot_be_read_are_told_with_line_and_column_and_left_as_they_are() {
    let place = Place::new();
    fs::create_dir_all(place.data()).expect("a directory");
    let secrets = place.data().join("access.toml");
    fs::write(&secrets, "[token]\nkiosk = 17\n").expect("a file");
    let outcome = place.refused(&["--listen", "127.0.0.1:0"]).await;
    assert!(outcome.stderr.contains(&format!("{}:2:", secrets.display())), "{outcome:?}");
    assert_eq!(fs::read_to_string(&secrets).expect("the file"), "[token]\nkiosk = 17\n");
}
