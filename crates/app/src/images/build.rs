//! What a build is made from: a folder, a text, or the Containerfile that comes with Moorline.

use std::sync::Arc;

use backend_api::{BuildContext, BuildRequest};
use model::{BuildArgument, BuildFrom, BuildInput, ErrorCode, Failure};

use super::{
    context::{Folder, pack_folder, pack_texts, read_folder},
    dev_image,
};

/// What a Containerfile given as text is called.
const TEXT_NAME: &str = "Containerfile";

/// A build that is ready to be sent.
#[derive(Debug, Clone)]
pub(super) struct Build {
    pub(super) request: BuildRequest,
    pub(super) files: Files,
}

/// What is sent.
#[derive(Debug, Clone)]
pub(super) enum Files {
    Folder(Arc<Folder>),
    Texts(Vec<(String, String)>),
}

impl Build {
    /// The archive; may be made more than once.
    pub(super) fn context(&self) -> BuildContext {
        match &self.files {
            Files::Folder(folder) => pack_folder(folder.as_ref().clone()),
            Files::Texts(texts) => pack_texts(texts.clone()),
        }
    }
}

/// Reads what the build needs of this computer.
pub(super) async fn prepare_build(input: BuildInput) -> Result<Build, Failure> {
    for argument in &input.arguments {
        check_argument(argument)?;
    }
    let (files, containerfile_path, containerfile) = match input.source {
        BuildFrom::Folder { path, containerfile } => {
            let read = tokio::task::spawn_blocking(move || read_folder(&path, &containerfile));
            let folder = read.await.map_err(|error| {
                Failure::new(ErrorCode::Internal, "the folder could not be read")
                    .with_hint("Report this as a defect.")
                    .with_detail(error.to_string())
            })??;
            let (path, text) = folder.containerfile.clone();
            (Files::Folder(Arc::new(folder)), path, text)
        }
        BuildFrom::Text { containerfile } => {
            let texts = vec![(TEXT_NAME.to_owned(), containerfile.clone())];
            (Files::Texts(texts), TEXT_NAME.to_owned(), containerfile)
        }
        BuildFrom::DevImage => {
            let text = dev_image::CONTAINERFILE.to_owned();
            (Files::Texts(dev_image::files()), TEXT_NAME.to_owned(), text)
        }
    };
    let context_bytes = match &files {
        Files::Folder(folder) => folder.bytes,
        Files::Texts(texts) => texts.iter().map(|(_, text)| text.len() as u64).sum(),
    };
    let request = BuildRequest {
        name: input.name,
        containerfile_path,
        containerfile,
        arguments: input.arguments,
        is_without_cache: input.is_without_cache,
        is_base_pulled: input.is_base_pulled,
        context_bytes: Some(context_bytes),
        labels: Vec::new(),
    };
    Ok(Build { request, files })
}

fn check_argument(argument: &BuildArgument) -> Result<(), Failure> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let name = &argument.name;
    let is_name = name.chars().all(is_part)
        && name.chars().next().is_some_and(|first| !first.is_ascii_digit());
    if is_name {
        return Ok(());
    }
    Err(Failure::new(ErrorCode::Invalid, format!("\"{name}\" will not do as a build argument"))
        .with_field("arguments")
        .with_hint("Write one NAME=value a line; names have letters, digits and _."))
}
