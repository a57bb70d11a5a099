//! Small YAML files of a lab server as JSON values: netlab's status file, and defaults of templates.
//!
//! Size and depth are limited. Deliberately not here: references inside a file, tags, dates.

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Value};

const MAX_TEXT: usize = 4 * 1024 * 1024;
const MAX_DEPTH: usize = 40;

/// Reads a file with one document; none when it is no YAML or goes beyond the limits.
pub(crate) fn read(text: &str) -> Option<Value> {
    if text.len() > MAX_TEXT {
        return None;
    }
    let mut events = Parser::new_from_str(text).map(|event| event.map(|(event, _)| event));
    let mut next = move || events.next()?.ok();
    loop {
        match next()? {
            Event::StreamStart | Event::DocumentStart(_) | Event::Nothing => {}
            Event::StreamEnd => return Some(Value::Null),
            event => return value(event, &mut next, 0),
        }
    }
}

fn value<'a>(
    event: Event<'a>,
    next: &mut impl FnMut() -> Option<Event<'a>>,
    depth: usize,
) -> Option<Value> {
    if depth > MAX_DEPTH {
        return None;
    }
    match event {
        Event::Scalar(text, style, ..) => Some(scalar(&text, style)),
        Event::SequenceStart(..) => {
            let mut items = Vec::new();
            loop {
                match next()? {
                    Event::SequenceEnd => return Some(Value::Array(items)),
                    event => items.push(value(event, next, depth + 1)?),
                }
            }
        }
        Event::MappingStart(..) => {
            let mut entries = Map::new();
            loop {
                let key = match next()? {
                    Event::MappingEnd => return Some(Value::Object(entries)),
                    Event::Scalar(text, ..) => text.into_owned(),
                    _ => return None,
                };
                let event = next()?;
                entries.insert(key, value(event, next, depth + 1)?);
            }
        }
        _ => None,
    }
}

fn scalar(text: &str, style: ScalarStyle) -> Value {
    if style != ScalarStyle::Plain {
        return Value::String(text.to_owned());
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        text => text.parse::<i64>().map_or_else(|_| Value::String(text.to_owned()), Value::from),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::read;

    #[test]
    fn what_netlab_writes_is_read() {
        let text = "'7':\n  dir: /srv/l2\n  log:\n  - '2026-11-21T11:22:10+00:00: OK: docker version'\n  providers: [clab]\n  status: started\n";
        let expected = json!({"7": {
            "dir": "/srv/l2", "log": ["2026-11-21T11:22:10+00:00: OK: docker version"],
            "providers": ["clab"], "status": "started",
        }});
        assert_eq!(read(text), Some(expected));
        assert_eq!(read(""), Some(json!(null)));
        assert_eq!(read("{}"), Some(json!({})));
        assert_eq!(read("a: [1, x"), None);
        assert_eq!(read(&"[".repeat(100)), None);
    }

    proptest! {
        #[test]
        fn anything_is_read_or_refused(text in "\\PC{0,200}") {
            let _ = read(&text);
        }

        #[test]
        fn json_is_yaml(words in proptest::collection::btree_map("[a-z]{1,5}", "[ -~]{0,12}", 0..5)) {
            let value = serde_json::to_value(&words).unwrap();
            prop_assert_eq!(read(&value.to_string()), Some(value));
        }
    }
}
