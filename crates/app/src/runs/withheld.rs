//! What a run is started with and is not stored: values of environment and secret fields. The form's
//! kinds tell which fields those are, not their names. A retry finds the values here until the app ends.
//!
//! Nothing here is written anywhere.

use std::collections::{BTreeMap, VecDeque};

use model::{ErrorCode, Failure, Field, FieldKind, Form, FormValues, Run, RunId, Secret};

/// Inputs kept; the oldest goes first.
const MOST: usize = 50;

/// Inputs of this session's runs, as they were typed.
#[derive(Default)]
pub(crate) struct Withheld(VecDeque<(RunId, BTreeMap<String, Secret<String>>)>);

impl Withheld {
    /// Keeps an input for a retry.
    pub(crate) fn keep(&mut self, id: RunId, input: FormValues) {
        if self.0.len() >= MOST {
            self.0.pop_front();
        }
        let input = input.into_iter().map(|(name, value)| (name, Secret::new(value)));
        self.0.push_back((id, input.collect()));
    }

    /// The input of a run of this session.
    pub(super) fn find(&self, id: &RunId) -> Option<FormValues> {
        let (_, input) = self.0.iter().find(|(kept, _)| kept == id)?;
        let expose =
            |(name, value): (&String, &Secret<String>)| (name.clone(), value.expose().clone());
        Some(input.iter().map(expose).collect())
    }
}

/// The input as it is stored: names of variables, and secret fields as empty ones.
pub(super) fn storable(form: &Form, input: &FormValues) -> FormValues {
    let mut stored = input.clone();
    for field in secret_fields(form) {
        let Some(value) = stored.get_mut(&field.name) else { continue };
        if value.trim().is_empty() {
            stored.remove(&field.name);
        } else {
            *value = names(&field.kind, value);
        }
    }
    stored
}

/// Refuses a stored input that lacks values, and says what was filled in.
pub(super) fn check_complete(form: &Form, run: &Run) -> Result<(), Failure> {
    let lacking = secret_fields(form)
        .find_map(|field| run.input.get(&field.name).map(|names| (&field.label, names)));
    let Some((label, names)) = lacking else { return Ok(()) };
    let names = names.lines().collect::<Vec<_>>().join(", ");
    let message = format!("the values in \"{label}\" of {} are not stored", run.subject.name);
    let hint = if names.is_empty() {
        "Fill in the form for a new workspace again.".to_owned()
    } else {
        format!("Fill in the form for a new workspace again. The names were: {names}.")
    };
    Err(Failure::new(ErrorCode::Invalid, message).with_hint(hint))
}

fn secret_fields(form: &Form) -> impl Iterator<Item = &Field> {
    let is_secret = |kind: &FieldKind| matches!(kind, FieldKind::Environment | FieldKind::Secret);
    form.fields.iter().filter(move |field| is_secret(&field.kind))
}

/// Names of variables, one a line; a line without a name may be part of a value and is left out.
fn names(kind: &FieldKind, value: &str) -> String {
    if *kind != FieldKind::Environment {
        return String::new();
    }
    let names = value.lines().filter_map(|line| line.split_once('=')).map(|(name, _)| name.trim());
    names.filter(|name| is_name(name)).collect::<Vec<_>>().join("\n")
}

fn is_name(name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !name.is_empty() && name.chars().all(is_part) && !name.starts_with(|c: char| c.is_ascii_digit())
}
