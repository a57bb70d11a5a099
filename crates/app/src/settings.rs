//! Settings: validated, stored, told to everybody.

use model::{ErrorCode, Failure, Settings};

use crate::{Core, CoreEvent};

impl Core {
    /// The settings as they are now.
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.shared.settings.borrow().clone()
    }

    /// Replaces all settings.
    ///
    /// # Errors
    /// `Invalid` names the one that is out of range; `Storage`.
    pub async fn settings_set(&self, settings: Settings) -> Result<Settings, Failure> {
        check(&settings)?;
        self.shared.store.put_settings(&settings).await?;
        self.shared.settings.send_replace(settings.clone());
        self.shared.tell(CoreEvent::Settings { settings: settings.clone() });
        Ok(settings)
    }
}

fn check(settings: &Settings) -> Result<(), Failure> {
    in_range("terminal_font_size", settings.terminal_font_size.into(), 9, 24)?;
    in_range("terminal_scrollback", settings.terminal_scrollback, 100, 100_000)?;
    in_range("keepalive_seconds", settings.keepalive_seconds.into(), 5, 300)
}

fn in_range(field: &str, value: u32, least: u32, most: u32) -> Result<(), Failure> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    let name = field.replace('_', " ");
    Err(Failure::new(ErrorCode::Invalid, format!("{value} is out of range for {name}"))
        .with_hint(format!("Choose a value from {least} to {most}."))
        .with_field(field))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_out_of_range_is_refused_by_name() {
        let failure = check(&Settings { keepalive_seconds: 4, ..Settings::default() }).unwrap_err();
        assert_eq!(failure.field.as_deref(), Some("keepalive_seconds"));
        assert_eq!(failure.message, "4 is out of range for keepalive seconds");
        assert!(check(&Settings::default()).is_ok());
    }
}
