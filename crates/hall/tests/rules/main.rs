//! What the rules of the hall promise, sentence by sentence.

mod ahead;
mod appointments;
mod counters;
mod day;
mod journal;
mod numbers;
mod order;
mod places;
mod profiles;
mod promises;
mod quotas;
mod random;
mod replay;
mod rig;
mod ticket;
mod waiting;
mod words;
