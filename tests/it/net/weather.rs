//! Trouble at random, and the record of when it was: what a test may excuse by it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::Result;
use tests::net::{Noise, World};

/// What a fault means for who uses the way. The later, the worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Trouble {
    None,
    /// Slower, and nothing else.
    Rough,
    /// Connections are lost, and new ones work or do not.
    Lost,
    /// The SSH server reaches its target no more, and closes in order.
    TargetLost,
}

#[derive(Debug)]
struct Spell {
    kind: Kind,
    begin: Instant,
    end: Option<Instant>,
}

/// What happened to one world and when. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sky(Arc<Mutex<Vec<Spell>>>);

impl Sky {
    /// The worst trouble for the tunnel through this host that there was since then.
    pub(crate) fn worst_since(&self, since: Instant, alias: &str) -> Trouble {
        let spells = self.0.lock().unwrap();
        let late = spells.iter().filter(|spell| spell.end.is_none_or(|end| end > since));
        late.map(|spell| spell.kind.means(alias)).max().unwrap_or(Trouble::None)
    }

    /// How long there has been no way for the tunnel through this host.
    pub(crate) fn lost_for(&self, alias: &str) -> Option<Duration> {
        let spells = self.0.lock().unwrap();
        let now = spells.iter().find(|spell| spell.end.is_none())?;
        now.kind.keeps_down(alias).then(|| now.begin.elapsed())
    }

    /// What happened last, and when, as seen from now.
    pub(crate) fn last(&self) -> String {
        let spells = self.0.lock().unwrap();
        let words = |spell: &Spell| {
            let ended = spell.end.map(|end| end.elapsed());
            format!("{:?} began {:?} ago, ended {ended:?} ago", spell.kind, spell.begin.elapsed())
        };
        spells.last().map_or_else(|| "nothing".to_owned(), words)
    }

    /// How often there was what.
    pub(crate) fn words(&self) -> String {
        let mut counts = BTreeMap::<String, u32>::new();
        for spell in self.0.lock().unwrap().iter() {
            *counts.entry(format!("{:?}", spell.kind)).or_default() += 1;
        }
        format!("{counts:?}")
    }

    fn begin(&self, kind: Kind) {
        self.0.lock().unwrap().push(Spell { kind, begin: Instant::now(), end: None });
    }

    fn end(&self) {
        if let Some(spell) = self.0.lock().unwrap().last_mut() {
            spell.end = Some(Instant::now());
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Lossy,
    Slow,
    Cut,
    BlackHole,
    NatFlushed,
    JumpLost,
    FarLost,
    JumpStopped,
    FarStopped,
    JumpKilled,
    FarKilled,
    TargetDown,
}

const KINDS: [Kind; 12] = [
    Kind::Lossy,
    Kind::Slow,
    Kind::Cut,
    Kind::BlackHole,
    Kind::NatFlushed,
    Kind::JumpLost,
    Kind::FarLost,
    Kind::JumpStopped,
    Kind::FarStopped,
    Kind::JumpKilled,
    Kind::FarKilled,
    Kind::TargetDown,
];

impl Kind {
    fn means(self, alias: &str) -> Trouble {
        match self {
            Self::Lossy | Self::Slow => Trouble::Rough,
            Self::TargetDown => Trouble::TargetLost,
            // The target is on far, and the jump host sees it go.
            Self::FarLost if is_jump(alias) => Trouble::TargetLost,
            Self::FarStopped | Self::FarKilled if is_jump(alias) => Trouble::None,
            _ => Trouble::Lost,
        }
    }

    /// True when nothing gets through while it lasts.
    fn keeps_down(self, alias: &str) -> bool {
        self.means(alias) >= Trouble::Lost && self != Self::NatFlushed
    }

    fn begin(self, world: &mut World, noise: &mut Noise) -> Result<()> {
        match self {
            Self::Lossy => world.lose(u8::try_from(noise.among(1..5))?),
            Self::Slow => world.slow(u32::try_from(noise.among(1500..4000))?),
            Self::Cut => world.cut(),
            Self::BlackHole => world.black_hole(),
            Self::NatFlushed => world.flush_nat(),
            Self::JumpLost => world.lose_jump(),
            Self::FarLost => world.lose_far(),
            Self::JumpStopped => {
                world.jump.signal("STOP");
                Ok(())
            }
            Self::FarStopped => {
                world.far.signal("STOP");
                Ok(())
            }
            Self::JumpKilled => {
                world.jump.stop();
                Ok(())
            }
            Self::FarKilled => {
                world.far.stop();
                Ok(())
            }
            Self::TargetDown => {
                world.stop_target();
                Ok(())
            }
        }
    }

    fn end(self, world: &mut World) -> Result<()> {
        match self {
            Self::NatFlushed => Ok(()),
            Self::JumpStopped => {
                world.jump.signal("CONT");
                Ok(())
            }
            Self::FarStopped => {
                world.far.signal("CONT");
                Ok(())
            }
            Self::JumpKilled => world.jump.start_again(),
            Self::FarKilled => world.far.start_again(),
            Self::TargetDown => world.start_target(),
            _ => world.heal(),
        }
    }
}

fn is_jump(alias: &str) -> bool {
    alias.starts_with("jump")
}

/// One fault after the other until then, with a pause between any two; the world is mended at the end.
pub(crate) fn break_at_random(
    mut world: World,
    sky: &Sky,
    mut noise: Noise,
    until: Instant,
) -> Result<World> {
    while Instant::now() < until {
        sleep(Duration::from_millis(noise.among(500..8_000)));
        let kind = KINDS[usize::try_from(noise.among(0..KINDS.len() as u64))?];
        // A blink, longer than TCP waits, and longer than it takes to be told.
        let millis = match noise.among(0..3) {
            0 => noise.among(100..2_000),
            1 => noise.among(2_000..8_000),
            _ => noise.among(16_000..26_000),
        };
        sky.begin(kind);
        kind.begin(&mut world, &mut noise)?;
        sleep(Duration::from_millis(millis));
        kind.end(&mut world)?;
        sky.end();
    }
    Ok(world)
}
