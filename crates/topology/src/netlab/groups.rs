//! Groups of nodes: what they give to their members, and the nodes they make.

use std::collections::{HashMap, HashSet};

use crate::yaml::{Entry, Value};

/// Enough for any lab, and few enough that groups of groups cannot take forever.
const MAX_GROUPS: usize = 300;
const MAX_PATTERNS: usize = 300;

/// All groups of nodes, in the order of the file.
pub(super) struct Groups<'a> {
    groups: Vec<Group<'a>>,
    makes_members: bool,
}

pub(super) struct Group<'a> {
    pub(super) name: &'a str,
    data: &'a Value,
    /// As written, with lines.
    members: Vec<(&'a str, u32)>,
    /// With those of the groups that are members.
    names: HashSet<&'a str>,
    patterns: Vec<&'a str>,
}

impl<'a> Groups<'a> {
    pub(super) fn read(document: &'a Value) -> Self {
        let mut groups: Vec<Group<'a>> = document
            .get("groups")
            .map(Value::entries)
            .unwrap_or_default()
            .iter()
            .filter(|entry| !entry.key.starts_with('_'))
            .filter(|entry| entry.value.text("type").is_none_or(|kind| kind == "node"))
            .take(MAX_GROUPS)
            .map(group)
            .collect();
        let written: HashMap<&str, Vec<&'a str>> = groups
            .iter()
            .map(|group| (group.name, group.members.iter().map(|(name, _)| *name).collect()))
            .collect();
        for group in &mut groups {
            group.gather(&written);
        }
        let is_set = |path: &[&str]| document.at(path).is_some_and(Value::is_true);
        let makes_members =
            is_set(&["groups", "_auto_create"]) || is_set(&["defaults", "groups", "_auto_create"]);
        Self { groups, makes_members }
    }

    /// Nodes that exist because they are members, with their lines.
    pub(super) fn made(&self) -> Vec<(&'a str, u32)> {
        let names: HashSet<&str> = self.groups.iter().map(|group| group.name).collect();
        let mut seen = HashSet::new();
        self.groups
            .iter()
            .filter(|group| {
                self.makes_members || group.data.get("_auto_create").is_some_and(Value::is_true)
            })
            .flat_map(|group| group.members.iter().copied())
            .filter(|(name, _)| !names.contains(name) && !is_pattern(name) && seen.insert(*name))
            .collect()
    }

    /// The groups of a node, the first of the file first.
    pub(super) fn of(&self, node: &str, data: &Value) -> Vec<&Group<'a>> {
        let named = data.get("group").map(Value::words).unwrap_or_default();
        let is_of = |group: &&Group<'a>| named.contains(&group.name) || group.has(node);
        self.groups.iter().filter(is_of).collect()
    }
}

impl<'a> Group<'a> {
    /// A setting for its members.
    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.data.text(key).or_else(|| self.data.at(&["node_data", key])?.word())
    }

    fn has(&self, node: &str) -> bool {
        self.name == "all"
            || self.names.contains(node)
            || self.patterns.iter().any(|pattern| matches(pattern, node))
    }

    fn gather(&mut self, written: &HashMap<&str, Vec<&'a str>>) {
        let mut seen = HashSet::from([self.name]);
        let mut waiting = vec![self.name];
        while let Some(group) = waiting.pop() {
            for member in written.get(group).into_iter().flatten().copied() {
                if written.contains_key(member) {
                    waiting.extend(seen.insert(member).then_some(member));
                } else if !is_pattern(member) {
                    self.names.insert(member);
                } else if self.patterns.len() < MAX_PATTERNS {
                    self.patterns.push(member);
                }
            }
        }
    }
}

fn group(entry: &Entry) -> Group<'_> {
    let members = entry.value.get("members").unwrap_or(&entry.value);
    let members = members.items().iter();
    Group {
        name: &entry.key,
        data: &entry.value,
        members: members.filter_map(|item| Some((item.word()?, item.line))).collect(),
        names: HashSet::new(),
        patterns: Vec::new(),
    }
}

fn is_pattern(member: &str) -> bool {
    member.starts_with('~') || member.contains(['[', ']', '.', '*', '?', '!'])
}

/// Stars and question marks. Sets and regular expressions are left to netlab.
fn matches(pattern: &str, name: &str) -> bool {
    let name: Vec<char> = name.chars().collect();
    // Which beginnings of the name the pattern so far can stand for.
    let mut reached: Vec<bool> = (0..=name.len()).map(|length| length == 0).collect();
    for wanted in pattern.chars() {
        let was = |length: usize| reached.get(length).copied().unwrap_or_default();
        let mut any = false;
        reached = (0..=name.len())
            .map(|length| {
                any |= was(length);
                let stepped = length.checked_sub(1).is_some_and(|before| {
                    was(before) && (wanted == '?' || name.get(before) == Some(&wanted))
                });
                if wanted == '*' { any } else { stepped }
            })
            .collect();
    }
    reached.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns() {
        for (pattern, name, is_match) in [
            ("l*", "l1", true),
            ("*", "", true),
            ("*1", "leaf1", true),
            ("l?", "l1", true),
            ("l?", "l12", false),
            ("*a*b", "xaxb", true),
            ("*a*b", "xbxa", false),
        ] {
            assert_eq!(matches(pattern, name), is_match, "{pattern} {name}");
        }
    }
}
