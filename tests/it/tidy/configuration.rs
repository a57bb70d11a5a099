//! What installers and the app read from the desktop's configuration is what was written there.

use std::collections::BTreeMap;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};

use super::tree::root;

/// A JSON value that refuses an object with the same name twice: of two the second would win unseen.
#[derive(Debug)]
enum Strict {
    Object(BTreeMap<String, Strict>),
    List(Vec<Strict>),
    Text(String),
    Other,
}

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(StrictVisitor)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Strict;

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Strict, A::Error> {
        let mut object = BTreeMap::new();
        while let Some((name, value)) = map.next_entry::<String, Strict>()? {
            if object.contains_key(&name) {
                return Err(A::Error::custom(format!("{name:?} stands twice in one object")));
            }
            object.insert(name, value);
        }
        Ok(Strict::Object(object))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Strict, A::Error> {
        let mut all = Vec::new();
        while let Some(one) = list.next_element()? {
            all.push(one);
        }
        Ok(Strict::List(all))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Strict, E> {
        Ok(Strict::Text(text.to_owned()))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Strict, E> {
        Ok(Strict::Other)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Strict, E> {
        Ok(Strict::Other)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Strict, E> {
        Ok(Strict::Other)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Strict, E> {
        Ok(Strict::Other)
    }

    fn visit_unit<E: Error>(self) -> Result<Strict, E> {
        Ok(Strict::Other)
    }
}

impl Strict {
    fn at(&self, name: &str) -> &Self {
        match self {
            Self::Object(object) => object.get(name).unwrap_or(&Self::Other),
            _ => &Self::Other,
        }
    }
}

#[test]
fn nothing_stands_twice_and_installers_know_our_links() {
    let text = std::fs::read_to_string(root().join("src-tauri/tauri.conf.json")).unwrap();
    let configuration: Strict = serde_json::from_str(&text).unwrap();
    let schemes = configuration.at("plugins").at("deep-link").at("desktop").at("schemes");
    let Strict::List(schemes) = schemes else { panic!("no scheme is registered: {schemes:?}") };
    assert!(matches!(schemes.as_slice(), [Strict::Text(scheme)] if scheme == "moorline"));
}

#[test]
fn a_name_that_stands_twice_is_refused() {
    assert!(
        serde_json::from_str::<Strict>(r#"{"a": {"b": 1, "b": [2.5, null, -1, true]}}"#).is_err()
    );
    assert!(serde_json::from_str::<Strict>(r#"{"a": {"b": 1}, "c": {"b": "x"}}"#).is_ok());
}
