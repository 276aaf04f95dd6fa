//! What a day has seen of one service.

/// What a day has seen of one service so far.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ServiceTally {
    /// Numbers given out.
    pub issued: u32,
    /// Services completed.
    pub served: u32,
    /// Their service times together, in seconds.
    pub service_s: f64,
    /// The squares of their service times together, in seconds².
    pub service_s2: f64,
}

impl ServiceTally {
    /// Takes a completed service into account that lasted this long.
    pub(crate) fn learn(&mut self, seconds: f64) {
        self.served += 1;
        self.service_s += seconds;
        self.service_s2 += seconds * seconds;
    }
}
