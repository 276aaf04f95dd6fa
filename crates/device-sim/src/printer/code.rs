//! The printer's QR symbol store: `GS ( k` with symbol 49 (Epson ESC/POS).

use qrcode::{Color, EcLevel, QrCode};

/// Settings and data between the functions of `GS ( k`.
#[derive(Debug)]
pub(crate) struct CodeStore {
    module: usize,
    level: EcLevel,
    stored: Option<Vec<u8>>,
}

/// A code ready to print, without a quiet zone: real printers add none.
#[derive(Debug)]
pub(crate) struct Code {
    /// Modules a side.
    pub(crate) side: usize,
    /// Dots a module.
    pub(crate) module: usize,
    pub(crate) dark: Vec<bool>,
    pub(crate) says: String,
}

impl Default for CodeStore {
    /// Module size 3, level L: Epson's defaults.
    fn default() -> Self {
        Self { module: 3, level: EcLevel::L, stored: None }
    }
}

impl CodeStore {
    /// Carries out one function; `Ok(Some)` is a code to print, `Err` says what is wrong with it.
    pub(crate) fn take(&mut self, function: u8, data: &[u8]) -> Result<Option<Code>, String> {
        match (function, data) {
            // Model 2 is all that is printed today; model 1 and micro QR are other symbols.
            (65, [50, 0]) => {}
            (67, [module @ 1..=16]) => self.module = usize::from(*module),
            (69, [level @ 48..=51]) => {
                self.level = match level {
                    48 => EcLevel::L,
                    49 => EcLevel::M,
                    50 => EcLevel::Q,
                    _ => EcLevel::H,
                };
            }
            (80, [48, data @ ..]) if !data.is_empty() => self.stored = Some(data.to_vec()),
            (81, [48]) => return self.print().map(Some),
            (function, data) => {
                return Err(format!("QR function {function} with {data:02X?}"));
            }
        }
        Ok(None)
    }

    fn print(&self) -> Result<Code, String> {
        let data = self.stored.as_deref().ok_or("QR printed before it was stored")?;
        let code = QrCode::with_error_correction_level(data, self.level)
            .map_err(|error| format!("QR of {} bytes: {error}", data.len()))?;
        Ok(Code {
            side: code.width(),
            module: self.module,
            dark: code.to_colors().into_iter().map(|colour| colour == Color::Dark).collect(),
            says: String::from_utf8_lossy(data).into_owned(),
        })
    }
}
