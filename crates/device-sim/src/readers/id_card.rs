//! What stands on a resident identity card, and how its chip holds it: fixed fields of UTF-16LE.

/// Bytes of all text fields.
pub(crate) const TEXT_BYTES: usize = 256;
/// Bytes of the photograph, in a code nobody published.
pub(crate) const PHOTO_BYTES: usize = 1024;

/// The text of a resident identity card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdCardData {
    /// Up to 15 characters.
    pub name: String,
    /// `1` for a man, `2` for a woman.
    pub sex: String,
    /// Number of the nation, `01` for Han.
    pub nation: String,
    /// Day of birth, `YYYYMMDD`.
    pub birth: String,
    /// Up to 35 characters.
    pub address: String,
    /// 18 digits; the last may be X.
    pub number: String,
    /// Up to 15 characters.
    pub issuer: String,
    /// First day it is valid, `YYYYMMDD`.
    pub from: String,
    /// Last day it is valid, `YYYYMMDD` or `长期`.
    pub until: String,
}

impl IdCardData {
    /// A card of `name`; day of birth and sex are those its 18-digit number says, the rest is made up.
    pub fn new(name: impl Into<String>, number: impl Into<String>) -> Self {
        let number: String = number.into();
        let odd = number.get(16..17).and_then(|digit| digit.parse::<u8>().ok()).is_none_or(|digit| digit % 2 == 1);
        Self {
            name: name.into(),
            sex: if odd { "1" } else { "2" }.to_owned(),
            nation: "01".to_owned(),
            birth: number.get(6..14).unwrap_or_default().to_owned(),
            address: "某省某市城东路12号".to_owned(),
            number,
            issuer: "某市公安局城东分局".to_owned(),
            from: "20200101".to_owned(),
            until: "20400101".to_owned(),
        }
    }

    /// The text fields as the chip holds them, filled with blanks; what is too long is cut.
    pub(crate) fn text(&self) -> Vec<u8> {
        let fields: [(&str, usize); 10] = [
            (&self.name, 30),
            (&self.sex, 2),
            (&self.nation, 4),
            (&self.birth, 16),
            (&self.address, 70),
            (&self.number, 36),
            (&self.issuer, 30),
            (&self.from, 16),
            (&self.until, 16),
            ("", 36),
        ];
        fields
            .iter()
            .flat_map(|(text, bytes)| {
                let blanks = std::iter::repeat(u16::from(b' '));
                text.encode_utf16().chain(blanks).take(bytes / 2).flat_map(u16::to_le_bytes)
            })
            .collect()
    }

    /// Bytes where the photograph is: any, and the start of a frame among them, as a photograph may have.
    pub(crate) fn photo() -> Vec<u8> {
        let mut photo: Vec<u8> = (0..PHOTO_BYTES).map(|index| (index * 37 % 251) as u8).collect();
        for (byte, start) in photo.iter_mut().skip(100).zip([0xAA, 0xAA, 0xAA, 0x96, 0x69, 0x00, 0x04]) {
            *byte = start;
        }
        photo
    }
}
