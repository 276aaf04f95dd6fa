//! Devices that tell the host what was laid on them, drawn through them or held before them.

pub(crate) mod id_card;
pub(crate) mod id_reader;
pub(crate) mod scanner;
mod talker;
pub(crate) mod track;
