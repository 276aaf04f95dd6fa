//! `doctor` without a word: the machine under the hall. Database, clock, disk, fonts, sound.

use std::path::Path;

use client::with_causes;
use jiff::{SignedDuration, Timestamp};
use store::VerifyError;

/// A hall writes about 2 MB a day; with less than this the disk is full within months, or by somebody else's log tomorrow.
const FREE_MIN: u64 = 500 * 1024 * 1024;
/// By so much the newest entry may be later than the clock: a hall may run on another machine's time.
const AHEAD: SignedDuration = SignedDuration::from_secs(5);

/// Looks at the machine and prints what was found; how many things have to be mended.
pub(super) fn check(data: &Path) -> usize {
    let found = [database(data), clock(data, Timestamp::now()), disk(data), fonts(), sound()];
    for finding in &found {
        println!("  {finding}");
    }
    found.iter().filter(|finding| finding.starts_with('×')).count()
}

fn database(data: &Path) -> String {
    match store::verify(data) {
        Ok(report) => format!("√ 数据库完好，{0} 条记录  /  the database is sound: {0} entries", report.entries),
        Err(VerifyError::Missing { .. }) => {
            "· 尚无数据库，营业厅首次启动时建立  /  no database yet; the hall makes it when it first starts".to_owned()
        }
        Err(error) => format!("× 数据库有问题  /  {}", with_causes(&error)),
    }
}

fn clock(data: &Path, now: Timestamp) -> String {
    let newest = store::read_latest(data, 1, |entries| {
        Ok::<_, VerifyError>(entries.last().transpose().map_err(VerifyError::Sql)?.map(|entry| entry.at_ms))
    });
    // A database that cannot be read has its own line.
    let newest = newest.ok().flatten().and_then(|at_ms| Timestamp::from_millisecond(at_ms).ok());
    match newest {
        Some(newest) if newest > now + AHEAD => format!(
            "× 时钟慢了：现在是 {now:.0}，最后一条记录却是 {newest:.0}；请校准时钟  /  the clock is slow: the newest entry is later than now; set the clock"
        ),
        Some(_) | None => format!("√ 时钟 {now:.0}  /  the clock (UTC)"),
    }
}

fn disk(data: &Path) -> String {
    // The hall may not have been started yet: then its folder is going to be made on the disk of a parent.
    let at = data.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("/"));
    match rustix::fs::statvfs(at) {
        Ok(disk) => {
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            let mib = free / (1024 * 1024);
            if free < FREE_MIN {
                format!("× 磁盘只剩 {mib} MB，请清理  /  only {mib} MB of disk are left: free some")
            } else {
                format!("√ 磁盘剩余 {mib} MB  /  {mib} MB of disk are free")
            }
        }
        Err(error) => format!("× 磁盘 {} 无法查看  /  {error}", at.display()),
    }
}

fn fonts() -> String {
    if look::fontless::is_fontless() {
        "√ 字体：使用内置字体；系统没有字体  /  fonts: the bundled one; the system has none".to_owned()
    } else {
        "√ 字体：使用内置字体  /  fonts: the bundled one".to_owned()
    }
}

/// Whether something could be heard; a hall without sound is a hall all the same.
fn sound() -> String {
    let cards = std::fs::read_to_string("/proc/asound/cards").unwrap_or_default();
    match cards.lines().find_map(|line| line.split_once("]: ").map(|(_, name)| name.trim().to_owned())) {
        Some(card) => format!("√ 声卡 {card}  /  sound card"),
        None => "· 没有声卡，不播报  /  no sound card: nothing is said aloud".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hall_that_never_started_has_nothing_wrong_with_its_database() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(database(folder.path()).starts_with('·'));
        assert!(clock(folder.path(), Timestamp::now()).starts_with('√'));
        std::fs::write(folder.path().join("hall.db"), "no database at all, and long enough to have a header")
            .expect("a file");
        assert!(database(folder.path()).starts_with('×'));
    }

    #[test]
    fn a_clock_before_the_newest_entry_is_slow() {
        let folder = tempfile::tempdir().expect("a folder");
        let noon: Timestamp = "2026-11-22T04:00:00Z".parse().expect("a time");
        {
            let mut store = store::Store::open(folder.path()).expect("a database");
            let mut batch = store.begin().expect("a batch");
            batch.request(|rows| rows.append(noon.as_millisecond(), b"x")).expect("written").expect("appended");
            let _committed = batch.commit().expect("committed");
        }
        assert!(clock(folder.path(), noon - SignedDuration::from_mins(1)).starts_with('×'));
        assert!(clock(folder.path(), noon + SignedDuration::from_mins(1)).starts_with('√'));
    }
}
