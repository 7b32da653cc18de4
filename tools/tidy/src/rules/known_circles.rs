//! No circle is on the list of known ones that is not there any more.

use super::Rule;
use crate::{Finding, house::House};
use anyhow::Result;

/// No circle is on the list of known ones that is not there any more. Comes after the rules that find
/// circles.
#[derive(Debug)]
pub(crate) struct KnownCircles;

impl Rule for KnownCircles {
    fn check(&self, house: &House) -> Result<Vec<Finding>> {
        let settings = &house.settings;
        let gone = settings
            .circles
            .known
            .iter()
            .filter(|known| known.is_gone());
        let findings = gone.map(|known| {
            let first = known.files.first().map_or("", String::as_str);
            settings.finding(
                first,
                "no circle of these is left; remove it from the known circles",
            )
        });
        Ok(findings.collect())
    }
}
