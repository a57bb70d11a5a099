//! What a run about images does: its words, its steps, carrying it out, and reading it back for a retry.

use backend_api::{Cx, Images, NameOf, StepSink};
use model::{BuildInput, ErrorCode, Failure, FieldProblem, FormValues, ImageId, PlanStep, Run};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::build::{Build, prepare_build};
use crate::sessions::Live;

/// The field of a stored run's input that holds its job.
const JOB: &str = "job";

/// An image with what it is called in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NamedImage {
    pub image_id: ImageId,
    pub label: String,
}

/// What a person asked for; stored with the run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "job", rename_all = "snake_case")]
pub(crate) enum ImageJob {
    Pull { name: String },
    Build(BuildInput),
    Tag { image_id: ImageId, name: String },
    Remove { image_id: ImageId, label: String },
    Prune { images: Vec<NamedImage> },
}

/// A job with everything that its run needs to know beforehand.
#[derive(Debug, Clone)]
pub(crate) struct ImageWork {
    /// The subject of the run.
    pub(crate) name: String,
    pub(crate) steps: Vec<PlanStep>,
    job: ImageJob,
    build: Option<Build>,
}

/// Checks a job, and works out its steps. Gives also the input that must not be stored, if there is some.
pub(super) async fn prepare(
    live: &Live,
    job: ImageJob,
) -> Result<(ImageWork, Option<FormValues>), Failure> {
    let images = live.session.images().ok_or_else(|| live.cannot("hold images"))?;
    let one = |name: &str, summary: String| vec![PlanStep { name: name.to_owned(), summary }];
    let full = |name: &str, of| images.full_name(name, of).map_err(refused);
    let mut build = None;
    let (name, steps, job) = match job {
        ImageJob::Pull { name } => {
            let name = full(&name, NameOf::Remote)?;
            (name.clone(), images.pull_steps(&name), ImageJob::Pull { name })
        }
        ImageJob::Build(input) => {
            let name = full(&input.name, NameOf::Local)?;
            let input = BuildInput { name: name.clone(), ..input };
            let prepared = prepare_build(input.clone()).await?;
            let steps = images.build_steps(&prepared.request)?;
            build = Some(prepared);
            (name, steps, ImageJob::Build(input))
        }
        ImageJob::Tag { image_id, name } => {
            let name = full(&name, NameOf::Local)?;
            let steps = one("Name", format!("Give the image the name {name}"));
            (name.clone(), steps, ImageJob::Tag { image_id, name })
        }
        ImageJob::Remove { image_id, label } => {
            let steps = one("Remove", format!("Remove {label} from {}", live.name));
            (label.clone(), steps, ImageJob::Remove { image_id, label })
        }
        ImageJob::Prune { images } => {
            let step = |image: &NamedImage| PlanStep {
                name: "Remove".into(),
                summary: format!("Remove {}", image.label),
            };
            let name = match images.len() {
                1 => "1 image".to_owned(),
                count => format!("{count} images"),
            };
            (name, images.iter().map(step).collect(), ImageJob::Prune { images })
        }
    };
    let withheld = job.has_secrets().then(|| input_of(&job));
    Ok((ImageWork { name, steps, job, build }, withheld))
}

/// The job of a stored run; none for a run about something else.
pub(crate) fn stored(run: &Run) -> Option<ImageJob> {
    serde_json::from_str(run.input.get(JOB)?).ok()
}

/// The job with the values that were withheld, or why it cannot be done again.
pub(crate) fn complete(job: ImageJob, withheld: Option<FormValues>) -> Result<ImageJob, Failure> {
    let kept = withheld.and_then(|input| serde_json::from_str(input.get(JOB)?).ok());
    match (kept, job) {
        (Some(kept), _) => Ok(kept),
        (None, job) if !job.has_arguments() => Ok(job),
        (None, _) => Err(Failure::new(
            ErrorCode::Invalid,
            "the values of the build arguments are not stored",
        )
        .with_hint("Build it again from the Images page and fill them in.")),
    }
}

fn input_of(job: &ImageJob) -> FormValues {
    let text = serde_json::to_string(job).unwrap_or_default();
    FormValues::from([(JOB.to_owned(), text)])
}

pub(super) fn refused(problem: FieldProblem) -> Failure {
    let hint = match &problem.suggestion {
        Some(suggestion) => format!("{suggestion} would work."),
        None => "Change the value and try again.".to_owned(),
    };
    Failure::new(ErrorCode::Invalid, problem.message).with_field(problem.field).with_hint(hint)
}

impl ImageJob {
    fn has_arguments(&self) -> bool {
        matches!(self, Self::Build(input) if !input.arguments.is_empty())
    }

    fn has_secrets(&self) -> bool {
        matches!(self, Self::Build(input) if input.arguments.iter().any(|one| !one.value.is_empty()))
    }

    /// Without the values of build arguments.
    fn storable(&self) -> Self {
        let mut job = self.clone();
        if let Self::Build(input) = &mut job {
            for argument in &mut input.arguments {
                argument.value.clear();
            }
        }
        job
    }
}

impl ImageWork {
    pub(crate) fn verb(&self) -> &'static str {
        match self.job {
            ImageJob::Pull { .. } => "pull_image",
            ImageJob::Build(_) => "build_image",
            ImageJob::Tag { .. } => "tag_image",
            ImageJob::Remove { .. } => "remove_image",
            ImageJob::Prune { .. } => "prune_images",
        }
    }

    pub(crate) fn input(&self) -> FormValues {
        input_of(&self.job.storable())
    }

    /// What cancelling means while it goes on.
    pub(crate) fn cancel_means(&self) -> String {
        match &self.job {
            ImageJob::Pull { .. } => {
                "Stops fetching. What was fetched so far is thrown away by the server.".into()
            }
            ImageJob::Build(_) => {
                "Ends the running step on the server. Finished steps stay there as a cache, and the log says how many.".into()
            }
            ImageJob::Tag { .. } => "Moorline stops waiting. The server may still name it.".into(),
            ImageJob::Remove { .. } | ImageJob::Prune { .. } => {
                "Stops before the next image. What is removed already does not come back.".into()
            }
        }
    }

    /// Carries it out. Cancelling is by `cx`.
    pub(crate) async fn carry_out(
        &self,
        live: &Live,
        steps: &dyn StepSink,
        cx: &Cx,
    ) -> Result<(), Failure> {
        let images = live.session.images().ok_or_else(|| live.cannot("hold images"))?;
        match (&self.job, &self.build) {
            (ImageJob::Pull { name }, _) => drop(images.pull(name, steps, cx).await?),
            (ImageJob::Build(_), Some(build)) => {
                drop(images.build(&build.request, build.context(), steps, cx).await?);
            }
            (ImageJob::Build(_), None) => {
                return Err(Failure::new(ErrorCode::Internal, "the build was not prepared")
                    .with_hint("Report this as a defect."));
            }
            (ImageJob::Tag { image_id, name }, _) => {
                steps.begin(0);
                images.tag(image_id, name, cx).await?;
            }
            (ImageJob::Remove { image_id, .. }, _) => {
                steps.begin(0);
                images.remove(image_id, cx).await?;
            }
            (ImageJob::Prune { images: named }, _) => prune(images, named, steps, cx).await?,
        }
        Ok(())
    }
}

async fn prune(
    images: &dyn Images,
    named: &[NamedImage],
    steps: &dyn StepSink,
    cx: &Cx,
) -> Result<(), Failure> {
    for (index, image) in named.iter().enumerate() {
        if cx.cancel.is_cancelled() {
            return Err(Failure::new(ErrorCode::Cancelled, "cancelled"));
        }
        steps.begin(index);
        images.remove(&image.image_id, cx).await?;
    }
    Ok(())
}
