//! What the handles of all devices have in common.

/// The methods every simulated device has of its line. `$line` is the way from `self` to it.
macro_rules! line_methods {
    ($($line:ident).+) => {
        /// The stable path a driver opens; a symbolic link to the present terminal, as udev's `by-path` links are.
        pub fn path(&self) -> &std::path::Path {
            self.$($line).+.path()
        }

        /// Pulls the cable: the driver sees a hang-up, and the path is gone when this returns.
        pub fn unplug(&self) {
            self.$($line).+.unplug();
        }

        /// Plugs the cable in again: a new terminal behind the same path.
        ///
        /// # Errors
        /// When no pseudo-terminal or no link can be made.
        pub fn plug_back(&self) -> std::io::Result<()> {
            self.$($line).+.plug_back()
        }

        /// Whether the cable is in.
        pub fn is_plugged(&self) -> bool {
            self.$($line).+.is_plugged()
        }

        /// Whether a driver has the port open now.
        pub fn is_open(&self) -> bool {
            self.$($line).+.is_open()
        }

        /// Stops (`true`) or resumes reading the line; meanwhile the kernel's buffers fill up.
        pub fn stall(&self, stalled: bool) {
            self.$($line).+.stall(stalled);
        }

        /// When the first byte since the start or the last `forget_received` had arrived completely.
        pub fn first_byte_at(&self) -> Option<std::time::Instant> {
            self.$($line).+.first_byte_at()
        }

        /// When the newest byte had arrived completely, at wire speed where a speed was given.
        pub fn last_byte_at(&self) -> Option<std::time::Instant> {
            self.$($line).+.last_byte_at()
        }

        /// Every byte received since the start or the last `forget_received`, in order (the newest 4 MiB).
        pub fn received(&self) -> Vec<u8> {
            self.$($line).+.received()
        }

        /// Empties the log of bytes and their times, for the next measurement.
        pub fn forget_received(&self) {
            self.$($line).+.forget_received();
        }

        /// Writes everything that crosses the line from now on to `file`, both directions, as [`crate::Recording`] reads
        /// it. A recording that was running ends.
        ///
        /// # Errors
        /// When the file cannot be made.
        pub fn start_recording(&self, file: &std::path::Path) -> std::io::Result<()> {
            self.$($line).+.start_recording(file)
        }

        /// Ends the recording.
        pub fn stop_recording(&self) {
            self.$($line).+.stop_recording();
        }

        /// Writes the received bytes to `directory/<name of the line>.bin` and returns that path. Writes at once:
        /// call it where blocking is allowed.
        ///
        /// # Errors
        /// When the directory or the file cannot be written.
        pub fn record_to(&self, directory: &std::path::Path) -> std::io::Result<std::path::PathBuf> {
            self.$($line).+.record_to(directory)
        }
    };
}
pub(crate) use line_methods;
