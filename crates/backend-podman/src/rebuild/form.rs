//! The form of a rebuild: the form for a new workspace, filled in with what the container has.

use model::{Field, FieldKind, Form};

use super::edit::defaults;
use super::old::Old;
use crate::apply::form;
use crate::wire::{Image, Info};

pub(crate) fn rebuild_form(info: &Info, images: &[Image], old: &Old) -> Form {
    let values = defaults(old);
    let fields = form(info, images).fields.into_iter().filter_map(|field| {
        let default = values.get(&field.name)?.clone();
        let help = match field.name.as_str() {
            "ports" => {
                Some("Ports inside the workspace. Those it has keep their ports on the server.")
            }
            "volumes" => Some("Written name:/path. One that is taken out is kept on the server."),
            "environment" => Some("Set or change: one NAME=value a line. All others are kept."),
            _ => None,
        };
        Some(Field {
            default: Some(default).filter(|text| !text.is_empty()),
            help: help.map(str::to_owned).or(field.help),
            label: if field.name == "volumes" { "Volumes".into() } else { field.label },
            ..field
        })
    });
    let mut fields: Vec<Field> = fields.collect();
    if !old.env.is_empty() {
        let names: Vec<&str> = old.env.keys().map(String::as_str).collect();
        fields.push(without(&names));
    }
    Form { fields }
}

fn without(names: &[&str]) -> Field {
    Field {
        name: "without".into(),
        label: "Variables to leave out".into(),
        help: Some(format!("Names with spaces between. It has {}.", names.join(", "))),
        placeholder: None,
        is_required: false,
        default: None,
        is_advanced: true,
        kind: FieldKind::Text { mono: true },
    }
}
