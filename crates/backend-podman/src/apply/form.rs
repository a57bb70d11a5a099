//! The form for a new workspace, with the images and the size of the server in it.

use model::{Choice, Field, FieldKind, Form};

use super::survey::names_of;
use crate::images::LABEL_DEV_IMAGE;
use crate::wire::{Image, Info};

const MIB: u64 = 1024 * 1024;
/// Podman refuses less.
const LEAST_MEMORY_MIB: u32 = 6;

pub(crate) fn form(info: &Info, images: &[Image]) -> Form {
    let choices = image_choices(images);
    let cpus = info.host.cpus.max(1);
    let memory = u32::try_from(info.host.mem_total / MIB).unwrap_or(u32::MAX).max(LEAST_MEMORY_MIB);
    let first_image = suggested(images, &choices);
    let image_help = choices
        .is_empty()
        .then(|| "There is none yet. Build Moorline's dev image on the Images page.".to_owned());
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
                help: image_help,
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

/// The newest dev image of Moorline's, or the only image there is.
fn suggested(images: &[Image], choices: &[Choice]) -> Option<String> {
    let own = images.iter().filter(|image| image.labels.contains_key(LABEL_DEV_IMAGE));
    let named = own.filter_map(|image| Some((image.created, names_of(image).into_iter().next()?)));
    let newest = named.max_by_key(|(created, _)| *created).map(|(_, name)| name);
    newest.or_else(|| match choices {
        [only] => Some(only.value.clone()),
        _ => None,
    })
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

#[cfg(test)]
mod tests {
    use super::{Image, image_choices, suggested};

    fn image(name: &str, created: i64, is_own: bool) -> Image {
        let mut image = Image { names: vec![name.into()], created, ..Image::default() };
        if is_own {
            image.labels.insert(super::LABEL_DEV_IMAGE.into(), "1".into());
        }
        image
    }

    #[test]
    fn the_newest_dev_image_is_suggested() {
        let own = [image("old:1", 1, true), image("debian:12", 9, false), image("dev:2", 5, true)];
        assert_eq!(suggested(&own, &image_choices(&own)).as_deref(), Some("dev:2"));
        let others = [image("debian:12", 9, false), image("fedora:41", 5, false)];
        assert_eq!(suggested(&others, &image_choices(&others)), None);
        assert_eq!(
            suggested(&others[..1], &image_choices(&others[..1])).as_deref(),
            Some("debian:12")
        );
    }
}
