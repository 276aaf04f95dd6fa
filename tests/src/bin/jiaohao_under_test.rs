//! The program of `crates/jiaohao`, built together with the journeys that start it.

use std::process::ExitCode;

fn main() -> ExitCode {
    jiaohao::main()
}
