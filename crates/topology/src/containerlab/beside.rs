//! Files beside a topology that its nodes need: configurations, licences, environment, what is bound in.

use super::nodes::Source;
use crate::yaml::Value;

/// One path each.
const SINGLE: &[&str] = &["startup-config", "license"];
/// Lists of all levels, put together.
const LISTS: &[&str] = &["binds", "env-files"];
const NODE_NAME: &str = "__clabNodeName__";

/// Paths relative to the topology's folder, as far as they can be told: not what is on the server anyway,
/// what is fetched, and what is written into the topology itself.
pub(super) fn of(source: &Source<'_>, name: &str, node: &Value) -> Vec<String> {
    let single = SINGLE.iter().filter_map(|key| source.setting(node, key));
    let lists = LISTS.iter().flat_map(|key| {
        let is_bind = *key == "binds";
        let words = source.all(node, key).into_iter();
        words.map(move |word| if is_bind { word.split(':').next().unwrap_or(word) } else { word })
    });
    let named = single.chain(lists).filter_map(|path| relative(&path.replace(NODE_NAME, name)));
    named.collect()
}

fn relative(path: &str) -> Option<String> {
    let is_elsewhere = path.starts_with(['/', '~'])
        || path.contains("://")
        || path.contains("__clab")
        // With spaces it is more likely a configuration than the name of one.
        || path.contains(['$', '{', ' ', '\n']);
    let parts = path.split('/').filter(|part| !matches!(*part, "" | "."));
    let path = parts.collect::<Vec<_>>().join("/");
    (!is_elsewhere && !path.is_empty()).then_some(path)
}
