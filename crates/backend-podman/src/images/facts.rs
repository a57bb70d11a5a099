//! What never changes while an image lives: its layers, their sizes, the base it names. Asked once an image.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex};

use backend_api::{BackendError, Cx};
use futures::{StreamExt, TryStreamExt, stream};
use model::{ImageBase, TimestampMs};

use crate::http::{Call, escape};
use crate::session::PodmanSession;
use crate::wire::{HistorySize, Image, ImageInspected};

/// Buildah writes these into what it builds.
const BASE_NAME: &str = "org.opencontainers.image.base.name";
const BASE_DIGEST: &str = "org.opencontainers.image.base.digest";
/// Requests at once.
const AT_ONCE: usize = 6;

/// Facts by image id.
pub(crate) type FactsCache = Mutex<BTreeMap<String, Arc<Facts>>>;

/// What never changes of an image.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// Digests of the layers, the lowest first.
    pub(super) layers: Vec<String>,
    /// Bytes of each layer.
    pub(super) sizes: Vec<u64>,
    pub(super) base_name: Option<String>,
    pub(super) base_digest: Option<String>,
    pub(super) digests: Vec<String>,
}

impl Facts {
    fn new(image: &Image, found: ImageInspected, history: &[HistorySize]) -> Self {
        let from =
            |key: &str| found.annotations.get(key).filter(|value| !value.is_empty()).cloned();
        let sizes = sizes(&found, history, image.size);
        let digests = image.repo_digests.iter().filter_map(|name| name.split_once('@'));
        let digests = digests.map(|(_, digest)| digest.to_owned());
        Self {
            sizes,
            base_name: from(BASE_NAME),
            base_digest: from(BASE_DIGEST),
            digests: digests.chain([found.digest.clone()]).collect(),
            layers: found.root_fs.layers,
        }
    }

    /// Layers by what lies below and including each: the same layer on another base is another one.
    pub(super) fn stacked(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        let mut below = 0_u64;
        self.layers.iter().zip(&self.sizes).map(move |(layer, size)| {
            let mut hasher = DefaultHasher::new();
            (below, layer).hash(&mut hasher);
            below = hasher.finish();
            (below, *size)
        })
    }

    /// Whether this image lies below another one.
    pub(super) fn is_below(&self, other: &Self) -> bool {
        !self.layers.is_empty() && other.layers.starts_with(&self.layers)
    }

    /// What is known of the base, given the server's image of that name.
    pub(super) fn base(&self, found: Option<(&Self, Option<TimestampMs>)>) -> ImageBase {
        let Some(name) = self.base_name.clone() else { return ImageBase::Unrecorded };
        let Some((base, base_created_at)) = found else { return ImageBase::Absent { name } };
        let is_named = self.base_digest.as_ref().is_some_and(|one| base.digests.contains(one));
        if base.is_below(self) || is_named {
            return ImageBase::Current { name };
        }
        // A squashed image has one layer whatever it was built on, so nothing can be told.
        if self.layers.len() < 2 {
            return ImageBase::Unrecorded;
        }
        ImageBase::Outdated { name, base_created_at }
    }
}

/// Bytes of each layer: the history has them, newest first, among entries that made no layer.
fn sizes(found: &ImageInspected, history: &[HistorySize], whole: i64) -> Vec<u64> {
    let count = found.root_fs.layers.len();
    let bytes = |size: i64| u64::try_from(size).unwrap_or_default();
    let oldest_first = history.iter().rev().zip(&found.history);
    let sizes: Vec<u64> = oldest_first
        .filter(|(_, entry)| !entry.empty_layer)
        .map(|(size, _)| bytes(size.size))
        .collect();
    if sizes.len() == count && history.len() == found.history.len() {
        return sizes;
    }
    // Without a usable history everything counts as the topmost layer.
    let mut sizes = vec![0; count];
    if let Some(last) = sizes.last_mut() {
        *last = bytes(whole);
    }
    sizes
}

/// Bytes of all layers of some images, each counted once.
pub(super) fn bytes_of<'a>(all: impl Iterator<Item = &'a Facts>) -> u64 {
    let layers: BTreeMap<u64, u64> = all.flat_map(Facts::stacked).collect();
    layers.values().sum()
}

/// Bytes of the layers of `going` that nothing in `staying` needs.
pub(super) fn freed<'a>(
    going: impl Iterator<Item = &'a Facts>,
    staying: impl Iterator<Item = &'a Facts>,
) -> u64 {
    let kept: BTreeSet<u64> = staying.flat_map(Facts::stacked).map(|(layer, _)| layer).collect();
    let mut layers: BTreeMap<u64, u64> = going.flat_map(Facts::stacked).collect();
    layers.retain(|layer, _| !kept.contains(layer));
    layers.values().sum()
}

impl PodmanSession {
    /// Facts of these images; what is new is asked, what is gone is forgotten.
    pub(super) async fn facts(
        &self,
        images: &[Image],
        cx: &Cx,
    ) -> Result<BTreeMap<String, Arc<Facts>>, BackendError> {
        let known = self.image_facts.lock().map(|known| known.clone()).unwrap_or_default();
        let missing = images.iter().filter(|image| !known.contains_key(&image.id));
        let asked = stream::iter(missing.map(|image| self.facts_of(image, cx)).collect::<Vec<_>>());
        let asked: Vec<Option<(String, Arc<Facts>)>> =
            asked.buffer_unordered(AT_ONCE).try_collect().await?;
        let mut all: BTreeMap<String, Arc<Facts>> = known;
        all.extend(asked.into_iter().flatten());
        let listed: BTreeSet<&str> = images.iter().map(|image| image.id.as_str()).collect();
        all.retain(|id, _| listed.contains(id.as_str()));
        if let Ok(mut known) = self.image_facts.lock() {
            known.clone_from(&all);
        }
        Ok(all)
    }

    /// None when the image went away meanwhile.
    async fn facts_of(
        &self,
        image: &Image,
        cx: &Cx,
    ) -> Result<Option<(String, Arc<Facts>)>, BackendError> {
        let path = format!("images/{}", escape(&image.id));
        let found = self.ask_json(Call::get(format!("{path}/json")), "look at", &image.id, cx);
        let history = self.ask_json(Call::get(format!("{path}/history")), "look at", &image.id, cx);
        let (found, history): (ImageInspected, Vec<HistorySize>) =
            match tokio::try_join!(found, history) {
                Ok(both) => both,
                Err(BackendError::NotFound(_)) => return Ok(None),
                Err(error) => return Err(error),
            };
        Ok(Some((image.id.clone(), Arc::new(Facts::new(image, found, &history)))))
    }
}

#[cfg(test)]
mod tests {
    use model::ImageBase;
    use proptest::prelude::*;

    use super::{Facts, bytes_of, freed};

    fn facts(layers: &[&str], sizes: &[u64], base: Option<&str>) -> Facts {
        Facts {
            layers: layers.iter().map(|layer| (*layer).to_owned()).collect(),
            sizes: sizes.to_vec(),
            base_name: base.map(str::to_owned),
            ..Facts::default()
        }
    }

    #[test]
    fn a_base_is_outdated_only_when_the_servers_copy_has_other_layers() {
        let old = facts(&["a"], &[1], None);
        let new = facts(&["b"], &[1], None);
        let built = facts(&["a", "x"], &[1, 1], Some("debian:12"));
        let name = "debian:12".to_owned();
        assert_eq!(old.base(None), ImageBase::Unrecorded);
        assert_eq!(built.base(None), ImageBase::Absent { name: name.clone() });
        assert_eq!(built.base(Some((&old, None))), ImageBase::Current { name: name.clone() });
        let outdated = ImageBase::Outdated { name, base_created_at: Some(7) };
        assert_eq!(built.base(Some((&new, Some(7)))), outdated);
        let squashed = facts(&["s"], &[1], Some("debian:12"));
        assert_eq!(squashed.base(Some((&new, None))), ImageBase::Unrecorded);
    }

    #[test]
    fn shared_layers_are_counted_once_and_freed_with_their_last_image() {
        let base = facts(&["a"], &[100], None);
        let one = facts(&["a", "x"], &[100, 5], None);
        let two = facts(&["a", "y"], &[100, 7], None);
        let all = [&base, &one, &two];
        assert_eq!(bytes_of(all.into_iter()), 112);
        assert_eq!(freed([&one].into_iter(), [&base, &two].into_iter()), 5);
        assert_eq!(freed(all.into_iter(), [].into_iter()), 112);
    }

    proptest! {
        #[test]
        fn going_and_staying_make_the_whole(
            images in proptest::collection::vec(proptest::collection::vec("[a-c]", 1..5), 1..8),
            going in proptest::collection::vec(any::<bool>(), 8),
        ) {
            let all: Vec<Facts> = images.iter().map(|layers| {
                let names: Vec<&str> = layers.iter().map(String::as_str).collect();
                // The size of a layer depends on all that lies below it, as it does for real ones.
                let sizes: Vec<u64> = (1..=names.len()).map(|n| names[..n].concat().bytes().map(u64::from).sum()).collect();
                facts(&names, &sizes, None)
            }).collect();
            let (out, kept): (Vec<_>, Vec<_>) = all.iter().zip(&going).partition(|(_, goes)| **goes);
            let out = || out.iter().map(|(facts, _)| *facts);
            let kept = || kept.iter().map(|(facts, _)| *facts);
            prop_assert_eq!(freed(out(), kept()) + bytes_of(kept()), bytes_of(all.iter()));
        }
    }
}
