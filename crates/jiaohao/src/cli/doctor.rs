//! What `doctor` is to look at.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use wire::Flow;

/// What to check.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct DoctorArgs {
    #[command(subcommand)]
    pub(crate) task: Option<DoctorTask>,
    /// The hall's configuration [default: hall.toml of the data directory]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The hall's data directory [default: as of `hall`]
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
}

/// Which device to look at.
#[derive(Debug, Subcommand)]
pub(crate) enum DoctorTask {
    /// Lists the ports: their lasting names, adapters and drivers, who has them, whether they may be opened
    Ports(DoctorPortsArgs),
    /// Tries an unknown printer, with a test page and a few questions, and proposes its profile
    Printer(DoctorPrinterArgs),
    /// Lights every configured sign for 10 s with the number of its counter or address, and tells which acknowledge
    Sign(DoctorDevicesArgs),
    /// Tells each key that is pressed on the configured keypads, for 60 s or until Ctrl-C
    Keys(DoctorDevicesArgs),
}

/// Which of the configured devices.
#[derive(Args, Debug)]
pub(crate) struct DoctorDevicesArgs {
    /// Only the devices of these names [default: all that have a real port]
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,
    /// For so long [default: signs 10, keys 60]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=3_600))]
    pub(crate) seconds: Option<u64>,
    /// The hall's configuration [default: hall.toml of the data directory]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The hall's data directory [default: as of `hall`]
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
}

/// Which ports, and what to ask there.
#[derive(Args, Debug)]
pub(crate) struct DoctorPortsArgs {
    /// Only these ports [default: all]
    #[arg(value_name = "PORT")]
    pub(crate) ports: Vec<String>,
    /// Ask whether such a device is there; without this nothing is sent to any port
    #[arg(long, value_name = "KIND", value_enum, num_args = 1.., value_delimiter = ',')]
    pub(crate) probe: Vec<ProbeKind>,
    /// Ask at these speeds [default: 9600 19200 38400 115200, or the device's own]
    #[arg(long, value_name = "BAUD", num_args = 1.., value_delimiter = ',', requires = "probe",
          value_parser = clap::value_parser!(u32).range(1_200..=230_400))]
    pub(crate) speed: Vec<u32>,
    /// Ask signs and keypads with these addresses [default: 1 to 8]
    #[arg(long, value_name = "N", num_args = 1.., value_delimiter = ',', requires = "probe",
          value_parser = clap::value_parser!(u8).range(1..=247))]
    pub(crate) address: Vec<u8>,
}

/// A kind of device that can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProbeKind {
    /// A ticket printer
    Printer,
    /// A call display; digit boards never answer
    Sign,
    /// A teller's keypad; one that is not asked speaks when a key is pressed within 10 s
    Keypad,
    /// A reader of resident identity cards
    IdReader,
}

/// Which printer, and how to go about it.
#[derive(Args, Debug)]
pub(crate) struct DoctorPrinterArgs {
    /// The printer's port, such as /dev/serial/by-path/…
    pub(crate) port: String,
    /// Start from this profile: its speed first, its words as defaults [default: generic-80]
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// Name of the profile that is written where no built-in one fits [default: site-printer]
    #[arg(long, value_name = "NAME", conflicts_with = "store_logo")]
    pub(crate) name: Option<String>,
    /// Flow control of the line [default: as found]
    #[arg(long, value_name = "none|hardware|software", value_parser = super::values::flow)]
    pub(crate) flow: Option<Flow>,
    /// Take every default without asking
    #[arg(long)]
    pub(crate) yes: bool,
    /// Store this image in the printer's memory instead; it can be written a limited number of times
    #[arg(long, value_name = "FILE.png", requires = "profile")]
    pub(crate) store_logo: Option<PathBuf>,
    /// Where the profile and the report go [default: as of `hall`]
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
}
