//! The form for a new workspace, with the images and the size of the server in it.

use model::{Choice, Field, FieldKind, Form};

use super::survey::names_of;
use crate::wire::{Image, Info};

const MIB: u64 = 1024 * 1024;
/// Podman refuses less.
const LEAST_MEMORY_MIB: u32 = 6;

pub(crate) fn form(info: &Info, images: &[Image]) -> Form {
    let choices = image_choices(images);
    let cpus = info.host.cpus.max(1);
    let memory = u32::try_from(info.host.mem_total / MIB).unwrap_or(u32::MAX).max(LEAST_MEMORY_MIB);
    let first_image = match choices.as_slice() {
        [only] => Some(only.value.clone()),
        _ => None,
    };
    let number = |unit: &str, min, max| FieldKind::Number { unit: unit.into(), min, max };
    Form {
        fields: vec![
            Field {
                is_required: true,
                placeholder: Some("atlas-api".into()),
                ..field("name", "Name", FieldKind::Text { mono: true })
            },
            Field {
                is_required: true,
                default: first_image,
                ..field("image", "Image", FieldKind::Choice { choices, open: true })
            },
            Field {
                placeholder: Some("no limit".into()),
                ..field("cpu", "CPU", number("cores", 1, cpus))
            },
            Field {
                placeholder: Some("no limit".into()),
                ..field("memory", "Memory", number("MiB", LEAST_MEMORY_MIB, memory))
            },
            Field {
                help: Some("Ports inside the workspace; 22 and 3000 are always there.".into()),
                ..field("ports", "Ports", FieldKind::Ports)
            },
            Field { default: Some("true".into()), ..field("start", "Start it", FieldKind::Switch) },
            advanced(
                "environment",
                "Environment",
                FieldKind::Environment,
                "One NAME=value a line. Everyone who may use Podman on the server can read them.",
            ),
            advanced(
                "volumes",
                "More volumes",
                FieldKind::Text { mono: true },
                "Written name:/path, separated by commas; home and workspace are always there.",
            ),
            advanced(
                "command",
                "Command",
                FieldKind::Text { mono: true },
                "What to run instead of the image's own program.",
            ),
            advanced(
                "ide_port",
                "IDE port",
                FieldKind::Port,
                "Where a web IDE listens inside; left empty, what the image says.",
            ),
            advanced(
                "branch",
                "Branch",
                FieldKind::Text { mono: true },
                "Shown in the list. Nothing is checked out.",
            ),
        ],
    }
}

fn field(name: &str, label: &str, kind: FieldKind) -> Field {
    Field {
        name: name.into(),
        label: label.into(),
        help: None,
        placeholder: None,
        is_required: false,
        default: None,
        is_advanced: false,
        kind,
    }
}

fn advanced(name: &str, label: &str, kind: FieldKind, help: &str) -> Field {
    Field { is_advanced: true, help: Some(help.into()), ..field(name, label, kind) }
}

fn image_choices(images: &[Image]) -> Vec<Choice> {
    let mut choices: Vec<Choice> = images
        .iter()
        .flat_map(|image| names_of(image).into_iter().map(|name| choice(name, image.size)))
        .collect();
    choices.sort_by(|one, other| one.value.cmp(&other.value));
    choices
}

fn choice(name: String, size: i64) -> Choice {
    let label = name.strip_prefix("localhost/").unwrap_or(&name).to_owned();
    let mib = u64::try_from(size).unwrap_or_default().div_ceil(MIB);
    Choice { value: name, label, remark: (mib > 0).then(|| format!("{mib} MiB")) }
}
