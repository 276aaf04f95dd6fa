use std::{io, path::PathBuf};

use rusqlite::ErrorCode;

use crate::outbox::PrintState;

/// What a failure means for the caller, whichever call it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The disk (or the quota) is full. Nothing of the batch was kept; the next batch works again once there is room.
    DiskFull,
    /// The content contradicts itself. It may be the disk or the memory rather than the file: under injected read errors SQLite
    /// calls a sound file malformed. Never move the file aside because of one such error; verify it, then decide.
    Corrupt,
    /// The operating system refused to read, write or sync.
    Io,
    /// Another process holds what is needed. Trying again later may work.
    Busy,
    /// The caller asked for something that makes no sense; nothing is wrong with the disk.
    Misuse,
}

impl ErrorKind {
    /// The kind of an SQLite error (result codes of sqlite.org/rescode.html).
    pub(crate) fn of(error: &rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Corrupt,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(
                ErrorCode::SystemIoFailure
                | ErrorCode::CannotOpen
                | ErrorCode::ReadOnly
                | ErrorCode::PermissionDenied
                | ErrorCode::OutOfMemory,
            ) => Self::Io,
            Some(_) => Self::Misuse,
            // Every table is STRICT, so a row of the wrong shape, or none where there is always one, was not written by us.
            None => Self::Corrupt,
        }
    }
}

/// Why rows could not be written, read or committed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite refused; [`StoreError::kind`] says what that means.
    #[error("{act}")]
    Sql {
        /// What was being done.
        act: &'static str,
        /// SQLite's own words.
        #[source]
        source: Box<rusqlite::Error>,
    },
    /// The journal contradicts its hash chain.
    #[error("reading the journal at seq {seq}: {fault}")]
    Chain {
        /// First sequence number that is wrong or missing.
        seq: u64,
        /// What is wrong with it.
        fault: ChainFault,
    },
    /// An earlier statement of this batch failed, so SQLite may have rolled it back already: nothing more is accepted.
    #[error("the batch failed earlier and can only be rolled back")]
    BatchFailed {
        /// The kind of the earlier failure.
        kind: ErrorKind,
    },
    /// The start of the day may only move forward, and at most to the next free seq.
    #[error("marking seq {seq} as the start of the day: it must lie in {earliest}..={latest}")]
    DayStart {
        /// The seq that was asked for.
        seq: u64,
        /// The lowest legal one.
        earliest: u64,
        /// The highest legal one.
        latest: u64,
    },
    /// The idempotency key has an answer already; it is never replaced.
    #[error("remembering an answer: key {key:?} has one already")]
    AnswerExists {
        /// The key.
        key: String,
    },
    /// No print job has this id.
    #[error("print job {id} does not exist")]
    UnknownPrintJob {
        /// The id.
        id: u64,
    },
    /// The print job cannot go from its state to this one, see [`PrintState::may_become`].
    #[error("print job {id} cannot go from {from} to {to}")]
    IllegalPrintMove {
        /// The job.
        id: u64,
        /// Its state.
        from: PrintState,
        /// The state that was asked for.
        to: PrintState,
    },
    /// A number does not fit SQLite's signed 64 bits.
    #[error("{what} {value} is beyond 2^63-1")]
    OutOfRange {
        /// What the number counts.
        what: &'static str,
        /// The number.
        value: u64,
    },
}

impl StoreError {
    /// What the failure means for the caller.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Sql { source, .. } => ErrorKind::of(source),
            Self::Chain { .. } => ErrorKind::Corrupt,
            Self::BatchFailed { kind } => *kind,
            Self::DayStart { .. }
            | Self::AnswerExists { .. }
            | Self::UnknownPrintJob { .. }
            | Self::IllegalPrintMove { .. }
            | Self::OutOfRange { .. } => ErrorKind::Misuse,
        }
    }

    /// For `map_err`: an SQLite error with the act it interrupted.
    pub(crate) fn sql(act: &'static str) -> impl FnOnce(rusqlite::Error) -> Self {
        move |source| Self::Sql { act, source: source.into() }
    }
}

/// How a journal row breaks the hash chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainFault {
    /// The row is not there though a later one is.
    #[error("the entry is missing")]
    Missing,
    /// The row's seq, time, payload or hash is not what was written.
    #[error("the entry is not what was written (its hash does not match)")]
    Altered,
}

/// What a person can do about a refusal, in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mend {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// Why the hall's database was not opened. Whatever the reason, the files are as they were.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The operating system refused.
    #[error("{act} {path}; {}", self.mend().en)]
    Io {
        /// What was being done.
        act: &'static str,
        /// To which file or directory.
        path: PathBuf,
        /// The system's own words.
        #[source]
        source: io::Error,
    },
    /// Another process has this hall open.
    #[error("{path} is held by another process; {}", self.mend().en)]
    Busy {
        /// The lock file.
        path: PathBuf,
    },
    /// The file is not an SQLite database.
    #[error("{path} is not an SQLite database; {}", self.mend().en)]
    NotSqlite {
        /// The file.
        path: PathBuf,
    },
    /// The file is an SQLite database of some other program.
    #[error("{path} is another program's database (application id {application_id:#010x}); {}", self.mend().en)]
    Foreign {
        /// The file.
        path: PathBuf,
        /// The id in its header (sqlite.org/fileformat2.html, offset 68).
        application_id: u32,
    },
    /// The file was written by a newer version of this program.
    #[error("{path} has schema version {found}, this program knows {known}; {}", self.mend().en)]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its schema version.
        found: u32,
        /// The newest version this program knows.
        known: u32,
    },
    /// The database is missing or empty while its write-ahead log holds data: a new database would swallow the old log.
    #[error("{path} is missing or empty but {log} holds data; {}", self.mend().en)]
    OrphanLog {
        /// The database that should be there.
        path: PathBuf,
        /// The log that is.
        log: PathBuf,
    },
    /// The content contradicts itself: damaged pages, or a journal that breaks its hash chain.
    #[error("{path} is damaged; {}", self.mend().en)]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What was found.
        #[source]
        source: StoreError,
    },
    /// SQLite could not open, create or migrate the file for a reason that is not damage.
    #[error("{act} {path}; {}", self.mend().en)]
    Sqlite {
        /// What was being done.
        act: &'static str,
        /// The file.
        path: PathBuf,
        /// SQLite's own words.
        #[source]
        source: StoreError,
    },
}

impl OpenError {
    /// What the refusal means for the caller.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Io { source, .. } if source.kind() == io::ErrorKind::StorageFull => ErrorKind::DiskFull,
            Self::Io { .. } => ErrorKind::Io,
            Self::Busy { .. } => ErrorKind::Busy,
            Self::NotSqlite { .. } | Self::Foreign { .. } | Self::Newer { .. } => ErrorKind::Misuse,
            Self::OrphanLog { .. } | Self::Corrupt { .. } => ErrorKind::Corrupt,
            Self::Sqlite { source, .. } => source.kind(),
        }
    }

    /// What a person can do about it.
    pub fn mend(&self) -> Mend {
        let (zh, en) = match self {
            Self::Io { .. } => (
                "请检查该目录是否存在、磁盘是否已满、运行叫号服务的用户是否有读写权限",
                "check that the directory exists, that the disk is not full and that the service's user may read and write it",
            ),
            Self::Busy { .. } => (
                "请先停止正在使用该目录的叫号服务,或换一个数据目录",
                "stop the service that is using this directory, or choose another data directory",
            ),
            Self::NotSqlite { .. } | Self::Foreign { .. } => (
                "请把该文件移到别处,或换一个数据目录;文件未被改动",
                "move the file elsewhere or choose another data directory; it was not touched",
            ),
            Self::Newer { .. } => (
                "请安装写入该文件的版本或更新的版本;文件未被改动",
                "install the version that wrote the file, or a newer one; it was not touched",
            ),
            Self::OrphanLog { .. } => (
                "请把日志文件与其数据库放回一处,或从备份恢复;文件未被改动",
                "put the log back beside its database, or restore from a backup; nothing was touched",
            ),
            Self::Corrupt { .. } => (
                "也可能是磁盘故障:请勿移走文件,先运行 jiaohao verify 检查,再从备份恢复;文件未被改动",
                "it may be the disk: leave the file where it is, run `jiaohao verify`, then restore from a backup; it was not touched",
            ),
            Self::Sqlite { .. } => {
                ("请检查磁盘空间和权限后重试", "check the disk's free space and permissions, then try again")
            }
        };
        Mend { zh: zh.into(), en: en.into() }
    }

    /// For `map_err`: a system error with the act and the file.
    pub(crate) fn io(act: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { act, path: path.into(), source }
    }
}
