//! libpod's JSON as far as it is read here. Tolerant: unknown keys pass, missing keys and nulls are defaults.
//!
//! Recorded from Podman 4.3.1; keys that moved between 4 and 5 are read in both spellings.

use serde::{Deserialize, Deserializer};

/// Go writes `null` for an empty list or map.
fn or_default<'de, T: Default + Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

macro_rules! wire {
    ($(#[$doc:meta])* $name:ident { $($(#[$attribute:meta])* $field:ident: $kind:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, Deserialize)]
        #[serde(default, rename_all = "PascalCase")]
        pub(crate) struct $name {
            $($(#[$attribute])* #[serde(deserialize_with = "crate::wire::or_default")] pub(crate) $field: $kind,)*
        }
    };
}

mod container;
mod live;
mod request;
mod server;

pub(crate) use container::{Binding, Inspected, Listed};
pub(crate) use live::{Event, ExecInspected, NetworkStats, Stats, StatsReport};
pub(crate) use request::{
    BindMount, CpuLimit, CreateSpec, ExecSpec, ExecStart, MemoryLimit, NamedVolume, PortMapping,
    ProcessLimit, ResourceLimits,
};
pub(crate) use server::{DiskUse, HistorySize, Image, ImageInspected, Info, Made, Removed, Volume};

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Event, Inspected, Listed, StatsReport};

    #[test]
    fn nulls_and_missing_keys_are_defaults() {
        let listed: Listed = serde_json::from_str(
            r#"{"Id":"3ac6","Names":null,"Labels":null,"Ports":null,"Extra":[1]}"#,
        )
        .unwrap();
        assert_eq!(listed.id, "3ac6");
        assert!(listed.names.is_empty() && listed.labels.is_empty() && listed.ports.is_empty());
    }

    proptest! {
        #[test]
        fn no_text_makes_a_parser_panic(text in ".{0,200}") {
            let _ = serde_json::from_str::<Event>(&text);
            let _ = serde_json::from_str::<Listed>(&text);
            let _ = serde_json::from_str::<StatsReport>(&text);
            let _ = serde_json::from_str::<Inspected>(&text);
        }

        #[test]
        fn an_event_keeps_its_id(id in "[0-9a-f]{1,64}", status in "[a-z_]{1,12}", extra in ".{0,20}") {
            let text = serde_json::json!({"id": id, "status": status, "Extra": extra}).to_string();
            let event: Event = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(event.id, id);
            prop_assert_eq!(event.status, status);
        }
    }
}
