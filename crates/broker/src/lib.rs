//! The daemon: sessions in, one loop, commit, events out.
