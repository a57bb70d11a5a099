//! The header of an entry, as every form of tar writes it.

use super::BLOCK;

/// What is read of it.
pub(super) struct Header {
    pub(super) name: String,
    pub(super) link: String,
    pub(super) kind: u8,
    pub(super) size: u64,
    pub(super) owner: u64,
    /// Newer than the first tar, so that every reader knows of entries that describe others.
    pub(super) is_known: bool,
}

impl Header {
    /// None: it is no header.
    pub(super) fn read(block: &[u8]) -> Option<Self> {
        let sum = octal(block.get(148..156)?)?;
        (sum == checksum(block)?).then_some(())?;
        let mut name = text(block.get(..100)?);
        let dialect = block.get(257..265)?;
        let is_known = dialect.starts_with(b"ustar");
        match dialect {
            b"ustar\x0000" => {
                // One dialect ends the prefix earlier and puts times behind it.
                let end = if block.get(508..)? == b"tar\0" { 476 } else { 500 };
                let prefix = text(block.get(345..end)?);
                if !prefix.is_empty() {
                    name = format!("{prefix}/{name}");
                }
            }
            b"ustar  \0" => {
                // Times; where there are none, some readers take them for the beginning of the name.
                octal(block.get(345..357)?)?;
                octal(block.get(357..369)?)?;
            }
            // Readers would differ about whether it is one of these.
            _ if is_known => return None,
            _ => {}
        }
        Some(Self {
            is_known,
            name,
            link: text(block.get(157..257)?),
            kind: *block.get(156)?,
            size: octal(block.get(124..136)?)?,
            owner: octal(block.get(108..116)?)?,
        })
    }
}

/// Up to the first zero byte.
pub(super) fn text(field: &[u8]) -> String {
    let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
    String::from_utf8_lossy(field.get(..end).unwrap_or_default()).into_owned()
}

/// Octal digits, or GNU's binary form for large numbers. None beyond what any reader can count.
fn octal(field: &[u8]) -> Option<u64> {
    let number = match field.split_first()? {
        (first, rest) if first & 0x80 != 0 => {
            rest.iter().try_fold(u64::from(first & 0x7f), |sum, byte| {
                sum.checked_mul(256)?.checked_add(u64::from(*byte))
            })?
        }
        _ => {
            let digits = std::str::from_utf8(field).ok()?.trim_matches(['\0', ' ']);
            let is_number = digits.bytes().all(|digit| digit.is_ascii_digit());
            is_number.then_some(())?;
            if digits.is_empty() { 0 } else { u64::from_str_radix(digits, 8).ok()? }
        }
    };
    i64::try_from(number).is_ok().then_some(number)
}

/// With the checksum itself taken as spaces.
pub(super) fn checksum(block: &[u8]) -> Option<u64> {
    let sum = |part: Option<&[u8]>| Some(part?.iter().map(|byte| u64::from(*byte)).sum::<u64>());
    (block.len() == BLOCK).then_some(())?;
    Some(sum(block.get(..148))? + 8 * u64::from(b' ') + sum(block.get(156..))?)
}
