//! `[python]`: how Python behaves in the sandbox.

use crate::declare::{choice, section};
use crate::key::{Key, Shape};
use crate::reader::{NumberOr, RawValue, SectionReader};

section! {
    /// How Python behaves in the sandbox
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct PythonSection ["python"] {
        /// What pools of threads do: fail, or run each task in place when it is submitted
        threads: Threads { example: r#"threads = "inline""# }
        /// The seed of `hash()` for texts and bytes, the same in every run of the image
        hash_seed: HashSeed {
            example: r#"hash-seed = "random-at-bake""#,
            value: "`random-at-bake`, or an integer from 0 to 4294967295",
            absent: "the same for every image",
        }
    }
}

/// The seed of `hash()` for `str` and `bytes`, which a bake chooses for every run of its image.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum HashSeed {
    /// The one that every image has.
    #[default]
    Common,
    /// This one, as `PYTHONHASHSEED` takes it; 0 is no seed at all.
    Number(u32),
    /// One that nobody knew before the bake, so that two bakes of the same inputs differ.
    RandomAtBake,
}

impl HashSeed {
    /// The word for [`HashSeed::RandomAtBake`].
    const RANDOM: &'static str = "random-at-bake";
}

impl RawValue for HashSeed {
    const SHAPE: Shape = Shape::NumberOr(Self::RANDOM);

    fn read(reader: &mut SectionReader<'_, '_, '_>, key: &'static Key) -> Option<Self> {
        Some(match reader.number_or(key, Self::RANDOM)? {
            NumberOr::Number(seed) => Self::Number(seed),
            NumberOr::Word => Self::RandomAtBake,
        })
    }
}

choice! {
    /// What pools of threads do with a task, as no thread can be started.
    pub enum Threads {
        /// They fail, as starting a thread does.
        #[default]
        None = "none",
        /// They run it in place when it is submitted.
        Inline = "inline",
    }
}
