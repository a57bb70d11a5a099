//! `topology-defaults.yml`: where netlab learns the lab's number, and that it is to write down its topology.
//!
//! What the template has in its own file stays: it is appended to, or where both name the same, merged.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::yaml;

/// The file's name in a lab's folder.
pub(crate) const DEFAULTS: &str = "topology-defaults.yml";
/// What netlab writes its topology to.
const OUTPUT: &str = "netlab.topology.json";

/// The content of the file for a lab with this number: what the template has of its own, and ours.
///
/// # Errors
/// A sentence when the template's own cannot be understood.
pub(crate) fn with_defaults(
    own: Option<&str>,
    instance: u16,
    variables: &BTreeMap<String, String>,
) -> Result<String, String> {
    let own = own.unwrap_or_default();
    let parsed = yaml::read(own)
        .ok_or_else(|| format!("the template's {DEFAULTS} is no YAML that can be added to"))?;
    let entries = match parsed {
        Value::Null => Map::new(),
        Value::Object(entries) => entries,
        _ => return Err(format!("the template's {DEFAULTS} is no list of names with values")),
    };
    let ours = ours(instance, variables);
    let is_named = |key: &String| {
        let first = |key: &str| key.split('.').next().unwrap_or(key).to_owned();
        ours.iter().any(|(name, _)| first(name) == first(key))
    };
    if !entries.keys().any(is_named) {
        return Ok(appended(own, &ours));
    }
    let merged = merged(entries, ours);
    let text = serde_json::to_string_pretty(&merged).unwrap_or_default();
    Ok(format!("# The template's own defaults and those of Moorline.\n{text}\n"))
}

fn ours(instance: u16, variables: &BTreeMap<String, String>) -> Vec<(String, Value)> {
    let variables = variables.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| {
        let name = name.strip_prefix("defaults.").unwrap_or(name);
        (
            name.to_owned(),
            yaml::read(value).filter(|value| !value.is_null()).unwrap_or(json!(value)),
        )
    });
    let own = [
        ("plugin", json!(["multilab"])),
        ("multilab.id", json!(instance)),
        ("netlab.create.output.json.output", json!(OUTPUT)),
    ];
    variables.chain(own.map(|(name, value)| (name.to_owned(), value))).collect()
}

fn appended(own: &str, ours: &[(String, Value)]) -> String {
    let mut text = own.to_owned();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str("# From here on by Moorline: what this lab is on this server.\n");
    for (name, value) in ours {
        text.push_str(&format!("{}: {value}\n", json!(name)));
    }
    text
}

/// Ours wins, except for lists, which have both.
fn merged(entries: Map<String, Value>, ours: Vec<(String, Value)>) -> Value {
    let mut tree = Value::Object(Map::new());
    for (name, value) in entries {
        put(&mut tree, &name, value);
    }
    for (name, value) in ours {
        put(&mut tree, &name, value);
    }
    tree
}

/// Puts a value at a name with dots, which is how netlab reads such names.
fn put(tree: &mut Value, name: &str, value: Value) {
    match name.split_once('.') {
        Some((first, rest)) => {
            let below = entry(tree, first);
            if !below.is_object() {
                *below = Value::Object(Map::new());
            }
            put(below, rest, value);
        }
        None => mix(entry(tree, name), value),
    }
}

fn mix(old: &mut Value, new: Value) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            let mut tree = Value::Object(std::mem::take(old));
            for (name, value) in new {
                put(&mut tree, &name, value);
            }
            if let Value::Object(tree) = tree {
                *old = tree;
            }
        }
        (Value::Array(old), Value::Array(new)) => {
            let missing: Vec<Value> = new.into_iter().filter(|item| !old.contains(item)).collect();
            old.extend(missing);
        }
        (old, new) => *old = new,
    }
}

fn entry<'a>(tree: &'a mut Value, name: &str) -> &'a mut Value {
    if !tree.is_object() {
        *tree = Value::Object(Map::new());
    }
    match tree {
        Value::Object(entries) => entries.entry(name.to_owned()).or_insert(Value::Null),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::with_defaults;
    use crate::yaml;

    fn made(own: Option<&str>) -> Value {
        yaml::read(&with_defaults(own, 7, &BTreeMap::new()).unwrap()).unwrap()
    }

    #[test]
    fn a_lab_without_defaults_gets_ours() {
        let expected = json!({
            "plugin": ["multilab"], "multilab.id": 7,
            "netlab.create.output.json.output": "netlab.topology.json",
        });
        assert_eq!(made(None), expected);
    }

    #[test]
    fn what_the_template_says_stays_word_for_word() {
        let own = "# mine\ndevices.frr.clab.image: x # why\n";
        let text = with_defaults(Some(own), 7, &BTreeMap::new()).unwrap();
        assert!(text.starts_with(own), "{text}");
        assert_eq!(made(Some(own))["devices.frr.clab.image"], "x");
    }

    #[test]
    fn where_both_say_something_nothing_of_the_template_is_lost() {
        let own = "plugin: [ ebgp.multihop ]\nmultilab: { id: 3, extra: true }\nnetlab.create.output.yaml: lab.yml\n";
        let expected = json!({
            "plugin": ["ebgp.multihop", "multilab"],
            "multilab": {"id": 7, "extra": true},
            "netlab": {"create": {"output": {"yaml": "lab.yml", "json": {"output": "netlab.topology.json"}}}},
        });
        assert_eq!(made(Some(own)), expected);
        // Names with dots are the same names.
        assert_eq!(made(Some("multilab.id: 3\n"))["multilab"]["id"], 7);
    }

    #[test]
    fn variables_are_defaults() {
        let variables =
            [("defaults.device".to_owned(), "frr".to_owned()), ("x".into(), String::new())];
        let text = with_defaults(None, 7, &variables.into()).unwrap();
        let made = yaml::read(&text).unwrap();
        assert_eq!(made["device"], "frr");
        assert!(made.get("x").is_none());
    }

    #[test]
    fn what_cannot_be_added_to_is_refused() {
        for own in ["a: [", "- a\n- b\n", "just words"] {
            assert!(with_defaults(Some(own), 7, &BTreeMap::new()).is_err(), "{own}");
        }
    }

    proptest! {
        #[test]
        fn any_template_gets_its_number(keys in proptest::collection::btree_map("(plugin|multilab|device|netlab)(\\.[a-z]{1,3}){0,2}", "[a-z0-9]{1,4}", 0..5)) {
            let own: String = keys.iter().map(|(key, value)| format!("{key}: {value}\n")).collect();
            if let Ok(text) = with_defaults(Some(&own), 9, &BTreeMap::new()) {
                let made = yaml::read(&text).unwrap();
                let number = made.get("multilab.id").or_else(|| made.get("multilab")?.get("id"));
                prop_assert_eq!(number, Some(&json!(9)), "{}", text);
            }
        }
    }
}
