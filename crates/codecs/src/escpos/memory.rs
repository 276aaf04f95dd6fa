//! The `escpos` crate as a byte builder: a driver whose "printer" is a vector.

use std::cell::RefCell;

use ::escpos::driver::Driver;
use ::escpos::errors::{PrinterError, Result};

/// Collects what the crate would have sent.
#[derive(Default)]
pub(super) struct Memory {
    bytes: RefCell<Vec<u8>>,
}

impl Memory {
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes.into_inner()
    }
}

impl Driver for Memory {
    fn name(&self) -> String {
        "memory".to_owned()
    }

    fn write(&self, data: &[u8]) -> Result<()> {
        self.bytes.try_borrow_mut()?.extend_from_slice(data);
        Ok(())
    }

    fn read(&self, _buf: &mut [u8]) -> Result<usize> {
        Err(PrinterError::InvalidResponse("nothing answers in memory".to_owned()))
    }

    fn flush(&self) -> Result<()> {
        Ok(())
    }
}
