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
    block[257..265].copy_from_slice(b"ustar\x0000");
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

/// An entry that describes the next one.
fn describing(kind: u8, bytes: &[u8]) -> Vec<u8> {
    let mut whole = header("description", kind, "", bytes.len(), 0);
    whole.extend(bytes);
    whole.resize(whole.len().div_ceil(BLOCK) * BLOCK, 0);
    whole
}

/// With another magic, and bytes behind the name where dialects of tar differ.
fn dialect(kind: u8, magic: &[u8], at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut block = header("x", kind, "", usize::from(kind == b'x'), 0);
    block[257..257 + magic.len()].copy_from_slice(magic);
    block[at..at + bytes.len()].copy_from_slice(bytes);
    let sum = checksum(&block).unwrap();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

#[test]
fn what_readers_of_tar_differ_about_is_refused() {
    let named = |records: &[u8]| describing(b'x', records);
    let last = || file("x", b"", 0);
    let hidden = file("../x", b"", 0);
    let with_contents = |name, kind| {
        let mut whole = header(name, kind, "a", hidden.len(), 0);
        whole.extend(&hidden);
        vec![whole]
    };
    let junk = [vec![0; BLOCK], hidden.clone()].concat();
    let cases: [(Vec<Vec<u8>>, &str); 22] = [
        (vec![named(b"22 comment=1 path=ok\n\n13 path=../y\n"), last()], "\"../y\" leads out"),
        (vec![named(b"10 path=a\n13 path=../y\n"), last()], "describes one entry twice"),
        (vec![named(b"27 GNU.sparse.name=../evil\n"), last()], "holes"),
        (vec![named(b"10 path=a\n"), named(b"12 uname=ad\n"), last()], "describes one entry twice"),
        (
            vec![named(b"10 path=a\n"), describing(b'L', b"../y\0"), last()],
            "describes one entry twice",
        ),
        (
            vec![named(b"10 path=a\n"), describing(b'g', b"12 comment=\n"), last()],
            "describes one entry twice",
        ),
        (vec![describing(b'g', b"13 path=../y\n"), last()], "several entries one name"),
        (vec![named(b"8 path=\n"), last()], "a name in it is empty"),
        (vec![named(b"12 path=a\0b\n"), last()], "zero byte"),
        (vec![describing(b'L', b"..\0a\0"), last()], "\"..\" leads out"),
        (vec![describing(b'L', b"\0"), last()], "a name in it is empty"),
        (vec![describing(b'L', b"a\0"), describing(b'L', b""), last()], "empty"),
        (vec![last(), named(b"10 path=a\n")], "belongs to no entry"),
        (with_contents("folder", b'5'), "has contents and is no file"),
        (with_contents("folder/", 0), "has contents and is no file"),
        (with_contents("link", b'1'), "has contents and is no file"),
        (vec![last(), junk], "follows its end"),
        (vec![dialect(b'0', b"ustar  \0", 345, b"../..")], "no tar archive"),
        (vec![dialect(b'0', b"ustar\x00\x00\x00", 345, b"a")], "no tar archive"),
        (vec![dialect(b'0', b"ustar ", 345, b"a")], "no tar archive"),
        (vec![dialect(b'x', &[0; 8], 345, b"a"), vec![0; BLOCK], last()], "no tar archive"),
        (vec![header("./", b'2', "/etc", 0, 0)], "in the place of the volume"),
    ];
    for (parts, reason) in cases {
        let refused = walked(&parts).unwrap_err();
        assert!(refused.contains(reason), "{refused} is not {reason}");
    }
    let mut star = dialect(b'0', b"ustar\0", 508, b"tar\0");
    star[345..476].fill(b'a');
    star[473..476].copy_from_slice(b"/..");
    star[476..480].copy_from_slice(b"0001");
    let sum = checksum(&star).unwrap();
    star[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    assert!(walked(&[star]).unwrap_err().contains("leads out"));
}

#[test]
fn a_size_that_nobody_can_count_is_refused() {
    for first in [0xff, 0xc0] {
        let mut block = header("x", b'0', "", 0, 0);
        block[124..136].fill(0xff);
        block[124] = first;
        let sum = checksum(&block).unwrap();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        assert_eq!(walked(&[block]).unwrap_err(), "it is no tar archive");
    }
}

#[tokio::test]
async fn a_file_that_is_swapped_or_changed_after_the_check_is_not_sent() {
    use futures::StreamExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.tar");
    let archive = |name: &str| [file(name, b"one", 1000), vec![0; 2 * BLOCK]].concat();
    let checked = || super::check(path.clone(), tokio_util::sync::CancellationToken::new());
    let sent = async |opened: std::fs::File| {
        let chunks: Vec<_> = super::stream(opened, false).collect().await;
        let chunks: std::io::Result<Vec<_>> = chunks.into_iter().collect();
        chunks.map(|chunks| chunks.concat()).map_err(|error| error.to_string())
    };
    std::fs::write(&path, archive("good")).unwrap();
    let (_, opened) = checked().await.unwrap();
    std::fs::rename(&path, folder.path().join("moved")).unwrap();
    std::fs::write(&path, archive("../evil")).unwrap();
    assert_eq!(sent(opened).await.unwrap(), archive("good"));

    std::fs::write(&path, archive("good")).unwrap();
    let (_, opened) = checked().await.unwrap();
    std::fs::write(&path, archive("../evil")).unwrap();
    let refused = sent(opened).await.unwrap_err();
    assert!(refused.contains("changed while it was sent"), "{refused}");
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
    fn another_reader_finds_nothing_outside_what_passed(
        parts in proptest::collection::vec(
            (
                proptest::sample::select(&b"05xLKg2"[..]),
                "(\\.\\./)?[a.]{1,2}/?",
                "(10 path=a\n|13 path=../y\n|20 comment=9 path=b\n|\\.\\./b\0|c\0|)",
            ),
            1..5,
        ),
    ) {
        let parts: Vec<Vec<u8>> = parts
            .iter()
            .map(|(kind, name, bytes)| {
                let mut whole = header(name, *kind, "", bytes.len(), 0);
                whole.extend(bytes.as_bytes());
                whole.resize(whole.len().div_ceil(BLOCK) * BLOCK, 0);
                whole
            })
            .collect();
        if walked(&parts).is_ok() {
            let bytes = [parts.concat(), vec![0; 2 * BLOCK]].concat();
            for entry in tar::Archive::new(&bytes[..]).entries().unwrap() {
                let Ok(entry) = entry else { break };
                if entry.header().entry_type().is_pax_global_extensions() {
                    continue;
                }
                let path = entry.path().unwrap().into_owned();
                let is_inside = path.components().all(|part| {
                    matches!(part, std::path::Component::Normal(_) | std::path::Component::CurDir)
                });
                prop_assert!(is_inside, "{}", path.display());
            }
        }
    }

    #[test]
    fn a_name_that_passes_stays_inside(name in "[a-z./]{1,40}") {
        if walked(&[file(&name, b"", 0)]).is_ok() {
            prop_assert!(!name.starts_with('/') && !name.split('/').any(|part| part == ".."));
        }
    }
}
