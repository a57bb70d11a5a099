//! What went wrong with a pull or a build, in a sentence with a next step.

use backend_api::BackendError;

/// Why a registry did not give an image; none when the words are about something else.
pub(super) fn about_registry(
    server: &str,
    image: &str,
    registry: &str,
    words: &str,
) -> Option<BackendError> {
    let has = |needles: &[&str]| needles.iter().any(|needle| words.contains(needle));
    let error = if has(&[
        "unauthorized",
        "authentication required",
        "access to the resource is denied",
        "403 (Forbidden)",
    ]) {
        BackendError::unauthorized(format!("{registry} does not give {image} to \"{server}\" without a login"))
            .with_hint(format!(
                "Check the name. If the image is private, run `podman login {registry}` on the server as the user that runs Podman, then retry."
            ))
    } else if has(&["manifest unknown", "name unknown", "NAME_UNKNOWN", "not found: manifest"]) {
        BackendError::not_found(format!("{registry} has no image {image}"))
            .with_field("name")
            .with_hint("Check the name and the tag.")
    } else if has(&["toomanyrequests", "too many requests", "429"]) {
        BackendError::busy(format!("{registry} lets \"{server}\" fetch no more images for now"))
            .with_hint("Wait until its limit is over, or log in on the server with `podman login`.")
    } else if has(&["x509", "certificate"]) {
        BackendError::unreachable(format!(
            "\"{server}\" does not trust the certificate of {registry}"
        ))
        .with_hint("Put the registry's certificate under /etc/containers/certs.d on the server.")
    } else if has(&["server gave HTTP response to HTTPS client"]) {
        BackendError::unreachable(format!("{registry} speaks no HTTPS"))
            .with_hint("If that is meant, mark it as insecure in /etc/containers/registries.conf on the server.")
    } else if has(&[
        "no such host",
        "connection refused",
        "i/o timeout",
        "network is unreachable",
        "no route to host",
        "TLS handshake timeout",
        "connection reset",
        "context deadline exceeded",
    ]) {
        BackendError::unreachable(format!("\"{server}\" cannot reach the registry {registry}"))
            .with_hint("The server itself fetches images: check its name resolution, its proxy and the way out to the registry, then retry.")
    } else if has(&["short-name"]) {
        BackendError::invalid(format!(
            "\"{server}\" does not know which registry \"{image}\" comes from"
        ))
        .with_field("name")
        .with_hint("Write the whole name, for example docker.io/library/debian:12.")
    } else {
        return None;
    };
    Some(error.with_detail(words))
}

/// Why the server could not store something; none when the words are about something else.
pub(super) fn about_disk(server: &str, what: &str, words: &str) -> Option<BackendError> {
    let is_full =
        words.contains("no space left on device") || words.contains("disk quota exceeded");
    is_full.then(|| {
        BackendError::rejected(format!("cannot {what}: the disk of \"{server}\" is full"))
            .with_hint("Free space on the server, for example by pruning images that nothing uses, and retry.")
            .with_detail(words)
    })
}

/// The registry that Podman's words name.
pub(super) fn registry_in(words: &str) -> Option<&str> {
    for mark in ["pinging container registry ", "docker://"] {
        if let Some((_, rest)) = words.split_once(mark) {
            let end = rest.find([':', '/', ' ']).unwrap_or(rest.len());
            let host = rest.get(..end)?;
            let port = rest
                .get(end..)?
                .strip_prefix(':')
                .map(|rest| rest.chars().take_while(char::is_ascii_digit).count());
            let length = port.filter(|digits| *digits > 0).map_or(end, |digits| end + 1 + digits);
            return rest.get(..length).or(Some(host));
        }
    }
    None
}

/// The image that Podman's words name.
pub(super) fn image_in(words: &str) -> Option<&str> {
    let (_, rest) = words.split_once("docker://")?;
    let name = rest.split([' ', '"']).next()?;
    Some(name.trim_end_matches(':'))
}

#[cfg(test)]
mod tests {
    use backend_api::BackendError;
    use model::Failure;
    use proptest::prelude::*;

    use super::{about_disk, about_registry, image_in, registry_in};

    #[test]
    fn a_registry_that_cannot_be_reached_is_named() {
        let words = "initializing source docker://127.0.0.1:9/x:1: pinging container registry 127.0.0.1:9: Get \"https://127.0.0.1:9/v2/\": dial tcp 127.0.0.1:9: connect: connection refused";
        assert_eq!(registry_in(words), Some("127.0.0.1:9"));
        assert_eq!(image_in(words), Some("127.0.0.1:9/x:1"));
        let failure = Failure::from(
            about_registry("forge-1", "127.0.0.1:9/x:1", "127.0.0.1:9", words).unwrap(),
        );
        assert_eq!(failure.message, "\"forge-1\" cannot reach the registry 127.0.0.1:9");
        let host = "pinging container registry registry-1.docker.io: Get";
        assert_eq!(registry_in(host), Some("registry-1.docker.io"));
    }

    #[test]
    fn logins_and_missing_images_are_told_apart() {
        let kind = |words| about_registry("f", "q/x:1", "q", words);
        assert!(matches!(
            kind("reading manifest 1 in q/x: unauthorized"),
            Some(BackendError::Unauthorized(_))
        ));
        assert!(matches!(
            kind("reading manifest 1 in q/x: manifest unknown"),
            Some(BackendError::NotFound(_))
        ));
        assert!(kind("exit status 7").is_none());
    }

    #[test]
    fn a_full_disk_names_the_server() {
        let error =
            about_disk("forge-1", "build dev:1", "write /x: no space left on device").unwrap();
        assert_eq!(
            Failure::from(error).message,
            "cannot build dev:1: the disk of \"forge-1\" is full"
        );
    }

    proptest! {
        #[test]
        fn no_words_panic(words in "\\PC{0,60}(docker://|pinging container registry )?\\PC{0,40}") {
            let _ = (registry_in(&words), image_in(&words), about_registry("s", "i", "r", &words));
        }
    }
}
