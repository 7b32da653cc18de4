//! The rules, a file each.

mod bans;
mod bytes;
mod circles;
mod columns;
mod crates;
mod directories;
mod known_circles;
mod must_not_know;
mod rule;
mod same_features;
mod size;
mod texts;
mod words;

pub use rule::Rule;

/// All rules.
pub fn all() -> Vec<Box<dyn Rule>> {
    vec![
        Box::new(circles::Circles),
        Box::new(directories::Directories),
        Box::new(known_circles::KnownCircles),
        Box::new(must_not_know::MustNotKnow),
        Box::new(crates::Crates),
        Box::new(bans::Bans),
        Box::new(same_features::SameFeatures),
        Box::new(size::Size),
        Box::new(words::Words),
        Box::new(texts::Texts),
        Box::new(bytes::Bytes),
        Box::new(columns::Columns),
    ]
}
