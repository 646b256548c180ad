//! What a CSV file needs so that a spreadsheet reads it right, and computes nothing that a stranger wrote.

use std::borrow::Cow;

/// Without it, the most used spreadsheet reads UTF-8 as the machine's old code page.
pub const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Spreadsheets compute what begins like a formula: an apostrophe before it makes it text. The wide forms are there
/// because some spreadsheets narrow them first.
pub fn harmless(text: &str) -> Cow<'_, str> {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if is_formula { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}
