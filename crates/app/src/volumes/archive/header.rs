//! The header of an entry, as every form of tar writes it.

use super::BLOCK;

/// What is read of it.
pub(super) struct Header {
    pub(super) name: String,
    pub(super) link: String,
    pub(super) kind: u8,
    pub(super) size: u64,
    pub(super) owner: u64,
}

impl Header {
    /// None: it is no header.
    pub(super) fn read(block: &[u8]) -> Option<Self> {
        let sum = octal(block.get(148..156)?)?;
        (sum == checksum(block)?).then_some(())?;
        let mut name = text(block.get(..100)?);
        let prefix = block.get(345..500).map(text).unwrap_or_default();
        let is_posix = block.get(257..263)? == b"ustar\0";
        if is_posix && !prefix.is_empty() {
            name = format!("{prefix}/{name}");
        }
        Some(Self {
            name,
            link: text(block.get(157..257)?),
            kind: *block.get(156)?,
            size: octal(block.get(124..136)?)?,
            owner: octal(block.get(108..116)?)?,
        })
    }
}

fn text(field: &[u8]) -> String {
    let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
    String::from_utf8_lossy(field.get(..end).unwrap_or_default()).into_owned()
}

/// Octal digits, or GNU's binary form for large numbers.
fn octal(field: &[u8]) -> Option<u64> {
    if field.first().is_some_and(|byte| byte & 0x80 != 0) {
        let last = field.get(field.len().checked_sub(8)?..)?;
        return last
            .iter()
            .try_fold(0_u64, |sum, byte| sum.checked_mul(256)?.checked_add(u64::from(*byte)));
    }
    let digits = std::str::from_utf8(field).ok()?.trim_matches(['\0', ' ']);
    if digits.is_empty() { Some(0) } else { u64::from_str_radix(digits, 8).ok() }
}

/// With the checksum itself taken as spaces.
pub(super) fn checksum(block: &[u8]) -> Option<u64> {
    let sum = |part: Option<&[u8]>| Some(part?.iter().map(|byte| u64::from(*byte)).sum::<u64>());
    (block.len() == BLOCK).then_some(())?;
    Some(sum(block.get(..148))? + 8 * u64::from(b' ') + sum(block.get(156..))?)
}

/// A value of a pax record: `length key=value`, one a line.
pub(super) fn pax(records: &str, key: &str) -> Option<String> {
    records.lines().find_map(|line| {
        let (_, pair) = line.split_once(' ')?;
        let (name, value) = pair.split_once('=')?;
        (name == key).then(|| value.to_owned())
    })
}
