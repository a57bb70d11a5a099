//! What a certificate says of itself, read only to be shown: whom it names, who signed it, until when.
//!
//! Deliberately not here: judging it. Whatever is odd is left out.

use model::TimestampMs;
use time::{Date, Month, PrimitiveDateTime, Time};

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// What is shown of a certificate.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    pub(crate) subject: String,
    pub(crate) issuer: String,
    pub(crate) valid_until: Option<TimestampMs>,
}

impl Facts {
    /// Of a certificate in DER; what cannot be read is empty.
    pub(crate) fn of(certificate: &[u8]) -> Self {
        Self::read(certificate).unwrap_or_default()
    }

    fn read(certificate: &[u8]) -> Option<Self> {
        let mut outer = Der(certificate);
        let mut certificate = Der(outer.expect(SEQUENCE)?);
        let mut fields = Der(certificate.expect(SEQUENCE)?);
        let (mut tag, _) = fields.next()?;
        if tag == VERSION {
            // The serial number.
            (tag, _) = fields.next()?;
        }
        let _ = tag;
        // The signature's algorithm.
        fields.expect(SEQUENCE)?;
        let issuer = name(fields.expect(SEQUENCE)?);
        let mut validity = Der(fields.expect(SEQUENCE)?);
        validity.next()?;
        let valid_until = validity.next().and_then(|(tag, text)| moment(tag, text));
        let subject = name(fields.expect(SEQUENCE)?);
        Some(Self { subject, issuer, valid_until })
    }
}

/// Elements of DER, one after the other.
struct Der<'a>(&'a [u8]);

impl<'a> Der<'a> {
    fn next(&mut self) -> Option<(u8, &'a [u8])> {
        let (&[tag, first], rest) = self.0.split_first_chunk::<2>()?;
        let (length, rest) = match first {
            0..=0x7f => (usize::from(first), rest),
            // 0x80, a length that is told later, is no DER.
            0x81..=0x84 => {
                let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
                (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
            }
            _ => return None,
        };
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((tag, content))
    }

    fn expect(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.next().filter(|(found, _)| *found == tag).map(|(_, content)| content)
    }
}

/// A name as "CN=lab, O=Moorline".
fn name(name: &[u8]) -> String {
    let mut parts = Vec::new();
    let mut sets = Der(name);
    while let Some(set) = sets.expect(SET) {
        let mut pairs = Der(set);
        while let Some(pair) = pairs.expect(SEQUENCE) {
            let mut pair = Der(pair);
            if let (Some((_, kind)), Some((_, text))) = (pair.next(), pair.next()) {
                let text = String::from_utf8_lossy(text);
                let shown: String = text.chars().filter(|c| !c.is_control()).take(100).collect();
                parts.push(format!("{}{shown}", label(kind)));
            }
        }
    }
    parts.join(", ")
}

fn label(kind: &[u8]) -> &'static str {
    match kind {
        [0x55, 4, 3] => "CN=",
        [0x55, 4, 6] => "C=",
        [0x55, 4, 7] => "L=",
        [0x55, 4, 8] => "ST=",
        [0x55, 4, 10] => "O=",
        [0x55, 4, 11] => "OU=",
        _ => "",
    }
}

fn moment(tag: u8, text: &[u8]) -> Option<TimestampMs> {
    let text = std::str::from_utf8(text).ok()?;
    let number = |range| text.get::<std::ops::Range<usize>>(range)?.parse::<u16>().ok();
    let (year, at) = match tag {
        UTC_TIME => match number(0..2)? {
            year @ 0..50 => (2000 + year, 2),
            year => (1900 + year, 2),
        },
        GENERALIZED_TIME => (number(0..4)?, 4),
        _ => return None,
    };
    let small = |from: usize| number(from..from + 2).and_then(|number| u8::try_from(number).ok());
    let month = Month::try_from(small(at)?).ok()?;
    let date = Date::from_calendar_date(year.into(), month, small(at + 2)?).ok()?;
    let time = Time::from_hms(small(at + 4)?, small(at + 6)?, small(at + 8)?).ok()?;
    Some(PrimitiveDateTime::new(date, time).assume_utc().unix_timestamp() * 1000)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Facts;

    /// Signed by itself, as `openssl req -x509 -subj "/O=Moorline/CN=lab-server"` makes it.
    const CERTIFICATE: &[u8] = include_bytes!("../tests/certificate.der");

    #[test]
    fn a_certificate_names_its_owner_and_end() {
        let facts = Facts::of(CERTIFICATE);
        assert_eq!(facts.subject, "O=Moorline, CN=lab-server");
        assert_eq!(facts.issuer, facts.subject);
        assert_eq!(facts.valid_until, Some(4_128_114_544_000));
    }

    proptest! {
        #[test]
        fn garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Facts::of(&bytes);
        }

        #[test]
        fn a_changed_byte_never_panics(at in 0..CERTIFICATE.len(), to in any::<u8>()) {
            let mut bytes = CERTIFICATE.to_vec();
            bytes[at] = to;
            let _ = Facts::of(&bytes);
        }
    }
}
