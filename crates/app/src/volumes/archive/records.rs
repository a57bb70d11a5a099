//! Extended headers: `length key=value` and a line end, one after the other. A value may hold line ends of its
//! own, so only the lengths tell where a record ends.

use std::collections::BTreeMap;

/// What describes a file with holes: the name and the size then stand elsewhere.
const HOLES: &str = "GNU.sparse.";

/// What they say.
///
/// # Errors
/// In words, when readers could differ about what they say.
pub(super) fn records(bytes: &[u8]) -> Result<BTreeMap<String, &[u8]>, String> {
    let mut said = BTreeMap::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (record, after) = next(rest).ok_or("a description in it is damaged")?;
        let (key, value) = pair(record).ok_or("a description in it is damaged")?;
        if key.starts_with(HOLES) {
            return Err("it holds a file with holes: make it without --sparse".into());
        }
        if said.insert(key, value).is_some() {
            return Err("it describes one entry twice".into());
        }
        rest = after;
    }
    Ok(said)
}

/// The first record, without its length and its line end, and what follows it.
fn next(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let space = bytes.iter().position(|byte| *byte == b' ')?;
    let digits = std::str::from_utf8(bytes.get(..space)?).ok()?;
    let is_number = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    let length: usize = is_number.then(|| digits.parse().ok())??;
    let (whole, after) = bytes.split_at_checked(length)?;
    Some((whole.get(space + 1..)?.strip_suffix(b"\n")?, after))
}

fn pair(record: &[u8]) -> Option<(String, &[u8])> {
    let at = record.iter().position(|byte| *byte == b'=')?;
    let key = std::str::from_utf8(record.get(..at)?).ok().filter(|key| !key.is_empty())?;
    Some((key.to_owned(), record.get(at + 1..)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::records;

    #[test]
    fn lengths_tell_where_a_record_ends() {
        let said = records(b"22 comment=9 path=ok\n\n12 path=../\n").unwrap();
        assert_eq!(said["path"], b"../");
        assert_eq!(said["comment"], b"9 path=ok\n");
        for damaged in
            [&b"11 path=a\n"[..], b"8 path=a\n", b"+10 path=a\n", b" path=a\n", b"0 ", b"5 =a\n"]
        {
            assert!(records(damaged).is_err(), "{damaged:?}");
        }
    }

    #[test]
    fn what_readers_differ_about_is_refused() {
        assert!(records(b"10 path=a\n10 path=b\n").unwrap_err().contains("twice"));
        assert!(records(b"27 GNU.sparse.name=../evil\n").unwrap_err().contains("holes"));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = records(&bytes);
        }

        #[test]
        fn what_was_written_is_read(value in proptest::collection::vec(any::<u8>(), 0..80)) {
            let mut tail = b" path=".to_vec();
            tail.extend(&value);
            tail.push(b'\n');
            let length = (1..4).map(|digits| tail.len() + digits).find(|length| {
                length.to_string().len() + tail.len() == *length
            });
            let bytes = [length.unwrap().to_string().into_bytes(), tail].concat();
            let said = records(&bytes).unwrap();
            prop_assert_eq!(said["path"], &value[..]);
        }
    }
}
