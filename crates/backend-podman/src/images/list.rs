//! The images that are there, who uses them, and what a prune would remove.

use std::collections::BTreeMap;
use std::sync::Arc;

use backend_api::{BackendError, Cx, ImageList};
use model::{Image, ImageBase, ImageId, ImageUser, PruneList, PruneScope, WorkspaceId};

use super::facts::{Facts, bytes_of, freed};
use crate::apply::names_of;
use crate::http::Call;
use crate::session::PodmanSession;
use crate::wire;

/// Set by the Containerfile that comes with Moorline.
pub(crate) const LABEL_DEV_IMAGE: &str = "moorline.dev-image";
/// The state of a container that only Buildah knows.
const STORAGE_ONLY: &str = "storage";

/// Images with what is known of each.
pub(super) struct Surveyed {
    pub(super) images: Vec<Image>,
    facts: BTreeMap<String, Arc<Facts>>,
}

impl Surveyed {
    fn facts_of(&self, id: &ImageId) -> Option<&Facts> {
        self.facts.get(id.as_str()).map(Arc::as_ref)
    }

    fn layers(&self, id: &ImageId) -> usize {
        self.facts_of(id).map_or(0, |facts| facts.layers.len())
    }

    /// What uses, or is built on, an image.
    pub(super) fn image(&self, id: &ImageId) -> Option<&Image> {
        self.images.iter().find(|image| image.id == *id)
    }

    pub(super) fn list(self) -> ImageList {
        let disk_bytes = bytes_of(self.facts.values().map(Arc::as_ref));
        ImageList { images: self.images, disk_bytes: Some(disk_bytes) }
    }

    /// What goes when everything in `scope` but `kept` goes: those on top of others first.
    pub(super) fn prune_list(&self, scope: PruneScope, kept: &[ImageId]) -> PruneList {
        let is_in_scope = |image: &&Image| {
            let is_wanted = match scope {
                PruneScope::Untagged => image.names.is_empty(),
                PruneScope::Unused => true,
            };
            is_wanted && image.used_by.is_empty() && !kept.contains(&image.id)
        };
        let (going, mut staying): (Vec<&Image>, Vec<&Image>) =
            self.images.iter().partition(is_in_scope);
        // An image that another one stands on cannot go before it.
        let (below, mut going): (Vec<&Image>, Vec<&Image>) = going.into_iter().partition(|image| {
            let facts = self.facts_of(&image.id);
            staying.iter().any(|other| match (facts, self.facts_of(&other.id)) {
                (Some(facts), Some(other)) => {
                    facts.is_below(other) && facts.layers.len() < other.layers.len()
                }
                _ => false,
            })
        });
        staying.extend(below);
        going.sort_by_key(|image| std::cmp::Reverse(self.layers(&image.id)));
        let facts = |images: &[&Image]| -> Vec<&Facts> {
            images.iter().filter_map(|image| self.facts_of(&image.id)).collect()
        };
        PruneList {
            freed_bytes: freed(facts(&going).into_iter(), facts(&staying).into_iter()),
            images: going.into_iter().cloned().collect(),
        }
    }
}

impl PodmanSession {
    pub(super) async fn survey_images(&self, cx: &Cx) -> Result<Surveyed, BackendError> {
        let (listed, users) = tokio::try_join!(self.listed_images(cx), self.image_users(cx))?;
        let facts = self.facts(&listed, cx).await?;
        let mut by_name: BTreeMap<String, &wire::Image> = BTreeMap::new();
        for image in &listed {
            by_name.extend(names_of(image).into_iter().map(|name| (name, image)));
        }
        let images = listed
            .iter()
            .map(|image| Image {
                id: ImageId::from_raw(image.id.clone()),
                names: names_of(image),
                size_bytes: u64::try_from(image.size).unwrap_or_default(),
                created_at: created_at(image),
                base: base_of(image, &facts, &by_name),
                used_by: users.get(&image.id).cloned().unwrap_or_default(),
                is_dev_image: image.labels.contains_key(LABEL_DEV_IMAGE),
            })
            .collect();
        Ok(Surveyed { images, facts })
    }

    /// Containers by the image they were made from, those of unfinished builds among them.
    async fn image_users(&self, cx: &Cx) -> Result<BTreeMap<String, Vec<ImageUser>>, BackendError> {
        let call = Call::get("containers/json?all=true&external=true");
        let listed: Option<Vec<wire::Listed>> =
            self.ask_json(call, "list", "containers", cx).await?;
        let mut users: BTreeMap<String, Vec<ImageUser>> = BTreeMap::new();
        for one in listed.unwrap_or_default().into_iter().filter(|one| !one.is_infra) {
            let name = one.names.first().cloned().unwrap_or_else(|| one.id.clone());
            let workspace_id = (one.state != STORAGE_ONLY).then(|| WorkspaceId::from_raw(one.id));
            users.entry(one.image_id).or_default().push(ImageUser { name, workspace_id });
        }
        Ok(users)
    }

    /// Names of containers that only Buildah knows, by id: builds that go on or were cut off.
    pub(super) async fn build_containers(
        &self,
        cx: &Cx,
    ) -> Result<BTreeMap<String, String>, BackendError> {
        let call = Call::get("containers/json?all=true&external=true");
        let listed: Option<Vec<wire::Listed>> =
            self.ask_json(call, "list", "containers", cx).await?;
        let all = listed.unwrap_or_default().into_iter();
        let of_builds = all.filter(|one| one.state == STORAGE_ONLY);
        Ok(of_builds
            .map(|one| (one.id, one.names.into_iter().next().unwrap_or_default()))
            .collect())
    }
}

fn created_at(image: &wire::Image) -> Option<i64> {
    (image.created > 0).then(|| image.created.saturating_mul(1000))
}

fn base_of(
    image: &wire::Image,
    facts: &BTreeMap<String, Arc<Facts>>,
    by_name: &BTreeMap<String, &wire::Image>,
) -> ImageBase {
    let Some(own) = facts.get(&image.id) else { return ImageBase::Unrecorded };
    let base = own.base_name.as_ref().and_then(|name| by_name.get(name));
    let base = base.and_then(|base| Some((facts.get(&base.id)?.as_ref(), created_at(base))));
    own.base(base)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use model::{Image, ImageBase, ImageId, ImageUser, PruneScope};

    use super::{Facts, Surveyed};

    /// Id, names, layers, and whether a container uses it.
    fn surveyed(rows: &[(&str, &[&str], &[&str], bool)]) -> Surveyed {
        let mut facts = BTreeMap::new();
        let mut images = Vec::new();
        for (id, names, layers, is_used) in rows {
            let strings = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect();
            let of = Facts {
                layers: strings(layers),
                sizes: vec![10; layers.len()],
                ..Facts::default()
            };
            facts.insert((*id).to_owned(), Arc::new(of));
            let user = ImageUser { name: "atlas-api".into(), workspace_id: None };
            images.push(Image {
                id: ImageId::from_raw(*id),
                names: strings(names),
                size_bytes: 10,
                created_at: None,
                base: ImageBase::Unrecorded,
                used_by: is_used.then_some(user).into_iter().collect(),
                is_dev_image: false,
            });
        }
        Surveyed { images, facts }
    }

    fn pruned(all: &Surveyed, scope: PruneScope, kept: &[&str]) -> (Vec<String>, u64) {
        let kept: Vec<ImageId> = kept.iter().map(|id| ImageId::from_raw(*id)).collect();
        let list = all.prune_list(scope, &kept);
        (list.images.iter().map(|image| image.id.to_string()).collect(), list.freed_bytes)
    }

    #[test]
    fn a_prune_never_takes_what_is_used_or_stood_on() {
        let all = surveyed(&[
            ("base", &["base:1"], &["a"], false),
            ("used", &["dev:2"], &["a", "b"], true),
            ("old", &[], &["a", "c"], false),
            ("top", &["other:1"], &["a", "c", "d"], false),
        ]);
        assert_eq!(pruned(&all, PruneScope::Unused, &[]), (vec!["top".into(), "old".into()], 20));
        assert_eq!(pruned(&all, PruneScope::Untagged, &[]), (vec![], 0));
        assert_eq!(pruned(&all, PruneScope::Unused, &["top"]), (vec![], 0));
        assert_eq!(pruned(&all, PruneScope::Unused, &["old"]), (vec!["top".into()], 10));
    }
}
