//! The numbers that tell labs of one server apart: found, kept, checked, given back.

use std::collections::{BTreeMap, BTreeSet};

use backend_api::{BackendError, Cx};

use crate::connect::MOST_INSTANCES;
use crate::session::NetlabSession;
use crate::status::Instance;
use crate::turn::Turns;

/// Which numbers are taken, each with the folder of its lab.
pub(super) type Taken = BTreeMap<u16, String>;

/// Gives the numbers kept for the lab in a folder back when it is dropped.
pub(super) struct Kept<'a> {
    pub(super) turns: &'a Turns,
    pub(super) folder: &'a str,
}

impl Drop for Kept<'_> {
    fn drop(&mut self) {
        self.turns.release(self.folder);
    }
}

impl NetlabSession {
    /// The numbers that labs of this server have, whether they run or not.
    pub(super) async fn taken(&self, cx: &Cx) -> Result<Taken, BackendError> {
        let (seen, made) = tokio::join!(self.look(cx), self.made_here(cx));
        let made = made?.into_iter();
        let made = made.filter_map(|(folder, manifest)| Some((manifest.instance?, folder)));
        let reserved = self.turns.reserved().into_iter();
        // What runs counts most.
        let running = of_instances(&seen?.instances);
        Ok(made.chain(reserved).chain(running).collect())
    }
}

fn of_instances(instances: &[Instance]) -> Vec<(u16, String)> {
    let number = |one: &Instance| Some((one.number()?, one.folder.clone()));
    instances.iter().filter_map(number).collect()
}

/// The number for the lab in `folder`: the one that is asked for, the one it had, or the first that is free.
///
/// # Errors
/// A sentence.
pub(super) fn choose(
    folder: &str,
    asked: Option<u16>,
    had: Option<u16>,
    taken: &Taken,
) -> Result<u16, String> {
    let is_free = |number: &u16| taken.get(number).is_none_or(|of| of == folder);
    if let Some(asked) = asked {
        if !(1..=MOST_INSTANCES).contains(&asked) {
            return Err(format!("a lab's number is from 1 to {MOST_INSTANCES}, not {asked}"));
        }
        return match taken.get(&asked) {
            Some(of) if of != folder => {
                Err(format!("the number {asked} belongs to the lab in {of}"))
            }
            _ => Ok(asked),
        };
    }
    if let Some(had) = had.filter(is_free) {
        return Ok(had);
    }
    let own = taken.iter().find(|(_, of)| *of == folder).map(|(number, _)| *number);
    let used: BTreeSet<u16> = taken.keys().copied().collect();
    let free = || (1..=MOST_INSTANCES).find(|number| !used.contains(number));
    own.or_else(free)
        .ok_or_else(|| format!("all {MOST_INSTANCES} numbers for labs are taken on this server"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Taken, choose};

    #[test]
    fn a_lab_keeps_its_number_and_takes_nobody_elses() {
        let taken: Taken = [(1, "/a".into()), (2, "/b".into())].into();
        assert_eq!(choose("/c", None, None, &taken), Ok(3));
        assert_eq!(choose("/b", None, Some(2), &taken), Ok(2));
        assert_eq!(choose("/b", None, None, &taken), Ok(2));
        // Somebody else took the number meanwhile.
        assert_eq!(choose("/c", None, Some(1), &taken), Ok(3));
        assert_eq!(choose("/c", Some(7), None, &taken), Ok(7));
        assert!(choose("/c", Some(1), None, &taken).is_err_and(|why| why.contains("/a")));
        assert!(choose("/c", Some(0), None, &taken).is_err());
        assert!(choose("/c", Some(201), None, &taken).is_err());
        let full: Taken = (1..=200).map(|number| (number, format!("/{number}"))).collect();
        assert!(choose("/c", None, None, &full).is_err());
        assert_eq!(choose("/7", None, None, &full), Ok(7));
    }

    proptest! {
        #[test]
        fn two_labs_never_share_a_number(count in 1usize..60) {
            let mut taken = Taken::new();
            for lab in 0..count {
                let folder = format!("/lab-{lab}");
                let number = choose(&folder, None, None, &taken).unwrap();
                prop_assert!(!taken.contains_key(&number));
                taken.insert(number, folder);
            }
        }
    }
}
