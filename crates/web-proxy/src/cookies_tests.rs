//! What happens to cookies, by example and by property.

use proptest::prelude::*;

use super::*;

fn upstream(lines: &[&str]) -> Option<String> {
    upstream_bytes(&lines.iter().map(|line| line.as_bytes()).collect::<Vec<_>>())
        .map(|line| String::from_utf8(line).unwrap())
}

fn upstream_bytes(lines: &[&[u8]]) -> Option<Vec<u8>> {
    let fields: Vec<_> =
        lines.iter().map(|value| httparse::Header { name: "Cookie", value }).collect();
    let mut out = Vec::new();
    to_upstream(Fields(&fields), &mut out);
    let line = out.strip_prefix(b"Cookie: ")?.strip_suffix(b"\r\n").unwrap();
    Some(line.to_vec())
}

fn browser(line: &str) -> Option<String> {
    let mut out = Vec::new();
    to_browser(line.as_bytes(), &mut out).then(|| String::from_utf8(out).unwrap())
}

#[test]
fn own_session_never_goes_upstream() {
    assert_eq!(upstream(&["moorline_4000=abc"]), None);
    assert_eq!(upstream(&["a=1; moorline_4000=abc; b=2"]).as_deref(), Some("a=1; b=2"));
    assert_eq!(upstream(&["moorline_4000=x; moorline_1=y", "c=3"]).as_deref(), Some("c=3"));
    assert_eq!(upstream(&["moorline_4000 =abc"]), None);
}

#[test]
fn a_service_cannot_set_our_session() {
    assert_eq!(browser("moorline_4000=evil; Path=/"), None);
}

#[test]
fn attributes_that_browsers_refuse_here_are_dropped() {
    for (line, wanted) in [
        ("a=b", "a=b"),
        ("a=b; Domain=x.test; Path=/; Secure; HttpOnly", "a=b; Path=/; HttpOnly"),
        ("a=b;SECURE;domain=x;Partitioned;Max-Age=3", "a=b; Max-Age=3"),
        ("a=b; SameSite=None; Secure", "a=b; SameSite=Lax"),
        ("a=b; samesite = none", "a=b; SameSite=Lax"),
        ("a=b; SameSite=Strict", "a=b; SameSite=Strict"),
        ("a=b; Domain = x ; Secure=1", "a=b"),
        ("__Host-s=1; Path=/; Secure", "mh_s=1; Path=/"),
        ("__Secure-s=1; Secure", "ms_s=1"),
        ("mh_s=1", "mm_mh_s=1"),
        ("mm_mh_s=1", "mm_mm_mh_s=1"),
        ("plain", "plain"),
    ] {
        assert_eq!(browser(line).as_deref(), Some(wanted), "{line}");
    }
}

#[test]
fn names_go_back_to_what_the_service_calls_them() {
    assert_eq!(
        upstream(&["mh_s=1; ms_t=2; mm_mh_u=3; x==y"]).as_deref(),
        Some("__Host-s=1; __Secure-t=2; mh_u=3; x==y")
    );
}

#[test]
fn the_session_is_found_among_others() {
    let lines: [&[u8]; 2] = [b"a=b", b"moorline_1=no; moorline_1=yes"];
    let fields = lines.map(|value| httparse::Header { name: "cookie", value });
    let fields = Fields(&fields);
    assert!(has_session(fields, "moorline_1", |value| value == b"yes"));
    assert!(!has_session(fields, "moorline_1", |value| value == b"other"));
    assert!(!has_session(fields, "a", |value| value == b"yes"));
}

fn attribute_names(line: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(line).into_owned();
    let names = text.split(';').skip(1);
    names.map(|a| a.split('=').next().unwrap().trim().to_ascii_lowercase()).collect()
}

fn set_cookie_line() -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        Just("Domain".to_owned()),
        Just("secure".to_owned()),
        Just("Partitioned".to_owned()),
        Just("SameSite".to_owned()),
        Just("None".to_owned()),
        Just("=".to_owned()),
        Just(";".to_owned()),
        Just(" ".to_owned()),
        Just("__Host-".to_owned()),
        Just("moorline_80".to_owned()),
        "[ -~]{0,6}",
    ];
    let words = proptest::collection::vec(word, 0..12).prop_map(|all| all.concat().into_bytes());
    prop_oneof![words, proptest::collection::vec(any::<u8>(), 0..60)]
}

proptest! {
    #[test]
    fn what_the_browser_gets_is_acceptable_over_http(line in set_cookie_line()) {
        let mut value = Vec::new();
        if to_browser(&line, &mut value) {
            let names = attribute_names(&value);
            for refused in ["domain", "secure", "partitioned"] {
                prop_assert!(!names.iter().any(|name| name == refused), "{:?}", value);
            }
            let lower = value.to_ascii_lowercase();
            let spaceless: Vec<_> = lower.into_iter().filter(|b| !b.is_ascii_whitespace()).collect();
            let attributes = spaceless.split(|b| *b == b';').skip(1);
            prop_assert!(attributes.into_iter().all(|a| a != b"samesite=none"));
            let pair = value.split(|b| *b == b';').next().unwrap();
            let (name, _) = name_and_rest(pair);
            prop_assert!(!name.starts_with(b"__Host-") && !is_own_cookie(name), "{:?}", value);
        }
    }

    #[test]
    fn own_sessions_stay_here(lines in proptest::collection::vec(set_cookie_line(), 0..4)) {
        let upstream = upstream_bytes(&lines.iter().map(Vec::as_slice).collect::<Vec<_>>());
        for pair in pairs(&upstream.unwrap_or_default()) {
            prop_assert!(!is_own_cookie(name_and_rest(pair).0), "{:?}", pair);
        }
    }

    #[test]
    fn names_survive_the_round_trip(name in "(__Host-|__Secure-|__Http-|m[hmst]_){0,3}[a-z_]{1,8}") {
        prop_assume!(!is_own_cookie(name.as_bytes()));
        let seen = browser(&format!("{name}=v; Secure")).unwrap();
        prop_assert_eq!(upstream(&[&seen]), Some(format!("{name}=v")));
    }
}
