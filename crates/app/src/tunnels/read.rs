//! A typed line becomes what the form would send: the text is read by `model`, the name after `via` here.

use model::{
    Failure, FieldProblem, SshHostId, TunnelInput, TunnelLine, TunnelOptions, TunnelReading,
    TunnelThrough, TunnelWay, TypedWay,
};

use super::{entry::is_exposed, judge};
use crate::{Core, state::State};

/// A name that stands in suggestions while no host is known.
const EXAMPLE: &str = "my-server";
/// What is this far from a name may be it, misspelt.
const NEAR: usize = 2;

impl Core {
    /// Reads a tunnel from a typed line; stores nothing.
    ///
    /// # Errors
    /// `Cancelled` while the app is ending. What is wrong with the line is said in the reply.
    pub async fn tunnel_read(&self, line: &str) -> Result<TunnelReading, Failure> {
        let ways = self.tunnel_ways().await?;
        let example = ways.first().map_or(EXAMPLE, |way| way.name.as_str());
        let read = match TunnelLine::read(line, example) {
            Ok(Some(read)) => read,
            Ok(None) => {
                return Ok(TunnelReading { input: None, through_name: None, problem: None });
            }
            Err(problem) => return Ok(wrong(problem)),
        };
        let way = match find(&read, &ways) {
            Ok(way) => way,
            Err(problem) => return Ok(wrong(problem)),
        };
        let options = TunnelOptions {
            // Whoever types an address that others can reach asks for it by name.
            may_be_exposed: is_exposed(read.route.listen()),
            ..TunnelOptions::default()
        };
        let through = way.through.clone();
        let input = TunnelInput { name: String::new(), route: read.route, through, options };
        Ok(match self.judge_read(input).await? {
            Ok(input) => TunnelReading {
                input: Some(input),
                through_name: Some(way.name.clone()),
                problem: None,
            },
            Err(failure) => wrong(FieldProblem {
                field: failure.field.unwrap_or_default(),
                message: failure.message,
                suggestion: None,
            }),
        })
    }

    async fn judge_read(
        &self,
        input: TunnelInput,
    ) -> Result<Result<TunnelInput, Failure>, Failure> {
        let job = move |state: &mut State| {
            judge::check(&input)?;
            let host = match &input.through {
                TunnelThrough::Host { ssh_host_id } => ssh_host_id.clone(),
                // Not stored, so no tunnel goes through it.
                TunnelThrough::Alias { .. } => SshHostId::generate(),
            };
            let others = state.tunnels.values().map(|entry| &entry.tunnel);
            judge::check_others(&input, &host, others)?;
            Ok(input)
        };
        self.shared.owner.with(job).await
    }
}

fn wrong(problem: FieldProblem) -> TunnelReading {
    TunnelReading { input: None, through_name: None, problem: Some(problem) }
}

/// The host that a line names, or what to type instead.
fn find<'a>(read: &TunnelLine, ways: &'a [TunnelWay]) -> Result<&'a TunnelWay, FieldProblem> {
    let typed = &read.way.name;
    let is_it = |way: &&TunnelWay| way.name.eq_ignore_ascii_case(typed) || is_address(way, typed);
    if read.way.jumps.is_empty()
        && let Some(way) = ways.iter().find(is_it)
    {
        return Ok(way);
    }
    let with = |way: &TunnelWay| {
        let named = TypedWay { name: way.name.clone(), jumps: Vec::new() };
        TunnelLine { route: read.route.clone(), way: named }.to_string()
    };
    if !read.way.jumps.is_empty() {
        // The jumps of a host that is known belong to it.
        return match ways.iter().find(is_it) {
            Some(way) => Ok(way),
            None => Err(FieldProblem {
                field: "through".into(),
                message: format!(
                    "{typed} and its jump hosts are not known yet: add them as a connection, or to ~/.ssh/config"
                ),
                suggestion: None,
            }),
        };
    }
    Err(FieldProblem {
        field: "through".into(),
        message: format!("no SSH host is called \"{typed}\" here or in ~/.ssh/config"),
        suggestion: nearest(typed, ways).map(with),
    })
}

/// Whether this is where the host is: its address with or without user, without the usual port.
fn is_address(way: &TunnelWay, typed: &str) -> bool {
    let short = way.address.strip_suffix(":22").unwrap_or(&way.address);
    let host = short.split_once('@').map_or(short, |(_, host)| host);
    [way.address.as_str(), short, host].iter().any(|one| one.eq_ignore_ascii_case(typed))
}

/// The name that was most likely meant.
fn nearest<'a>(typed: &str, ways: &'a [TunnelWay]) -> Option<&'a TunnelWay> {
    let typed = typed.to_lowercase();
    let begins = |way: &&TunnelWay| way.name.to_lowercase().starts_with(&typed);
    ways.iter().find(begins).or_else(|| {
        let far = ways.iter().map(|way| (distance(&typed, &way.name.to_lowercase()), way));
        far.filter(|(far, _)| *far <= NEAR).min_by_key(|(far, _)| *far).map(|(_, way)| way)
    })
}

/// How many letters have to be changed, put in or taken out.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (number, letter) in one.chars().enumerate() {
        let mut next = vec![number + 1];
        for (index, theirs) in other.iter().enumerate() {
            let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX);
            let changed = at(&row, index).saturating_add(usize::from(letter != *theirs));
            let moved = at(&row, index + 1).min(at(&next, index)).saturating_add(1);
            next.push(changed.min(moved));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ways() -> Vec<TunnelWay> {
        let way = |name: &str, address: &str| TunnelWay {
            name: name.into(),
            address: address.into(),
            through: TunnelThrough::Alias { alias: name.into() },
        };
        vec![way("Forge-1", "dev@10.0.0.1:22"), way("jump", "ops@lab-2:2222")]
    }

    fn found(way: &str) -> Result<String, Option<String>> {
        let line = TunnelLine::read(&format!("8080:db:5432 via {way}"), "x").unwrap().unwrap();
        let ways = ways();
        find(&line, &ways).map(|way| way.name.clone()).map_err(|problem| problem.suggestion)
    }

    #[test]
    fn a_host_is_found_by_what_it_is_called_and_where_it_is() {
        for typed in ["forge-1", "10.0.0.1", "dev@10.0.0.1", "dev@10.0.0.1:22"] {
            assert_eq!(found(typed), Ok("Forge-1".into()), "{typed}");
        }
        assert_eq!(found("lab-2:2222"), Ok("jump".into()));
        assert_eq!(found("root@10.0.0.1"), Err(None), "another user is another host");
    }

    #[test]
    fn a_near_miss_gets_a_line_that_works() {
        let line = |name: &str| Err(Some(format!("8080:db:5432 via {name}")));
        assert_eq!(found("jmp"), line("jump"));
        assert_eq!(found("forge"), line("Forge-1"));
        assert_eq!(found("forgr-2"), line("Forge-1"));
        assert_eq!(found("elsewhere"), Err(None));
    }

    proptest! {
        #[test]
        fn distances_are_distances(one in "[a-c]{0,6}", other in "[a-c]{0,6}") {
            prop_assert_eq!(distance(&one, &other), distance(&other, &one));
            prop_assert_eq!(distance(&one, &other) == 0, one == other);
            let longest = one.len().max(other.len());
            prop_assert!(distance(&one, &other) <= longest);
        }
    }
}
