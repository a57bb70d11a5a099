//! Settings: validated, stored, told to everybody; and the two ways back, to the defaults and to nothing.

mod limits;
mod reset;

pub(crate) use limits::check;

use model::{Failure, Settings};

use crate::{Core, CoreEvent, shared::Shared, state::State};

impl Core {
    /// The settings as they are now.
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.shared.settings.borrow().clone()
    }

    /// Replaces all settings. Starting at login is asked of the system first.
    ///
    /// # Errors
    /// `Invalid` names the one that is out of range; `Storage`; what the system says of starting at login.
    pub async fn settings_set(&self, settings: Settings) -> Result<Settings, Failure> {
        check(&settings)?;
        let before = self.settings();
        if settings.start_at_login != before.start_at_login {
            self.shared
                .host
                .set_starts_at_login(settings.start_at_login)
                .map_err(|failure| failure.with_field("start_at_login"))?;
        }
        put(&self.shared, settings.clone()).await?;
        Ok(settings)
    }

    /// Shows the data folder in the system's file manager.
    ///
    /// # Errors
    /// Whatever the host says.
    pub async fn data_folder_open(&self) -> Result<(), Failure> {
        self.shared.host.open_folder(&self.shared.data_folder).await
    }
}

/// Takes over what the system says about starting at login: the person may have changed it there.
pub(crate) fn as_the_system_says(mut settings: Settings, host: &dyn crate::Host) -> Settings {
    if let Some(starts) = host.starts_at_login() {
        settings.start_at_login = starts;
    }
    settings
}

/// The language of menus: the chosen one, else the system's.
pub(crate) fn menu_language(settings: &Settings, host: &dyn crate::Host) -> String {
    if settings.language.is_empty() {
        return host.system_language().unwrap_or_default();
    }
    settings.language.clone()
}

/// Stores settings and tells everybody. `Invalid` names the one that is out of range.
pub(crate) async fn put(shared: &Shared, settings: Settings) -> Result<(), Failure> {
    check(&settings)?;
    shared.store.put_settings(&settings).await?;
    shared.settings.send_replace(settings.clone());
    let language = menu_language(&settings, &*shared.host);
    let editor = settings.editor;
    let job = move |state: &mut State| {
        state.changes.is_menu |= state.language != language || state.editor != editor;
        state.language = language;
        state.editor = editor;
    };
    shared.owner.with(job).await?;
    shared.tell(CoreEvent::Settings { settings });
    Ok(())
}
