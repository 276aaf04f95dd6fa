//! The only serial I/O: ports, drivers, reconnect, health.
