//! Where a template is: checking what was typed, and naming it.

use std::path::PathBuf;

use model::{ErrorCode, Failure, TemplateSource};

use crate::{git, shared::Shared, typed_path};

/// A source as it may be stored.
///
/// # Errors
/// `Invalid` names the field.
pub(super) fn check(shared: &Shared, source: TemplateSource) -> Result<TemplateSource, Failure> {
    match source {
        TemplateSource::Git { url, reference, path } => {
            let url = url.trim().to_owned();
            if let Some(message) = git::url_problem(&url) {
                return Err(invalid("url", message, "Correct the URL, or choose a folder."));
            }
            let reference = reference.map(|text| text.trim().to_owned());
            let reference = reference.filter(|text| !text.is_empty());
            let path = path.trim().trim_matches('/').to_owned();
            if path.contains('\\') || path.split('/').any(|part| part == ".." || part == ".git") {
                let message = "the path leads out of the repository";
                return Err(invalid("path", message, "Enter a folder inside, such as labs/ospf."));
            }
            Ok(TemplateSource::Git { url, reference, path })
        }
        TemplateSource::Folder { path } => {
            let folder = typed(shared, &path)?;
            if !folder.is_dir() {
                let message = format!("{} is no folder", folder.display());
                return Err(invalid("path", message, "Choose a folder of this computer."));
            }
            Ok(TemplateSource::Folder { path: folder.display().to_string() })
        }
        TemplateSource::File { path } => {
            let file = typed(shared, &path)?;
            let is_yaml = file.extension().is_some_and(|end| end == "yml" || end == "yaml");
            if !file.is_file() || !is_yaml {
                let message = format!("{} is no topology file", file.display());
                return Err(invalid("path", message, "Choose a file that ends in .yml or .yaml."));
            }
            Ok(TemplateSource::File { path: file.display().to_string() })
        }
    }
}

fn typed(shared: &Shared, text: &str) -> Result<PathBuf, Failure> {
    typed_path::folder(text, &shared.home_folder)
        .map_err(|message| invalid("path", message, "Enter the whole path."))
}

fn invalid(field: &str, message: impl Into<String>, hint: &str) -> Failure {
    Failure::new(ErrorCode::Invalid, message).with_hint(hint).with_field(field)
}

/// What a template is called when nobody said.
pub(super) fn name_of(source: &TemplateSource) -> String {
    let last = |text: &str| {
        let text = text.trim_end_matches(['/', '\\']);
        let name = text.rsplit(['/', '\\', ':']).next().unwrap_or(text);
        name.to_owned()
    };
    let name = match source {
        TemplateSource::Git { url, path, .. } if path.is_empty() => {
            last(url).trim_end_matches(".git").to_owned()
        }
        TemplateSource::Git { path, .. } | TemplateSource::Folder { path } => last(path),
        TemplateSource::File { path } => {
            last(path).trim_end_matches(".yaml").trim_end_matches(".yml").to_owned()
        }
    };
    if name.is_empty() { "template".into() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_called_like_its_folder() {
        let git = |url: &str, path: &str| TemplateSource::Git {
            url: url.into(),
            reference: None,
            path: path.into(),
        };
        assert_eq!(name_of(&git("https://host/team/labs.git", "")), "labs");
        assert_eq!(name_of(&git("git@host:labs", "")), "labs");
        assert_eq!(name_of(&git("https://host/team/labs", "a/ospf")), "ospf");
        assert_eq!(name_of(&TemplateSource::Folder { path: "/x/y/".into() }), "y");
        assert_eq!(name_of(&TemplateSource::File { path: "/x/bgp.clab.yml".into() }), "bgp.clab");
    }
}
