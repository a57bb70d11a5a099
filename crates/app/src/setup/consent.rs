//! What a person agreed to: this script, with these arguments, on this server. A retry does that or nothing.

use model::{ErrorCode, Failure, FormValues, SetupPlan, SshHost};
use sha2::{Digest as _, Sha256};

/// Stands beside the choices in the stored input of a run; no field of a form is called so.
const AGREED: &str = "agreed_to";

/// The input of a run with what was agreed to.
pub(super) fn with(mut values: FormValues, digest: String) -> FormValues {
    values.insert(AGREED.into(), digest);
    values
}

/// A stored input as it was chosen, and what was agreed to then.
pub(super) fn split(mut input: FormValues) -> (FormValues, Option<String>) {
    let digest = input.remove(AGREED);
    (input, digest)
}

/// A digest of everything that a person agrees to.
pub(super) fn digest(script: &str, plan: &SetupPlan, hosts: &[SshHost]) -> String {
    let mut hash = Sha256::new();
    let mut add = |part: &str| {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    };
    add(script);
    plan.arguments.iter().for_each(|argument| add(argument));
    if let Some(host) = hosts.last() {
        add(&host.user);
        host.addresses.iter().for_each(|address| add(&address.to_string()));
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Refuses to do again what is not what was agreed to any more.
pub(super) fn check(agreed: Option<&str>, now: &str, server: &str) -> Result<(), Failure> {
    if agreed == Some(now) {
        return Ok(());
    }
    Err(Failure::new(
        ErrorCode::Conflict,
        format!("the set-up of {server} is not the one that you agreed to any more"),
    )
    .with_hint(format!("Open the set-up on the page of {server}, read it and agree to it there.")))
}

#[cfg(test)]
mod tests {
    use model::{HostAddress, SshHostId};

    use super::*;

    fn plan(argument: &str) -> SetupPlan {
        SetupPlan {
            arguments: vec![argument.into(), "alice".into()],
            steps: Vec::new(),
            warnings: Vec::new(),
            problems: Vec::new(),
        }
    }

    fn host(address: &str) -> SshHost {
        SshHost {
            id: SshHostId::from_raw("h"),
            addresses: vec![HostAddress { host: address.into(), port: 22 }],
            user: "alice".into(),
            auth: Vec::new(),
            jumps: Vec::new(),
        }
    }

    #[test]
    fn consent_is_to_one_script_with_its_arguments_on_one_server() {
        let values = FormValues::from([("mode".to_owned(), "rootless".to_owned())]);
        let agreed = digest("apt-get install podman", &plan("rootless"), &[host("forge-1")]);
        let (chosen, kept) = split(with(values.clone(), agreed.clone()));
        assert_eq!(chosen, values);
        check(kept.as_deref(), &agreed, "forge-1").unwrap();
        let others = [
            digest("apt-get install other", &plan("rootless"), &[host("forge-1")]),
            digest("apt-get install podman", &plan("rootful"), &[host("forge-1")]),
            digest("apt-get install podman", &plan("rootless"), &[host("elsewhere")]),
        ];
        for other in others {
            let failure = check(kept.as_deref(), &other, "forge-1").unwrap_err();
            assert_eq!(failure.code, ErrorCode::Conflict);
        }
        assert!(check(None, &agreed, "forge-1").is_err(), "nothing is known of a consent");
    }
}
