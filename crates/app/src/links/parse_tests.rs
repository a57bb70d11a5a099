//! Links as people and programs write them, and as somebody might make them up.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;

fn text(text: &str) -> String {
    text.to_owned()
}

fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").unwrap();
        }
        encoded
    })
}

#[test]
fn every_form_is_read() {
    assert_eq!(
        parse("moorline://workspace/forge-1/atlas%20api"),
        Ok(Link::Workspace { connection: text("forge-1"), workspace: text("atlas api") })
    );
    assert_eq!(
        parse("moorline://connection/f%C3%BCr/"),
        Ok(Link::Connection { connection: text("für") })
    );
    let lab = Link::Lab { connection: text("lab-1"), lab: text("ospf") };
    assert_eq!(parse("moorline://lab/lab-1/ospf"), Ok(lab));
    assert!(parse("moorline://lab/ospf").is_err());
    assert_eq!(parse("moorline://tunnel/db"), Ok(Link::Tunnel { tunnel: text("db") }));
    assert_eq!(
        parse("moorline://add-connection/?host=10.0.0.2&port=2222&user=dev&name=forge"),
        Ok(Link::AddConnection {
            name: Some(text("forge")),
            host: text("10.0.0.2"),
            port: 2222,
            user: Some(text("dev")),
        })
    );
    assert_eq!(
        parse("moorline://add-connection?host=fd00::1"),
        Ok(Link::AddConnection { name: None, host: text("fd00::1"), port: 22, user: None })
    );
}

#[test]
fn whatever_is_not_exactly_one_of_them_is_refused() {
    for link in [
        "",
        "moorline:",
        "moorline://",
        "MOORLINE://connection/a",
        "http://connection/a",
        "moorline:connection/a",
        "moorline://connection",
        "moorline://connection//",
        "moorline://connection/a/b",
        "moorline://connection/a?x=1",
        "moorline://connection/a#b",
        "moorline://connection/a b",
        "moorline://connection/%zz",
        "moorline://connection/%ff",
        "moorline://connection/%00",
        "moorline://connection/a%0Ab",
        "moorline://connection/%E2%80%AEgnp",
        "moorline://workspace/a",
        "moorline://workspace/a/b/c",
        "moorline://stop/a/b",
        "moorline://user@connection/a",
        "moorline://add-connection",
        "moorline://add-connection?host=",
        "moorline://add-connection?host=a&host=b",
        "moorline://add-connection?host=-oProxyCommand",
        "moorline://add-connection?host=a%2Fb",
        "moorline://add-connection?host=a;rm",
        "moorline://add-connection?host=a&port=0",
        "moorline://add-connection?host=a&port=65536",
        "moorline://add-connection?host=a&port=+22",
        "moorline://add-connection?host=a&user=-l",
        "moorline://add-connection?host=a&user=%24x",
        "moorline://add-connection?host=a&password=b",
        "moorline://add-connection?host=a&",
    ] {
        assert!(parse(link).is_err(), "{link} was read");
    }
    let long = format!("moorline://connection/{}", "a".repeat(2000));
    assert!(parse(&long).is_err());
}

proptest! {
    #[test]
    fn no_text_breaks_it(text in any::<String>()) {
        let _ = parse(&text);
        let _ = parse(&format!("moorline://{text}"));
        let _ = parse(&format!("moorline://add-connection?host={text}"));
    }

    #[test]
    fn what_is_written_is_read_again(connection in "[^\\p{C}\\p{Z}]{1,40}", workspace in "[a-z0-9-]{1,60}") {
        prop_assume!(!connection.chars().any(is_unseen));
        let link = format!("moorline://workspace/{}/{}", encode(&connection), encode(&workspace));
        prop_assert_eq!(parse(&link), Ok(Link::Workspace { connection, workspace }));
    }

    #[test]
    fn what_is_read_can_be_shown_and_passed_on(
        host in "[ -~]{1,30}", port in any::<u32>(), user in "[ -~]{1,20}",
    ) {
        let link = format!(
            "moorline://add-connection?host={}&port={port}&user={}", encode(&host), encode(&user),
        );
        if let Ok(Link::AddConnection { host: read, port: read_port, user: Some(read_user), .. }) = parse(&link) {
            prop_assert_eq!(&read, &host);
            prop_assert_eq!(u32::from(read_port), port);
            prop_assert!(read_port > 0);
            for text in [read, read_user] {
                prop_assert!(!text.starts_with('-'));
                prop_assert!(!text.contains(['/', ' ', ';', '$', '`', '&', '|', '\n', '%']));
            }
        }
    }
}
