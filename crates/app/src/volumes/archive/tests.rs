//! Archives as tar writes them, and ones that nobody should unpack.

use proptest::prelude::*;

use super::{
    BLOCK, Found, Walk,
    give::Giver,
    header::{Header, checksum},
};

fn header(name: &str, kind: u8, link: &str, size: usize, owner: u64) -> Vec<u8> {
    let mut block = vec![0; BLOCK];
    block[..name.len()].copy_from_slice(name.as_bytes());
    block[108..116].copy_from_slice(format!("{owner:07o}\0").as_bytes());
    block[124..136].copy_from_slice(format!("{size:011o}\0").as_bytes());
    block[156] = kind;
    block[157..157 + link.len()].copy_from_slice(link.as_bytes());
    block[257..263].copy_from_slice(b"ustar\0");
    let sum = checksum(&block).unwrap();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

fn file(name: &str, contents: &[u8], owner: u64) -> Vec<u8> {
    let mut bytes = header(name, b'0', "", contents.len(), owner);
    bytes.extend(contents);
    bytes.resize(bytes.len().div_ceil(BLOCK) * BLOCK, 0);
    bytes
}

fn walked(parts: &[Vec<u8>]) -> Result<Found, String> {
    let mut bytes = parts.concat();
    bytes.extend([0; 2 * BLOCK]);
    let mut walk = Walk::default();
    walk.take(&bytes)?;
    walk.end()
}

#[test]
fn an_ordinary_archive_will_do() {
    let parts = [
        header("./", b'5', "", 0, 1000),
        file("./notes.txt", b"hello", 1000),
        header("bin/python", b'2', "/usr/bin/python3", 0, 1000),
        header("again", b'1', "notes.txt", 0, 1000),
    ];
    let found = walked(&parts).unwrap();
    assert_eq!(found, Found { entries: 4, bytes: 5, is_all_roots: false });
    assert!(walked(&[file("a", b"x", 0)]).unwrap().is_all_roots);
}

#[test]
fn what_leads_out_of_the_volume_is_refused_by_name() {
    let link = || header("out", b'2', "/etc", 0, 0);
    let cases: [(Vec<Vec<u8>>, &str); 7] = [
        (vec![file("../x", b"", 0)], "\"../x\" leads out of the volume"),
        (vec![file("a/../../x", b"", 0)], "\"a/../../x\" leads out of the volume"),
        (vec![file("/etc/passwd", b"", 0)], "\"/etc/passwd\" leads out of the volume"),
        (vec![link(), file("out/x", b"", 0)], "\"out/x\" leads through the link \"out\""),
        (vec![header("h", b'1', "../../etc/shadow", 0, 0)], "\"h\" links out of the volume"),
        (vec![link(), header("h", b'1', "out/shadow", 0, 0)], "\"h\" links through another link"),
        (vec![header("sda", b'4', "", 0, 0)], "\"sda\" is neither a file, a folder nor a link"),
    ];
    for (parts, reason) in cases {
        assert_eq!(walked(&parts).unwrap_err(), reason);
    }
}

#[test]
fn a_long_name_is_looked_at_too() {
    let mut long = header("././@LongLink", b'L', "", 5, 0);
    long.extend(b"../x\0");
    long.resize(2 * BLOCK, 0);
    assert_eq!(
        walked(&[long, file("short", b"", 0)]).unwrap_err(),
        "\"../x\" leads out of the volume"
    );
    let record = b"13 path=../y\n";
    let mut pax = header("PaxHeaders/short", b'x', "", record.len(), 0);
    pax.extend(record);
    pax.resize(2 * BLOCK, 0);
    assert_eq!(
        walked(&[pax, file("short", b"", 0)]).unwrap_err(),
        "\"../y\" leads out of the volume"
    );
}

#[test]
fn half_an_archive_and_no_archive_are_told_apart_from_a_whole_one() {
    let whole = file("a", &[7; 2000], 0);
    let mut walk = Walk::default();
    walk.take(&whole[..1024]).unwrap();
    assert_eq!(walk.end().unwrap_err(), "it is no whole tar archive");
    assert_eq!(Walk::default().take(&[b'x'; BLOCK]).unwrap_err(), "it is no tar archive");
}

#[test]
fn every_header_gets_the_dev_user_and_nothing_else_changes() {
    let mut bytes = [file("a", &[0; 700], 0), file("b", b"y", 0)].concat();
    let before = bytes.clone();
    Giver::default().give(&mut bytes);
    let first = Header::read(&bytes[..BLOCK]).unwrap();
    let second = Header::read(&bytes[3 * BLOCK..4 * BLOCK]).unwrap();
    assert_eq!((first.owner, second.owner), (1000, 1000));
    assert_eq!(bytes[BLOCK..3 * BLOCK], before[BLOCK..3 * BLOCK]);
}

proptest! {
    #[test]
    fn no_bytes_panic(mut bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let mut walk = Walk::default();
        if walk.take(&bytes).is_ok() {
            let _ = walk.end();
        }
        Giver::default().give(&mut bytes);
    }

    #[test]
    fn a_name_that_passes_stays_inside(name in "[a-z./]{1,40}") {
        if walked(&[file(&name, b"", 0)]).is_ok() {
            prop_assert!(!name.starts_with('/') && !name.split('/').any(|part| part == ".."));
        }
    }
}
