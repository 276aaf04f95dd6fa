//! `directory import`: the hall's own list of customers, from a spreadsheet.

mod customers;
mod encoding;

use std::path::PathBuf;

use anyhow::{Context, anyhow};
use broker::directory::{Draft, LIST};

use crate::cli::{DirectoryTask, ImportArgs};
use crate::failure::Failure;
use crate::setup::{CONFIG, data_dir, read_bytes, read_config};
use customers::{Customers, Mistake};

/// What is done with the list.
pub(crate) fn run(task: &DirectoryTask) -> Result<(), Failure> {
    match task {
        DirectoryTask::Import(args) => import(args).map_err(Failure::Input),
    }
}

/// Mistakes told one by one; who has more has one mistake many times.
const MISTAKES: usize = 1000;

fn import(args: &ImportArgs) -> anyhow::Result<()> {
    let data = data_dir(args.data.as_deref())?;
    let config = args.config.clone().unwrap_or_else(|| data.join(CONFIG));
    let hall = read_config(&config, &data)?;
    let file = args.file.display().to_string();
    let missing = "write it with the heading kind,value,tier or kind,value,tier,level";
    let bytes = read_bytes("the list of customers", &args.file, missing)?;
    let text = encoding::decode(&file, bytes)?;
    let tiers: Vec<_> = hall.rules.tiers.iter().map(|tier| tier.id.clone()).collect();
    let mut draft = Draft::begin(&data, tiers).with_context(|| format!("beginning the list in {}", data.display()))?;
    let Customers { mut mistakes, examples } = customers::read(&text, &hall.rules, &mut draft);
    for (line, earlier) in draft.settle() {
        mistakes.push(Mistake {
            line: u64::from(line),
            column: 1,
            message: format!("line {earlier} says another tier or level of the same number"),
            mend: "leave one of the two lines".to_owned(),
        });
    }
    if !mistakes.is_empty() {
        return Err(refused(&file, mistakes));
    }
    let counts = draft.count();
    let numbers: usize = counts.iter().sum();
    if !args.dry_run {
        draft.save(&data).context("saving the list of customers; the one before stays")?;
    }
    let words = hall.rules.tiers.iter().zip(&counts).map(|(tier, count)| format!("{} {count}", tier.id));
    println!("{file}：{numbers} 个号码 / numbers: {}", words.collect::<Vec<_>>().join(", "));
    for example in examples {
        println!("  {example}");
    }
    let list: PathBuf = data.join(LIST);
    if args.dry_run {
        println!("只检查，未写入 / checked only, nothing was written");
    } else {
        println!("{}：运行中的服务几秒内采用 / a broker that runs takes it up within seconds", list.display());
    }
    Ok(())
}

/// All mistakes from top to bottom.
fn refused(file: &str, mut mistakes: Vec<Mistake>) -> anyhow::Error {
    mistakes.sort_by_key(|mistake| (mistake.line, mistake.column));
    let count = mistakes.len();
    let told = mistakes.iter().take(MISTAKES);
    let mut lines: Vec<_> = told
        .map(|Mistake { line, column, message, mend }| format!("{file}:{line}:{column}: {message}; {mend}"))
        .collect();
    if count > MISTAKES {
        lines.push(format!("… and {} more", count - MISTAKES));
    }
    let lines = lines.join("\n");
    let what = if count == 1 { "a mistake".to_owned() } else { format!("{count} mistakes") };
    anyhow!("the list of customers has {what} to mend; nothing was changed\n{lines}")
}
