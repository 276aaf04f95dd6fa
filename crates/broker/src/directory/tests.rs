//! A list, made and asked.

use std::os::unix::fs::PermissionsExt;
use std::time::Instant;

use tempfile::TempDir;

use super::list::{ROW, SECRET_FILE};
use super::*;
use crate::testing::{At10, TEN};

const TIERS: [&str; 3] = ["vip", "gotone", "ordinary"];
const PHONE: &str = "13812341234";

struct Hall {
    home: TempDir,
    directory: Directory,
}

impl Hall {
    /// Whose number ranges know phones that begin with 139.
    fn opens() -> Self {
        let home = tempfile::tempdir().unwrap();
        let rules = At10::new().hall.rules().clone();
        let by_range = |kind, value: &str| {
            (kind == IdentityKind::Phone && value.starts_with("139")).then(|| TierId::from("gotone"))
        };
        let directory = Directory::new(home.path(), Arc::new(rules), None, Arc::new(by_range)).unwrap();
        Self { home, directory }
    }

    fn draft(&self) -> Draft {
        Draft::begin(self.home.path(), TIERS.map(TierId::from).to_vec()).unwrap()
    }

    /// Imports customers: phone, tier, level.
    fn imports(&self, customers: &[(&str, u8, &str)]) {
        let mut draft = self.draft();
        for (line, (phone, tier, level)) in (2..).zip(customers) {
            assert!(draft.add(line, IdentityKind::Phone, phone, *tier, level));
        }
        assert_eq!(draft.settle(), []);
        draft.save(self.home.path()).unwrap();
    }

    async fn knows(&self, phone: &str) -> Option<(String, Option<String>)> {
        let known = self.directory.ask(IdentityKind::Phone, phone, TEN).await?;
        Some((known.tier.to_string(), known.level))
    }
}

fn known(tier: &str, level: Option<&str>) -> Option<(String, Option<String>)> {
    Some((tier.to_owned(), level.map(str::to_owned)))
}

#[tokio::test]
async fn the_list_goes_before_number_ranges_and_is_taken_up_while_the_hall_is_open() {
    let hall = Hall::opens();
    hall.directory.refresh().unwrap();
    assert_eq!(hall.knows(PHONE).await, None);
    assert_eq!(hall.knows("13912341234").await, known("gotone", None));

    hall.imports(&[(PHONE, 0, "钻石卡"), ("139 1234 1234", 2, "")]);
    hall.directory.refresh().unwrap();
    assert_eq!(hall.knows("+86 138-1234-1234").await, known("vip", Some("钻石卡")));
    assert_eq!(hall.knows("13912341234").await, known("ordinary", None), "the list knows better than the range");
    assert_eq!(hall.directory.ask(IdentityKind::Card, PHONE, TEN).await, None, "a card of that number is another's");

    // The next import is the whole list, with the same secret.
    let secret = fs::read(hall.home.path().join(SECRET_FILE)).unwrap();
    hall.imports(&[("13700000000", 1, "")]);
    hall.directory.refresh().unwrap();
    assert_eq!(hall.knows(PHONE).await, None);
    assert_eq!(hall.knows("13700000000").await, known("gotone", None));
    assert_eq!(fs::read(hall.home.path().join(SECRET_FILE)).unwrap(), secret);

    fs::remove_file(hall.home.path().join(LIST)).unwrap();
    hall.directory.refresh().unwrap();
    assert_eq!(hall.knows("13700000000").await, None);
}

#[test]
fn the_files_are_their_owner_s_and_hold_no_number() {
    let hall = Hall::opens();
    hall.imports(&[(PHONE, 0, "")]);
    for name in [LIST, SECRET_FILE] {
        let path = hall.home.path().join(name);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
        let bytes = fs::read(&path).unwrap();
        assert!(!bytes.windows(8).any(|part| part == &PHONE.as_bytes()[3..]), "{name}");
    }
    let names: Vec<_> = fs::read_dir(hall.home.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[tokio::test]
async fn a_list_that_cannot_be_used_is_refused_and_the_one_before_stays() {
    let hall = Hall::opens();
    hall.imports(&[(PHONE, 0, "")]);
    hall.directory.refresh().unwrap();
    let path = hall.home.path().join(LIST);
    let whole = fs::read(&path).unwrap();
    for at in 0..whole.len() {
        let mut bent = whole.clone();
        bent[at] ^= 0x10;
        fs::write(&path, &bent).unwrap();
        assert!(matches!(hall.directory.refresh(), Err(ListError::Damaged { .. })), "byte {at}");
    }
    for length in [0, 7, whole.len() - 1, whole.len() - ROW] {
        fs::write(&path, &whole[..length]).unwrap();
        assert!(matches!(hall.directory.refresh(), Err(ListError::Damaged { .. })), "{length} bytes");
    }
    fs::write(&path, &whole).unwrap();
    let secret = hall.home.path().join(SECRET_FILE);
    fs::write(&secret, format!("{}\n", "5a".repeat(32))).unwrap();
    assert!(matches!(hall.directory.refresh(), Err(ListError::OtherSecret { .. })));
    fs::write(&secret, "five\n").unwrap();
    assert!(matches!(hall.directory.refresh(), Err(ListError::Damaged { .. })));
    fs::remove_file(&secret).unwrap();
    assert!(matches!(hall.directory.refresh(), Err(ListError::OtherSecret { .. })));
    assert_eq!(hall.knows(PHONE).await, known("vip", None), "the list before");
}

#[test]
fn a_draft_tells_lines_that_differ_about_one_number_and_takes_once_what_is_said_twice() {
    let hall = Hall::opens();
    let mut draft = hall.draft();
    assert!(draft.add(2, IdentityKind::Phone, PHONE, 0, ""));
    assert!(draft.add(3, IdentityKind::Card, "8801", 1, ""));
    assert!(draft.add(4, IdentityKind::Phone, "138 1234 1234", 0, ""));
    assert!(draft.add(5, IdentityKind::Card, "8801", 1, "金卡"));
    assert_eq!(draft.settle(), [(5, 3)]);
    assert_eq!(draft.count(), [1, 1, 0]);
}

#[tokio::test]
async fn customers_of_a_tier_that_is_no_more_are_nobody_in_particular() {
    let hall = Hall::opens();
    let mut draft = Draft::begin(hall.home.path(), vec!["platinum".into(), "vip".into()]).unwrap();
    assert!(draft.add(2, IdentityKind::Phone, PHONE, 0, ""));
    assert!(draft.add(3, IdentityKind::Phone, "13700000000", 1, ""));
    draft.save(hall.home.path()).unwrap();
    hall.directory.refresh().unwrap();
    assert_eq!(hall.knows(PHONE).await, None);
    assert_eq!(hall.knows("13700000000").await, known("vip", None));
}

#[test]
fn levels_beyond_what_a_list_can_tell_apart_are_not_taken() {
    let hall = Hall::opens();
    let mut draft = hall.draft();
    for level in 0..MOST_LEVELS {
        assert!(draft.add(2, IdentityKind::Card, "8801", 0, &format!("级{level}")));
    }
    assert!(!draft.add(3, IdentityKind::Card, "8801", 0, "再一级"));
    assert!(draft.add(3, IdentityKind::Card, "8801", 0, "级7"));
}

#[test]
fn a_long_list_is_asked_in_no_time() {
    let hall = Hall::opens();
    let mut draft = hall.draft();
    let phone = |n: u32| format!("138{n:08}");
    for n in 0..50_000 {
        assert!(draft.add(n, IdentityKind::Phone, &phone(n), (n % 3) as u8, ""));
    }
    draft.save(hall.home.path()).unwrap();
    let list = List::read(hall.home.path(), &hall.directory.rules).unwrap().unwrap();
    assert_eq!(list.len(), 50_000);
    let begun = Instant::now();
    for n in 0..10_000 {
        let found = list.find(IdentityKind::Phone, &phone(n * 7));
        let wanted = (n * 7 < 50_000).then(|| TIERS[(n * 7 % 3) as usize]);
        assert_eq!(found.as_ref().map(|known| known.tier.as_str()), wanted, "{n}");
    }
    // Not optimised, and on a busy machine.
    assert!(begun.elapsed().as_micros() / 10_000 < 500, "{:?} for ten thousand", begun.elapsed());
}
