//! What a server can do, by its generation and what it says of itself.

use model::{LabFeatures, LabVerb, NodeVerb, TopologyKind};

/// Which server answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Generation {
    Modern,
    /// 0.1.x.
    Legacy,
}

/// What was found out while connecting.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) generation: Generation,
    pub(crate) version: String,
    pub(crate) runtime: String,
    /// What the server lists; none: it has no list, and is of the months before it had one.
    pub(crate) listed: Option<Vec<String>>,
    pub(crate) is_tls: bool,
    pub(crate) takes_any_certificate: bool,
}

impl Found {
    pub(crate) fn is_modern(&self) -> bool {
        self.generation == Generation::Modern
    }

    fn has(&self, feature: &str) -> bool {
        let is_listed = |list: &Vec<String>| list.iter().any(|one| one == feature);
        self.is_modern() && self.listed.as_ref().is_none_or(is_listed)
    }

    pub(crate) fn features(&self) -> LabFeatures {
        let features = if self.is_modern() { self.modern() } else { self.legacy() };
        LabFeatures { warnings: self.warnings(), ..features }
    }

    fn modern(&self) -> LabFeatures {
        use LabVerb::{Apply, Collect, Create, Destroy, Redeploy, Restart, Start, Stop, Validate};
        let can_apply = self.listed.is_some();
        let mut verbs = vec![Validate, Create, Start, Stop, Restart, Redeploy, Destroy, Collect];
        if can_apply {
            verbs.push(Apply);
        }
        let mut lacks = Vec::new();
        let mut has = |feature: &str, sentence: &str| {
            let has = self.has(feature);
            if !has {
                lacks.push(sentence.to_owned());
            }
            has
        };
        let console = has("terminal-websocket", "This server opens no consoles.");
        let capture = has("captures", "This server offers no captures.");
        let images = has("runtime-images", "This server does not tell which images it has.");
        let rates = has("runtime-events-ndjson", "This server tells no rates.");
        if !can_apply {
            lacks.push("This server cannot say beforehand what a change would do, and applies none to a running lab. Newer servers can.".into());
        }
        LabFeatures {
            dialect: format!("containerlab API server {}", self.version),
            verbs,
            node_verbs: vec![
                NodeVerb::Start,
                NodeVerb::Stop,
                NodeVerb::Restart,
                NodeVerb::Pause,
                NodeVerb::Unpause,
            ],
            takes: vec![TopologyKind::Containerlab],
            console,
            node_logs: true,
            exec: true,
            interfaces: true,
            rates,
            impairments: true,
            capture,
            images,
            changes: can_apply,
            lacks,
            ..LabFeatures::default()
        }
    }

    fn legacy(&self) -> LabFeatures {
        use LabVerb::{Collect, Destroy, Redeploy, Start, Validate};
        LabFeatures {
            dialect: format!("containerlab API server {}, of the older kind", self.version),
            verbs: vec![Validate, Start, Redeploy, Destroy, Collect],
            takes: vec![TopologyKind::Containerlab],
            node_logs: true,
            exec: true,
            interfaces: true,
            impairments: true,
            lacks: LEGACY_LACKS.iter().map(|sentence| (*sentence).to_owned()).collect(),
            ..LabFeatures::default()
        }
    }

    fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if !self.is_tls {
            warnings.push(
                "The connection is not encrypted: the password can be read on the way.".into(),
            );
        } else if self.takes_any_certificate {
            warnings.push("Any certificate is taken: somebody on the way can pass for this server and read the password.".into());
        }
        warnings
    }
}

const LEGACY_LACKS: &[&str] = &[
    "Consoles: this older server gives only a port for another SSH client, which Moorline does not use.",
    "Stopping and starting of a lab or of single nodes: this older server can only deploy and destroy.",
    "Files: they are sent as one archive with each start, and cannot be fetched. What is collected is what nodes print.",
    "A plan of changes, rates and captures, and which images are there: this older server does not tell them.",
    "The log while it is deployed: this older server sends it at the end.",
];

#[cfg(test)]
mod tests {
    use model::LabVerb;

    use super::{Found, Generation};

    fn found(generation: Generation, listed: Option<&[&str]>) -> Found {
        Found {
            generation,
            version: "1".into(),
            runtime: "docker".into(),
            listed: listed.map(|list| list.iter().map(|one| (*one).to_owned()).collect()),
            is_tls: true,
            takes_any_certificate: false,
        }
    }

    #[test]
    fn what_a_server_does_not_list_is_lacking_and_said() {
        let some = found(Generation::Modern, Some(&["terminal-websocket"])).features();
        assert!(some.console && !some.capture && !some.images && !some.rates);
        assert_eq!(some.lacks.len(), 3);
        let before_lists = found(Generation::Modern, None).features();
        assert!(before_lists.console && !before_lists.changes);
        assert!(!before_lists.verbs.contains(&LabVerb::Apply));
    }

    #[test]
    fn the_older_server_says_what_it_lacks() {
        let old = found(Generation::Legacy, None).features();
        assert!(!old.console && !old.changes && old.node_verbs.is_empty() && old.lacks.len() > 3);
        assert!(!old.verbs.contains(&LabVerb::Stop));
    }

    #[test]
    fn what_can_be_read_on_the_way_is_warned_of() {
        let plain = Found { is_tls: false, ..found(Generation::Modern, None) };
        assert_eq!(plain.features().warnings.len(), 1);
        let any = Found { takes_any_certificate: true, ..found(Generation::Modern, None) };
        assert_eq!(any.features().warnings.len(), 1);
    }
}
