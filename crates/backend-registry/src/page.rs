//! A backend's descriptor as a page of documentation.

use model::{Descriptor, Field, FieldKind};

/// Renders `docs/backends/<kind>.md`.
#[must_use]
pub fn page(descriptor: &Descriptor) -> String {
    let mut page = format!(
        "<!-- Generated from the backend's descriptor by `cargo xtask gen`. Change it there. -->\n\n# {}\n\n{}.\n\n## Fields\n\n| Field | Kind | Default | Meaning |\n|---|---|---|---|\n",
        descriptor.title, descriptor.summary
    );
    for field in &descriptor.fields {
        page.push_str(&row(field));
    }
    page.push_str("\n## Good to know\n\n");
    for note in &descriptor.notes {
        page.push_str(&format!("- {note}\n"));
    }
    page
}

fn row(field: &Field) -> String {
    let mut label = format!("{} (`{}`)", field.label, field.name);
    if field.is_required {
        label.push_str(", required");
    }
    if field.is_advanced {
        label.push_str(", under \"More options\"");
    }
    format!(
        "| {} | {} | {} | {} |\n",
        cell(&label),
        cell(&kind(&field.kind)),
        field.default.as_deref().map(|value| format!("`{}`", cell(value))).unwrap_or_default(),
        cell(field.help.as_deref().unwrap_or_default()),
    )
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn kind(kind: &FieldKind) -> String {
    match kind {
        FieldKind::Text { .. } => "text".into(),
        FieldKind::Port => "port".into(),
        FieldKind::Number { unit, min, max } => format!("number of {unit}, {min} to {max}"),
        FieldKind::Choice { choices, open } => {
            let values: Vec<&str> = choices.iter().map(|choice| choice.value.as_str()).collect();
            let other = if *open { ", or another" } else { "" };
            format!("one of {}{other}", values.join(", "))
        }
        FieldKind::File => "file on this computer".into(),
        FieldKind::Secret => "secret, kept in the keychain".into(),
        FieldKind::SshHost => "SSH host".into(),
        FieldKind::Ports => "ports, one a line".into(),
        FieldKind::Environment => "`NAME=value`, one a line".into(),
        FieldKind::Switch => "switch".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn every_backend_has_a_page_with_its_fields_and_notes() {
        for backend in crate::all() {
            let descriptor = backend.descriptor();
            let page = page(&descriptor);
            assert!(page.contains(&format!("# {}", descriptor.title)));
            for field in &descriptor.fields {
                assert!(page.contains(&format!("(`{}`)", field.name)), "{}", field.name);
            }
            for note in &descriptor.notes {
                assert!(page.contains(note.as_str()), "{note}");
            }
        }
    }
}
