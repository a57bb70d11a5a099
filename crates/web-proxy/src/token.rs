//! Random tokens and the one-time links that carry them.

use std::{
    fmt, hint, io,
    sync::Mutex,
    time::{Duration, Instant},
};

/// How long a one-time link may be used.
pub(crate) const LINK_LIFE: Duration = Duration::from_secs(60);
/// Links beyond this many push out the oldest.
const MOST_LINKS: usize = 64;

/// 256 random bits as hexadecimal digits. Never printed.
pub(crate) struct Token(String);

impl Token {
    /// A fresh token.
    ///
    /// Errors: when the system gives no randomness.
    pub(crate) fn random() -> io::Result<Self> {
        let mut random = [0_u8; 32];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        Ok(Self(random.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// The digits, for a link or a cookie.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// Compares in a time that does not depend on where the first difference is.
    pub(crate) fn matches(&self, offered: &[u8]) -> bool {
        let own = self.0.as_bytes();
        if own.len() != offered.len() {
            return false;
        }
        let difference =
            own.iter().zip(offered).fold(0, |all, (a, b)| hint::black_box(all | (a ^ b)));
        difference == 0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<secret>")
    }
}

#[derive(Debug)]
struct Link {
    token: Token,
    path: String,
    ends_at: Instant,
}

/// The links that were handed out and not used yet.
#[derive(Debug, Default)]
pub(crate) struct Links(Mutex<Vec<Link>>);

impl Links {
    /// Remembers that `token` opens `path` until `LINK_LIFE` after `now`.
    pub(crate) fn add(&self, token: Token, path: String, now: Instant) {
        let mut links = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        links.retain(|link| link.ends_at > now);
        if links.len() >= MOST_LINKS {
            links.remove(0);
        }
        links.push(Link { token, path, ends_at: now + LINK_LIFE });
    }

    /// Uses a link up and gives its path. None when it was used, has ended, or never was.
    pub(crate) fn redeem(&self, offered: &[u8], now: Instant) -> Option<String> {
        let mut links = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        links.retain(|link| link.ends_at > now);
        let mut found = None;
        for (index, link) in links.iter().enumerate() {
            if link.token.matches(offered) {
                found = Some(index);
            }
        }
        found.map(|index| links.swap_remove(index).path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(links: &Links, path: &str, now: Instant) -> String {
        let token = Token::random().unwrap();
        let text = token.reveal().to_owned();
        links.add(token, path.to_owned(), now);
        text
    }

    #[test]
    fn a_link_works_once() {
        let (links, now) = (Links::default(), Instant::now());
        let token = link(&links, "/a?b", now);
        assert_eq!(token.len(), 64);
        assert_eq!(links.redeem(token.as_bytes(), now).as_deref(), Some("/a?b"));
        assert_eq!(links.redeem(token.as_bytes(), now), None);
    }

    #[test]
    fn a_link_ends() {
        let (links, now) = (Links::default(), Instant::now());
        let token = link(&links, "/", now);
        assert_eq!(links.redeem(token.as_bytes(), now + LINK_LIFE), None);
    }

    #[test]
    fn only_the_whole_token_counts() {
        let (links, now) = (Links::default(), Instant::now());
        let token = link(&links, "/", now);
        for wrong in ["", &token[1..], &format!("{token}0"), &"0".repeat(64)] {
            assert_eq!(links.redeem(wrong.as_bytes(), now), None, "{wrong}");
        }
        assert!(links.redeem(token.as_bytes(), now).is_some());
    }

    #[test]
    fn links_do_not_pile_up() {
        let (links, now) = (Links::default(), Instant::now());
        let oldest = link(&links, "/", now);
        for _ in 0..MOST_LINKS {
            link(&links, "/", now);
        }
        assert_eq!(links.redeem(oldest.as_bytes(), now), None);
    }

    #[test]
    fn tokens_are_not_printed() {
        assert_eq!(format!("{:?}", Token::random().unwrap()), "<secret>");
    }
}
