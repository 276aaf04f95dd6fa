//! The log as text: 17 columns a line, of which eleven are read.

use std::ops::Range;

use crate::day::DayError;

/// One call that came out of the voice menu, as [`parse()`] read it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Caller {
    /// The day of entry, yymmdd.
    pub date: u32,
    /// 0, 1 or 2.
    pub priority: u8,
    /// What the call is about, as far as agents tell calls apart.
    pub kind: Kind,
    /// When the caller joined the queue, in seconds of the day; for those who never waited, when service began or the menu
    /// ended.
    pub entry_s: u32,
    /// Seconds in the queue; 0 for those who never waited.
    pub wait_s: u32,
    /// The service that followed; `None` for those who left.
    pub service: Option<Service>,
}

/// What agents tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Regular activity, in any language.
    Ordinary,
    /// New and possible customers.
    New,
    /// The stock exchange.
    Stock,
    /// Support of the internet site; these callers have a queue of their own.
    Internet,
}

/// A call in service.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Service {
    /// Who served; `None` when the log does not say.
    pub agent: Option<String>,
    /// When service ended, in seconds of the day of entry.
    pub end_s: u32,
}

impl Caller {
    /// When the caller left the queue, or service began at once, in seconds of the day of entry.
    pub fn leaves_queue_s(&self) -> u32 {
        self.entry_s + self.wait_s
    }

    /// Whether the caller waited in the common queue.
    pub fn queued(&self) -> bool {
        self.wait_s > 0 && self.kind != Kind::Internet
    }

    /// The agent who took the call, where the log says so, and when that service ended.
    pub(super) fn taken_by(&self) -> Option<(&str, u32)> {
        let service = self.service.as_ref()?;
        Some((service.agent.as_deref()?, service.end_s))
    }
}

/// Reads one month of the log; `file` is only named in errors.
///
/// The form is that of the Technion's "Anonymous Bank" call centre of 1999 (Mandelbaum, Sakov, Zeltyn 2000: *Empirical
/// Analysis of a Call Center*), one file a month, tab-separated with a heading. Read are:
///
/// | column | holds |
/// |---|---|
/// | `priority` | 0, 1 or 2; 2 begins with a head start of 90 s in the queue |
/// | `type` | `PS`, `PE`, `TT`, `AA` (ordinary), `NW` (new customers), `NE` (stock exchange), `IN` (internet, its own queue) |
/// | `date` | yymmdd of the entry |
/// | `vru_exit` | when the voice menu ended, h:mm:ss |
/// | `q_start`, `q_exit` | when the queue was joined and left; 0:00:00 for those who never waited |
/// | `q_time` | seconds in the queue |
/// | `outcome` | `AGENT` (served), `HANG` or `PHANTOM` (gone) |
/// | `ser_start`, `ser_exit` | when service began and ended; both 0:00:00 where it was not recorded |
/// | `server` | the agent, or `NO_SERVER` |
///
/// The lines are split at any white space, as some have spaces where a tab should be. Clocks begin again at midnight;
/// here the day of entry goes on beyond 86 400 s. Empty lines are left out.
///
/// # Errors
/// The first thing that is wrong in it, with its line and column.
pub fn parse(file: &str, text: &str) -> Result<Vec<Caller>, DayError> {
    let mut rows = text.lines().zip(1..).map(|(text, number)| Line::of(file, number, text));
    if let Some(heading) = rows.next() {
        heading.expect_heading()?;
    }
    rows.filter(|line| !line.fields.is_empty()).map(|line| line.caller()).collect()
}

const HEADING: [&str; 17] = [
    "vru+line",
    "call_id",
    "customer_id",
    "priority",
    "type",
    "date",
    "vru_entry",
    "vru_exit",
    "vru_time",
    "q_start",
    "q_exit",
    "q_time",
    "outcome",
    "ser_start",
    "ser_exit",
    "ser_time",
    "server",
];
const PRIORITY: usize = 3;
const TYPE: usize = 4;
const DATE: usize = 5;
const VRU_EXIT: usize = 7;
const Q_START: usize = 9;
const Q_EXIT: usize = 10;
const Q_TIME: usize = 11;
const OUTCOME: usize = 12;
const SER_START: usize = 13;
const SER_EXIT: usize = 14;
const SERVER: usize = 16;

const DAY_S: u32 = 86_400;

struct Line<'t> {
    file: &'t str,
    number: u64,
    text: &'t str,
    /// Where each value lies in the text, in bytes.
    fields: Vec<Range<usize>>,
}

impl<'t> Line<'t> {
    fn of(file: &'t str, number: u64, text: &'t str) -> Self {
        let mut fields: Vec<Range<usize>> = Vec::with_capacity(HEADING.len());
        let mut begun = None;
        for (at, letter) in text.char_indices().chain([(text.len(), ' ')]) {
            match (begun, letter.is_whitespace()) {
                (None, false) => begun = Some(at),
                (Some(from), true) => {
                    fields.push(from..at);
                    begun = None;
                }
                (None, true) | (Some(_), false) => {}
            }
        }
        Self { file, number, text, fields }
    }

    fn expect_heading(&self) -> Result<(), DayError> {
        let mend = || format!("begin the file with the line {}", HEADING.join(" "));
        for (field, name) in HEADING.iter().enumerate() {
            // A byte order mark is what spreadsheets put in front.
            let found = self.fields.get(field).map(|_| self.text(field).trim_start_matches('\u{feff}'));
            if found != Some(name) {
                return Err(self.wrong(
                    field,
                    format!("heading {:?} is not {name}", found.unwrap_or_default()),
                    mend(),
                ));
            }
        }
        Ok(())
    }

    fn caller(&self) -> Result<Caller, DayError> {
        if self.fields.len() != HEADING.len() {
            let message = format!("the line has {} values, not {}", self.fields.len(), HEADING.len());
            return Err(self.wrong(0, message, format!("write {}", HEADING.join(" "))));
        }
        let kinds = [
            ("PS", Kind::Ordinary),
            ("PE", Kind::Ordinary),
            ("TT", Kind::Ordinary),
            ("AA", Kind::Ordinary),
            ("NW", Kind::New),
            ("NE", Kind::Stock),
            ("IN", Kind::Internet),
        ];
        let served = self.word(OUTCOME, &[("AGENT", true), ("HANG", false), ("PHANTOM", false)])?;
        let wait_s = self.wait()?;
        let (ser_start_s, ser_exit_s) = (self.clock(SER_START)?, self.clock(SER_EXIT)?);
        let recorded = (ser_start_s, ser_exit_s) != (0, 0);
        let entry_s = if wait_s > 0 {
            self.clock(Q_START)?
        } else if served && recorded {
            ser_start_s
        } else {
            self.clock(VRU_EXIT)?
        };
        let starts_s = entry_s + wait_s;
        let end_s = if recorded { later(ser_exit_s, starts_s).max(starts_s) } else { starts_s };
        let agent = Some(self.text(SERVER)).filter(|name| *name != "NO_SERVER").map(str::to_owned);
        Ok(Caller {
            date: self.date()?,
            priority: self.word(PRIORITY, &[("0", 0), ("1", 1), ("2", 2)])?,
            kind: self.word(TYPE, &kinds)?,
            entry_s,
            wait_s,
            service: served.then_some(Service { agent, end_s }),
        })
    }

    /// Seconds in the queue, which the two clocks must bear out.
    fn wait(&self) -> Result<u32, DayError> {
        let wait_s = self.number(Q_TIME, DAY_S - 1)?;
        let (start_s, exit_s) = (self.clock(Q_START)?, self.clock(Q_EXIT)?);
        let between_s = (exit_s + DAY_S - start_s) % DAY_S;
        if wait_s > 0 && between_s != wait_s {
            let message = format!("q_time is {wait_s}, but q_exit comes {between_s} s after q_start");
            return Err(self.wrong(Q_TIME, message, "write the seconds between them".to_owned()));
        }
        Ok(wait_s)
    }

    fn date(&self) -> Result<u32, DayError> {
        let date = self.number(DATE, 999_999)?;
        if (1..=12).contains(&(date / 100 % 100)) && (1..=31).contains(&(date % 100)) {
            return Ok(date);
        }
        Err(self.wrong(
            DATE,
            format!("date is {:?}", self.text(DATE)),
            "write year, month and day as yymmdd".to_owned(),
        ))
    }

    /// Seconds of the day.
    fn clock(&self, field: usize) -> Result<u32, DayError> {
        let parts: Vec<Option<u32>> = self.text(field).split(':').map(|part| part.parse().ok()).collect();
        match parts[..] {
            [Some(hour @ 0..24), Some(minute @ 0..60), Some(second @ 0..60)] => Ok(hour * 3600 + minute * 60 + second),
            _ => {
                let message = format!("{} is {:?}", HEADING[field], self.text(field));
                Err(self.wrong(field, message, "write a time of day as h:mm:ss".to_owned()))
            }
        }
    }

    fn number(&self, field: usize, to: u32) -> Result<u32, DayError> {
        self.text(field).parse().ok().filter(|number| *number <= to).ok_or_else(|| {
            let message = format!("{} is {:?}", HEADING[field], self.text(field));
            self.wrong(field, message, format!("write a whole number from 0 to {to}"))
        })
    }

    fn word<T: Copy>(&self, field: usize, known: &[(&str, T)]) -> Result<T, DayError> {
        known.iter().find(|(word, _)| *word == self.text(field)).map(|(_, value)| *value).ok_or_else(|| {
            let message = format!("unknown {} {:?}", HEADING[field], self.text(field));
            let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
            self.wrong(field, message, format!("write one of {}", words.join(", ")))
        })
    }

    fn text(&self, field: usize) -> &'t str {
        &self.text[self.fields[field].clone()]
    }

    fn wrong(&self, field: usize, message: String, mend: String) -> DayError {
        let begins = self.fields.get(field).map_or(self.text.len(), |place| place.start);
        DayError {
            file: self.file.to_owned(),
            line: self.number,
            column: self.text[..begins].chars().count() as u64 + 1,
            message,
            mend,
        }
    }
}

/// A time of day as one on or after the day of `from_s`: half a day earlier means past midnight.
fn later(time_s: u32, from_s: u32) -> u32 {
    if time_s + DAY_S / 2 < from_s { time_s + DAY_S } else { time_s }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: [&str; 17] = [
        "AA0101", "33118", "27997683", "2", "PS", "990101", "6:55:20", "6:55:26", "6", "6:55:26", "6:55:43", "17",
        "AGENT", "6:55:43", "6:56:37", "54", "MICHAL",
    ];

    /// The row with some values changed, behind a heading and an empty line.
    fn log(changes: &[(usize, &'static str)]) -> String {
        let mut row = ROW;
        for (field, value) in changes {
            row[*field] = value;
        }
        format!("{}\r\n\r\n{}\r\n", HEADING.join("\t"), row.join("\t"))
    }

    fn read(changes: &[(usize, &'static str)]) -> Caller {
        parse("january.txt", &log(changes)).unwrap().remove(0)
    }

    #[test]
    fn a_caller_who_waited_and_was_served_is_read() {
        let service = Some(Service { agent: Some("MICHAL".to_owned()), end_s: 24_997 });
        let expected =
            Caller { date: 990_101, priority: 2, kind: Kind::Ordinary, entry_s: 24_926, wait_s: 17, service };
        assert_eq!(read(&[]), expected);
        assert_eq!(expected.leaves_queue_s(), 24_943);
        assert!(expected.queued());
    }

    #[test]
    fn a_caller_who_never_waited_enters_when_service_begins() {
        let direct = [(Q_START, "0:00:00"), (Q_EXIT, "0:00:00"), (Q_TIME, "0")];
        let caller = read(&direct);
        assert_eq!((caller.entry_s, caller.wait_s, caller.queued()), (24_943, 0, false));
        let [start, exit, time] = direct;
        let gone = read(&[start, exit, time, (OUTCOME, "HANG"), (SER_START, "0:00:00"), (SER_EXIT, "0:00:00")]);
        assert_eq!((gone.entry_s, gone.service), (24_926, None));
    }

    #[test]
    fn a_day_goes_on_past_midnight() {
        let changes = [(Q_START, "23:59:50"), (Q_EXIT, "0:00:07"), (SER_START, "0:00:07"), (SER_EXIT, "0:01:00")];
        let caller = read(&changes);
        assert_eq!((caller.entry_s, caller.leaves_queue_s()), (86_390, 86_407));
        assert_eq!(caller.service.map(|service| service.end_s), Some(86_460));
    }

    #[test]
    fn a_service_without_times_lasts_no_time_and_spaces_stand_for_tabs() {
        let caller = read(&[(SER_START, "0:00:00"), (SER_EXIT, "0:00:00"), (SERVER, "NO_SERVER")]);
        assert_eq!(caller.service, Some(Service { agent: None, end_s: 24_943 }));
        assert_eq!(parse("january.txt", &log(&[]).replace('\t', "  ")).unwrap(), [read(&[])]);
    }

    #[test]
    fn bad_lines_are_refused_with_line_and_column() {
        let wrong = |text: &str| parse("january.txt", text).unwrap_err().to_string();
        let cases = [
            (PRIORITY, "3", "23: unknown priority \"3\"; write one of 0, 1, 2"),
            (TYPE, "XX", "25: unknown type \"XX\"; write one of PS, PE, TT, AA, NW, NE, IN"),
            (DATE, "991301", "28: date is \"991301\"; write year, month and day as yymmdd"),
            (Q_START, "6:75:43", "53: q_start is \"6:75:43\"; write a time of day as h:mm:ss"),
            (Q_TIME, "-1", "69: q_time is \"-1\"; write a whole number from 0 to 86399"),
            (Q_TIME, "18", "69: q_time is 18, but q_exit comes 17 s after q_start; write the seconds between them"),
            (OUTCOME, "ROBOT", "72: unknown outcome \"ROBOT\"; write one of AGENT, HANG, PHANTOM"),
            (SER_EXIT, "24:00:00", "86: ser_exit is \"24:00:00\"; write a time of day as h:mm:ss"),
        ];
        for (field, value, message) in cases {
            assert_eq!(wrong(&log(&[(field, value)])), format!("january.txt:3:{message}"));
        }
        let names = HEADING.join(" ");
        let short = format!("{}\nAA0101\t33118\n", HEADING.join("\t"));
        assert_eq!(wrong(&short), format!("january.txt:2:1: the line has 2 values, not 17; write {names}"));
        let mend = format!("begin the file with the line {names}");
        assert_eq!(wrong("vru+line\tday\n"), format!("january.txt:1:10: heading \"day\" is not call_id; {mend}"));
        assert_eq!(wrong("vru+line"), format!("january.txt:1:9: heading \"\" is not call_id; {mend}"));
    }
}
