//! Thousands of commands by chance: on the rules, step by step beside a reference model that counts on its fingers; and through
//! the real broker's journal, which must bring the same hall back.
//!
//! A failure names its seed. `JIAOHAO_SEED=… cargo test -p hall-tests --test simulation` runs that one too.

mod dice;
mod model;
mod restart;
mod rules;

/// Seeds that are always run, and one of the environment.
fn seeds(always: &[u64]) -> Vec<u64> {
    let asked = std::env::var("JIAOHAO_SEED").ok();
    let asked = asked.map(|text| text.parse().unwrap_or_else(|_| panic!("JIAOHAO_SEED={text} is not a number")));
    asked.into_iter().chain(always.iter().copied()).collect()
}

/// Names the seed when the test fails while it lives.
struct Seed(u64);

impl Drop for Seed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the seed was {}: run it again with JIAOHAO_SEED={}", self.0, self.0);
        }
    }
}
