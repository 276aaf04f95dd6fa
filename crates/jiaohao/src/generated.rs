//! `jiaohao days`: days that never were, as files.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use forecast::generate::{self, Kind};
use hall::Rules;
use hall::routing::Floor;

use crate::cli::DaysArgs;
use crate::failure::Failure;
use crate::replay::{read_hall, say};

/// Writes the days: all of them or nothing.
pub(crate) fn run(args: &DaysArgs) -> Result<(), Failure> {
    let customers = write(args).map_err(Failure::Input)?;
    let (count, out) = (args.count, args.out.display());
    say(&format!("{count} 天 days with {customers} customers in {out}\n")).map_err(Failure::Run)
}

fn write(args: &DaysArgs) -> anyhow::Result<usize> {
    let rules = read_hall(&args.hall, None)?.rules;
    let kind = kind(args)?;
    let floor = floor(&rules, &args.hall)?;
    let folder = NewFolder::beside(&args.out)?;
    let digits = (args.count - 1).to_string().len().max(2);
    let mut customers = 0;
    for n in 0..args.count {
        // Other seeds give other days, and more days begin with the same ones.
        const APART: u64 = 1_000_003;
        let day = generate::day(&floor, &kind, args.seed.wrapping_mul(APART).wrapping_add(u64::from(n)));
        customers += day.customers.len();
        folder.file(&format!("day-{n:0digits$}.csv"), &day.to_csv(&rules))?;
        if args.staffing {
            folder.file(&format!("day-{n:0digits$}.staffing.csv"), &day.staffing_csv(&rules))?;
        }
    }
    folder.publish()?;
    Ok(customers)
}

fn kind(args: &DaysArgs) -> anyhow::Result<Kind> {
    let DaysArgs { vip_share: vip, gotone_share: gotone, .. } = *args;
    let rest = 1.0 - vip - gotone;
    // Shares such as 0.7 and 0.3 add up to a hair more than 1.
    if rest < -1e-9 {
        bail!(
            "--vip-share {vip} and --gotone-share {gotone} are more than 1 together; leave a rest for the third tier"
        );
    }
    Ok(Kind { load: args.load, tiers: vec![vip, gotone, rest.max(0.0)], pace: args.pace, staffing: args.staffing })
}

fn floor(rules: &Rules, file: &Path) -> anyhow::Result<Floor> {
    let floor = Floor::of(rules);
    if (0..floor.posts.len()).all(|post| floor.is_dedicated(post)) {
        bail!("{}: the hall has no counter for everybody; add one of kind \"general\"", file.display());
    }
    if floor.services > generate::SERVICES_KNOWN {
        let known: Vec<&str> =
            rules.services.iter().take(generate::SERVICES_KNOWN).map(|service| service.id.as_str()).collect();
        tracing::warn!("of {} services, customers come for the first only: {}", floor.services, known.join(", "));
    }
    Ok(floor)
}

/// A directory that is filled beside its place; dropped without [`NewFolder::publish`], it is gone.
struct NewFolder {
    to: PathBuf,
    beside: PathBuf,
}

impl NewFolder {
    fn beside(to: &Path) -> anyhow::Result<Self> {
        let act = || format!("writing {}; name a new directory in one that you may write to", to.display());
        match fs::read_dir(to).map(|mut entries| entries.next().is_none()) {
            Ok(true) => {}
            Ok(false) => bail!("writing {}: it is not empty; name a new directory", to.display()),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(anyhow!(error).context(act())),
        }
        // A link stays one: what it points to is filled.
        let to = fs::canonicalize(to).unwrap_or_else(|_| to.to_owned());
        let name = to.file_name().with_context(act)?;
        let beside = to.with_file_name(format!(".{}.{}.part", name.to_string_lossy(), std::process::id()));
        fs::create_dir(&beside).with_context(act)?;
        Ok(Self { to, beside })
    }

    fn file(&self, name: &str, text: &str) -> anyhow::Result<()> {
        fs::write(self.beside.join(name), text).with_context(|| format!("writing {name} for {}", self.to.display()))
    }

    fn publish(self) -> anyhow::Result<()> {
        fs::rename(&self.beside, &self.to).with_context(|| format!("writing {}", self.to.display()))
    }
}

impl Drop for NewFolder {
    fn drop(&mut self) {
        // After it was published there is nothing here any more.
        let _ = fs::remove_dir_all(&self.beside);
    }
}
