//! From the network's words for a font to the codec's.

use codecs::Charset;
use wire::PrinterCharset;

pub(crate) fn charset(of: PrinterCharset) -> Charset {
    match of {
        PrinterCharset::Gb2312 => Charset::Gb2312,
        PrinterCharset::Gb18030 => Charset::Gb18030TwoByte,
    }
}
