//! The command line; everything it does is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Before anything starts a thread: it may run this very command again.
    if let Err(error) = look::fontless::mend_fontless_machine() {
        eprintln!("jiaohao: windows will not open: {error}");
    }
    jiaohao::main()
}
