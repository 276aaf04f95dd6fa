//! The command line.

mod directory;
mod doctor;
mod values;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use hall::routing::Margin;
use hall::{Date, Profile};
use look::Rotation;

pub(crate) use directory::{DirectoryArgs, DirectoryTask, ImportArgs};
pub(crate) use doctor::{DoctorArgs, DoctorDevicesArgs, DoctorPortsArgs, DoctorPrinterArgs, DoctorTask, ProbeKind};
use values::{date, load, pace, price, profile, rescue, share, speed};

/// Jiaohao 叫号: queue tickets and counter calls for service halls.
///
/// Without a subcommand a whole hall starts: broker, devices and windows.
#[derive(Debug, Parser)]
#[command(name = "jiaohao", version, args_conflicts_with_subcommands = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) task: Option<Task>,
    #[command(flatten)]
    pub(crate) hall: HallArgs,
}

impl Cli {
    /// Whether a scripted hall is asked for.
    pub(crate) fn scripted(&self) -> bool {
        match &self.task {
            Some(Task::Hall(args)) => args.scripted.is_some(),
            Some(_) => false,
            None => self.hall.scripted.is_some(),
        }
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Task {
    /// A whole hall: broker, device host, virtual devices, and windows where there is a display
    Hall(HallArgs),
    /// The broker alone
    Broker(BrokerArgs),
    /// A kiosk window of a running hall; exit code 0 when staff closed it, for it must then stay closed
    Kiosk(KioskArgs),
    /// A teller window of a running hall
    Teller(TellerArgs),
    /// A hall screen window of a running hall
    Screen(ScreenArgs),
    /// The device host alone: printers, signs, keypads
    Devices(DevicesArgs),
    /// Checks a configuration, lists ports, tries an unknown printer; says what to mend
    Doctor(DoctorArgs),
    /// The hall's own list of customers: who is of which tier
    Directory(DirectoryArgs),
    /// Replays recorded or generated days, or one of the hall's own journal, through the real routing: what if
    Replay(Box<ReplayArgs>),
    /// Tells customers of past days how long they will wait, and says how good that was
    Forecast(Box<ForecastArgs>),
    /// Writes made-up days for `replay` and `forecast`
    Days(DaysArgs),
    /// Measures the product on this machine, each figure beside its limit
    Bench(BenchArgs),
    /// Checks the journal of a hall that does not run: hash chain, sequence, database
    Verify(DataArgs),
    /// Copies the database of a hall, also while it runs
    Backup(BackupArgs),
    /// Brings a copy back into an empty data directory
    Restore(RestoreArgs),
    /// Prints the API's OpenAPI document
    Openapi,
}

/// A whole hall.
#[derive(Args, Clone, Debug)]
pub(crate) struct HallArgs {
    /// Open no windows
    #[arg(long)]
    pub(crate) headless: bool,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    /// Customers and tellers act by themselves for this many seconds
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) scripted: Option<u64>,
    /// How many times faster than real time a scripted hall lives
    #[arg(long, value_name = "N", default_value_t = 1.0, requires = "scripted", value_parser = speed)]
    pub(crate) speed: f64,
    /// Chance of a scripted hall; the same seed gives the same customers
    #[arg(long, default_value_t = 1, requires = "scripted")]
    pub(crate) seed: u64,
}

/// Where a hall lives.
#[derive(Args, Clone, Debug)]
pub(crate) struct PlaceArgs {
    /// Where to listen [default: the configuration's, else 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR:PORT")]
    pub(crate) listen: Option<SocketAddr>,
    /// Where all state lives [default: jiaohao in the XDG data directory]
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// The hall's configuration [default: DIR/hall.toml, written at the first start]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

/// The broker alone.
#[derive(Args, Debug)]
pub(crate) struct BrokerArgs {
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
}

/// How a role reaches its broker.
#[derive(Args, Clone, Debug)]
pub(crate) struct BrokerAt {
    /// The broker's address
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    pub(crate) broker: String,
    /// A file with the role's token: the hall's access.toml, or the token alone
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// End when standard input ends: for a parent process that may die
    #[arg(long, hide = true)]
    pub(crate) with_parent: bool,
}

/// How a window is shown.
#[derive(Args, Clone, Debug)]
pub(crate) struct WindowArgs {
    /// The whole screen, without pointer, screen saver or sleep, as in a hall
    #[arg(long)]
    pub(crate) fullscreen: bool,
    /// Turn the screen clockwise: 0, 90, 180 or 270 [default: as it is]
    #[arg(long, value_name = "DEGREES", conflicts_with = "picture")]
    pub(crate) rotate: Option<Rotation>,
    /// Language of the page: zh or en
    #[arg(long, default_value = "zh")]
    pub(crate) language: String,
    /// Draw the page into this PNG, without a display, and end
    #[arg(long, value_name = "FILE")]
    pub(crate) picture: Option<PathBuf>,
}

/// A kiosk window.
#[derive(Args, Debug)]
pub(crate) struct KioskArgs {
    #[command(flatten)]
    pub(crate) broker: BrokerAt,
    #[command(flatten)]
    pub(crate) window: WindowArgs,
    /// The kiosk's name in the configuration
    #[arg(long, default_value = "kiosk-1")]
    pub(crate) name: String,
    /// Where the kiosk notes the key of a number it is asking for [default: as of `hall`]
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Posters (PNG, JPEG) for when nobody is there [default: posters in the data directory]
    #[arg(long, value_name = "DIR")]
    pub(crate) posters: Option<PathBuf>,
    /// Loudspeaker or headphones the kiosk speaks with, as ALSA names it (`aplay -L`) [default: the machine's]
    #[arg(long, value_name = "NAME")]
    pub(crate) audio_device: Option<String>,
    /// Recordings of what is said, such as zh/确认取号.wav: WAV only, 16-bit PCM, one or two channels, 8 to 48 kHz [default: clips
    /// in the data directory]
    #[arg(long, value_name = "DIR")]
    pub(crate) clips: Option<PathBuf>,
}

/// A teller window.
#[derive(Args, Debug)]
pub(crate) struct TellerArgs {
    #[command(flatten)]
    pub(crate) broker: BrokerAt,
    #[command(flatten)]
    pub(crate) window: WindowArgs,
    /// The counter's number
    #[arg(long)]
    pub(crate) counter: u16,
}

/// A hall screen window.
#[derive(Args, Debug)]
pub(crate) struct ScreenArgs {
    #[command(flatten)]
    pub(crate) broker: BrokerAt,
    #[command(flatten)]
    pub(crate) window: WindowArgs,
    /// The screen's name in the configuration
    #[arg(long, default_value = "screen-1")]
    pub(crate) name: String,
}

/// The device host alone.
#[derive(Args, Debug)]
pub(crate) struct DevicesArgs {
    #[command(flatten)]
    pub(crate) broker: BrokerAt,
    /// Where the ports of virtual devices appear [default: as of `hall`]
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Every device is virtual, whatever its port; a terminal shows them all, and its keys press, tear and unplug
    #[arg(long = "virtual")]
    pub(crate) all_virtual: bool,
    /// Show the virtual devices of a hall that runs already, by its data directory
    #[arg(long, value_name = "DIR", requires = "all_virtual", conflicts_with = "data")]
    pub(crate) attach: Option<PathBuf>,
}

/// Which hall.
#[derive(Args, Debug)]
pub(crate) struct DataArgs {
    /// The hall's data directory [default: as of `hall`]
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
}

/// Which days, through which routing, and where the answer goes.
#[derive(Args, Debug)]
pub(crate) struct ReplayArgs {
    /// The hall's configuration [default with --date: DIR/hall.toml]
    #[arg(long, value_name = "FILE", required_unless_present = "date")]
    pub(crate) hall: Option<PathBuf>,
    /// fcfs, strict, ratio, accumulating, edf, guard or foresight, each also with +rescue; explained at [routing] of a hall's file [default: the hall's own]
    #[arg(long, value_name = "NAME", value_parser = profile)]
    pub(crate) profile: Option<Profile>,
    /// Minutes left at which a free dedicated desk takes over others, or `always`; only with +rescue [default: the hall's own]
    #[arg(long, value_name = "N|always", value_parser = rescue)]
    pub(crate) rescue_min: Option<Margin>,
    /// Misses that a day's first diversion must save, on both sides of a comparison; only with foresight [default: the hall's own]
    #[arg(long, value_name = "N", value_parser = price)]
    pub(crate) price: Option<f64>,
    /// Days as CSV: arrival_s,tier,service,service_s,no_show,patience_s
    #[arg(long, value_name = "CSV", num_args = 1.., required_unless_present = "date", conflicts_with = "date")]
    pub(crate) day: Vec<PathBuf>,
    /// Who worked when, as CSV: at_s,counter,state; one a day, in their order [default: every counter is open]
    #[arg(long, value_name = "CSV", num_args = 1.., requires = "day")]
    pub(crate) staffing: Vec<PathBuf>,
    /// A day of the hall's own journal instead of files
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub(crate) date: Option<Date>,
    /// The data directory whose journal it is, or a backup of it [default: as of `hall`]
    #[arg(long, value_name = "DIR", requires = "date")]
    pub(crate) data: Option<PathBuf>,
    /// Compare with this profile
    #[arg(long, value_name = "NAME", value_parser = profile)]
    pub(crate) against_profile: Option<Profile>,
    /// Compare with this rescue margin
    #[arg(long, value_name = "N|always", value_parser = rescue)]
    pub(crate) against_rescue_min: Option<Margin>,
    /// Compare with this hall, under its own profile unless --against-profile says otherwise
    #[arg(long, value_name = "FILE")]
    pub(crate) against_hall: Option<PathBuf>,
    /// Compare with these people at work; one file a day, in their order
    #[arg(long, value_name = "CSV", num_args = 1..)]
    pub(crate) against_staffing: Vec<PathBuf>,
    /// Write every call: day,row,called_s,counter; of files there are, only an older such list is replaced
    #[arg(long, value_name = "OUT.csv")]
    pub(crate) calls: Option<PathBuf>,
    /// Draw a day: waits by tier against their limits, misses, counters open; of files there are, only an older drawing is replaced
    #[arg(long, value_name = "FILE.svg")]
    pub(crate) plot: Option<PathBuf>,
    /// Which day to draw, from 0
    #[arg(long, value_name = "N", default_value_t = 0, requires = "plot")]
    pub(crate) plot_day: usize,
    /// Print the figures as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Which waits to forecast, and how.
///
/// Each day is forecast with what was learnt from those before it: service times, arrivals by time of day, who works when.
#[derive(Args, Debug)]
pub(crate) struct ForecastArgs {
    /// The hall's configuration
    #[arg(long, value_name = "FILE", required_unless_present = "call_log", requires = "day")]
    pub(crate) hall: Option<PathBuf>,
    /// fcfs, strict, ratio, accumulating, edf, guard or foresight, each also with +rescue; explained at [routing] of a hall's file [default: the hall's own]
    #[arg(long, value_name = "NAME", value_parser = profile)]
    pub(crate) profile: Option<Profile>,
    /// Minutes left at which a free dedicated desk takes over others, or `always`; only with +rescue [default: the hall's own]
    #[arg(long, value_name = "N|always", value_parser = rescue)]
    pub(crate) rescue_min: Option<Margin>,
    /// Days as CSV, in order: arrival_s,tier,service,service_s,no_show,patience_s
    #[arg(long, value_name = "CSV", num_args = 1.., required_unless_present = "call_log", requires = "hall")]
    pub(crate) day: Vec<PathBuf>,
    /// Who worked when, one file a day, in their order [default: every counter is open]
    ///
    /// CSV with the heading at_s,counter,state: from that second on the counter is `open`, `paused` or `closed`. A counter
    /// that is not named is open all day; one whose first line is `open` is closed until then.
    #[arg(long, value_name = "CSV", num_args = 1.., requires = "day")]
    pub(crate) staffing: Vec<PathBuf>,
    /// A call centre's log instead, one file a month: .txt or .txt.gz as of the Technion's Anonymous Bank
    #[arg(long, value_name = "FILE", num_args = 1..,
          conflicts_with_all = ["hall", "day", "staffing", "profile", "rescue_min"])]
    pub(crate) call_log: Vec<PathBuf>,
    /// Judge alarms instead of waits: what they would have announced, beside the alarm that 80 % of a limit has been waited
    #[arg(long, requires = "day")]
    pub(crate) alarms: bool,
    /// With --alarms: this counter stays closed until it is advised to open it; what that saves
    #[arg(long, value_name = "COUNTER", requires = "alarms")]
    pub(crate) reserve: Option<u16>,
    /// Days that are learnt from and not judged [default: 10, or all but the last where there are fewer]
    #[arg(long, value_name = "N")]
    pub(crate) warm_up: Option<usize>,
    /// Futures that an estimate is made of; what the hall itself tells has as many as its own looks take
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) futures: u32,
    /// Chance of the futures; the same seed gives the same report
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Print the figures as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// What kind of days, how many, and where they go.
///
/// They are like those of real halls: customers by time of day, no-shows, people who lose patience. A load of 1 means that at
/// the busiest hour as much work arrives as the counters can do. The first three tiers have the shares below, in order of
/// precedence; customers come for the first five services of the hall, whatever else it offers.
#[derive(Args, Debug)]
pub(crate) struct DaysArgs {
    /// The hall's configuration
    #[arg(long, value_name = "FILE")]
    pub(crate) hall: PathBuf,
    /// Work that arrives at the busiest hour over work that all counters can do
    #[arg(long, value_name = "X", value_parser = load)]
    pub(crate) load: f64,
    /// How many days
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) count: u32,
    /// Chance of the days; the same seed gives the same
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub(crate) seed: u64,
    /// A new or empty directory: gets day-00.csv and, with --staffing, day-00.staffing.csv, and so on
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Tellers have lunch, pause, come late and go early
    #[arg(long)]
    pub(crate) staffing: bool,
    /// Share of the first tier, VIP in the recorded hall
    #[arg(long, value_name = "SHARE", default_value_t = 0.08, value_parser = share)]
    pub(crate) vip_share: f64,
    /// Share of the second tier, GoTone in the recorded hall; the third has the rest
    #[arg(long, value_name = "SHARE", default_value_t = 0.245, value_parser = share)]
    pub(crate) gotone_share: f64,
    /// How long services take beside the recorded ones
    #[arg(long, value_name = "X", default_value_t = 1.0, value_parser = pace)]
    pub(crate) pace: f64,
}

/// Where and how to measure.
#[derive(Args, Debug)]
pub(crate) struct BenchArgs {
    /// Print the figures as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// A directory on the disk to measure; emptied afterwards [default: beside the data directory of `hall`]
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Only these parts [default: all]
    #[arg(long, value_name = "PART", value_delimiter = ',')]
    pub(crate) only: Vec<crate::bench::Part>,
}

/// Which hall, and where the copy goes.
#[derive(Args, Debug)]
pub(crate) struct BackupArgs {
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// The copy; must not exist
    #[arg(value_name = "FILE")]
    pub(crate) to: PathBuf,
}

/// Which copy, and where it goes.
#[derive(Args, Debug)]
pub(crate) struct RestoreArgs {
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// The copy
    #[arg(value_name = "FILE")]
    pub(crate) from: PathBuf,
}
