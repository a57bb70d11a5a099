//! What the configuration says of one host: the first value of each option wins, as in OpenSSH.

use std::collections::BTreeSet;

use super::{ConfigForward, SshConfig};

/// Options that change how one connects and that a caller of `HostConfig` is not told otherwise.
const UNUSED: &[(&str, &str)] = &[
    ("bindaddress", "BindAddress"),
    ("bindinterface", "BindInterface"),
    ("canonicalizehostname", "CanonicalizeHostname"),
    ("casignaturealgorithms", "CASignatureAlgorithms"),
    ("certificatefile", "CertificateFile"),
    ("ciphers", "Ciphers"),
    ("forwardagent", "ForwardAgent"),
    ("gssapiauthentication", "GSSAPIAuthentication"),
    ("hostkeyalgorithms", "HostKeyAlgorithms"),
    ("hostkeyalias", "HostKeyAlias"),
    ("kexalgorithms", "KexAlgorithms"),
    ("knownhostscommand", "KnownHostsCommand"),
    ("macs", "MACs"),
    ("pkcs11provider", "PKCS11Provider"),
    ("preferredauthentications", "PreferredAuthentications"),
    ("pubkeyacceptedalgorithms", "PubkeyAcceptedAlgorithms"),
    ("pubkeyacceptedkeytypes", "PubkeyAcceptedKeyTypes"),
    ("remotecommand", "RemoteCommand"),
    ("securitykeyprovider", "SecurityKeyProvider"),
];

/// What the configuration says of one host. Words are as they stand there, except for `%h`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HostConfig {
    /// The name it was looked up by.
    pub alias: String,
    /// Where it is: `HostName`, or the alias itself.
    pub host_name: String,
    pub user: Option<String>,
    pub port: Option<u16>,
    pub identity_files: Vec<String>,
    pub identities_only: bool,
    pub identity_agent: Option<String>,
    /// None also for the word `none`.
    pub proxy_jump: Option<String>,
    /// None also for the word `none`.
    pub proxy_command: Option<String>,
    pub known_hosts_files: Vec<String>,
    /// `StrictHostKeyChecking` is off or accepts new keys.
    pub is_lax: bool,
    /// Port forwards, in the order of the files.
    pub forwards: Vec<ConfigForward>,
    /// Options that change how one connects and are not among the above, by their usual spelling.
    pub unused: BTreeSet<&'static str>,
    /// Values that make no sense, in words.
    pub problems: Vec<String>,
}

impl SshConfig {
    /// Everything the configuration says of a host; for one it does not name, what its patterns say. Where
    /// OpenSSH was asked, its answer.
    #[must_use]
    pub fn lookup(&self, alias: &str) -> HostConfig {
        if let Some(answer) = self.answers.get(alias) {
            return answer.clone();
        }
        let mut found = HostConfig { alias: alias.to_owned(), ..HostConfig::default() };
        let mut seen = BTreeSet::new();
        for directive in &self.directives {
            if !directive.scopes.iter().all(|scope| scope.fits(alias)) {
                continue;
            }
            let keyword = directive.keyword.as_str();
            let Some(first) = directive.arguments.first() else { continue };
            match keyword {
                "identityfile" => found.identity_files.push(first.clone()),
                "localforward" | "remoteforward" | "dynamicforward" => {
                    found.forwards.extend(directive.forward(alias));
                }
                _ if seen.insert(keyword) => {
                    // Whichever of the two comes first turns the other off.
                    if keyword == "proxyjump" {
                        seen.insert("proxycommand");
                    } else if keyword == "proxycommand" {
                        seen.insert("proxyjump");
                    }
                    found.set(keyword, first, &directive.arguments, &directive.rest);
                }
                _ => {}
            }
        }
        found.host_name = match std::mem::take(&mut found.host_name) {
            name if name.is_empty() => alias.to_owned(),
            name => name.replace("%h", alias).replace("%%", "%"),
        };
        found
    }
}

impl HostConfig {
    pub(super) fn set(&mut self, keyword: &str, first: &str, all: &[String], rest: &str) {
        let unless_none =
            |word: &str| (!word.eq_ignore_ascii_case("none")).then(|| word.to_owned());
        match keyword {
            "hostname" => self.host_name = first.to_owned(),
            "user" => self.user = Some(first.to_owned()),
            "port" => match first.parse() {
                Ok(port) if port > 0 => self.port = Some(port),
                _ => self.problems.push(format!("\"{first}\" is not a port")),
            },
            "identitiesonly" => self.identities_only = is_on(first),
            "identityagent" => self.identity_agent = Some(first.to_owned()),
            "proxyjump" => self.proxy_jump = unless_none(first),
            "proxycommand" => self.proxy_command = unless_none(rest),
            "userknownhostsfile" => self.known_hosts_files = all.to_vec(),
            "stricthostkeychecking" => {
                self.is_lax = matches!(first, "no" | "off" | "false" | "accept-new");
            }
            _ => {
                let known = UNUSED.iter().find(|(name, _)| *name == keyword);
                let is_off = matches!(first, "no" | "none");
                self.unused.extend(known.filter(|_| !is_off).map(|(_, spelling)| *spelling));
            }
        }
    }
}

fn is_on(word: &str) -> bool {
    matches!(word.to_ascii_lowercase().as_str(), "yes" | "true")
}
