//! The person's git for templates: the same program and rules as for workspaces.

use std::path::Path;

use ::templates::{GitRunner, Printed};
use async_trait::async_trait;
use backend_api::Cx;
use model::Failure;

use super::{address, program};

/// Runs it by arguments, without questions.
pub(crate) struct PersonsGit;

#[async_trait]
impl GitRunner for PersonsGit {
    fn refuses(&self, url: &str) -> Option<String> {
        address::url_problem(url).map(str::to_owned)
    }

    async fn ask(&self, folder: &Path, args: &[&str], cx: &Cx) -> Result<Printed, Failure> {
        program::Git::inside(folder).ask(args, cx).await.map(printed)
    }

    async fn carry(&self, folder: &Path, args: &[&str], cx: &Cx) -> Result<Printed, Failure> {
        program::Git::inside(folder).carry(args, cx).await.map(printed)
    }
}

fn printed(printed: program::Printed) -> Printed {
    let program::Printed { stdout, words, is_success } = printed;
    Printed { stdout, words, is_success }
}
