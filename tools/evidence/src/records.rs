//! What is known of each package: lines of JSON that outlive a run that was stopped.

use anyhow::{Context, Result};
use serde::{Serialize, de::DeserializeOwned};
use std::{
    collections::BTreeMap,
    fs::{self, OpenOptions},
    io::Write,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

/// Something that is known by a name.
pub(crate) trait Record: Serialize + DeserializeOwned {
    /// The name of the package.
    fn name(&self) -> &str;
}

/// The records in one file; of two with one name the later counts.
pub(crate) struct Records {
    path: PathBuf,
    writing: Mutex<()>,
}

impl Records {
    /// Those of a directory.
    pub(crate) fn of(directory: &std::path::Path) -> Self {
        Self {
            path: directory.join("records.jsonl"),
            writing: Mutex::new(()),
        }
    }

    /// All records, by name. A last line that was cut off is left out.
    pub(crate) fn read<R: Record>(&self) -> Result<BTreeMap<String, R>> {
        let text = match fs::read_to_string(&self.path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            text => text.with_context(|| format!("{} cannot be read", self.path.display()))?,
        };
        let records = text
            .lines()
            .filter_map(|line| serde_json::from_str::<R>(line).ok());
        Ok(records.map(|one| (one.name().to_owned(), one)).collect())
    }

    /// Adds a record.
    pub(crate) fn add(&self, record: &impl Record) -> Result<()> {
        // The line break comes first, so that a line that was cut off spoils no other.
        let line = format!("\n{}", serde_json::to_string(record)?);
        let _alone = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.path)?;
        Ok(file.write_all(line.as_bytes())?)
    }
}

/// The date of today in UTC, as in `2026-11-24`.
pub(crate) fn today() -> String {
    let seconds = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    date(seconds / 86_400)
}

/// The date of a day after 1970-01-01, in the Gregorian calendar.
fn date(mut day: u64) -> String {
    let is_leap = |year: u64| {
        (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400)
    };
    let mut year = 1970;
    while day >= 365 + u64::from(is_leap(year)) {
        day -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let february = 28 + u64::from(is_leap(year));
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if day < length {
            break;
        }
        day -= length;
        month += 1;
    }
    format!("{year}-{month:02}-{:02}", day + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Serialize, Deserialize, PartialEq)]
    struct Count {
        name: String,
        count: u8,
    }

    impl Record for Count {
        fn name(&self) -> &str {
            &self.name
        }
    }

    #[test]
    fn days_have_dates() {
        for (day, expected) in [
            (0, "1970-01-01"),
            (31, "1970-02-01"),
            (11_016, "2000-02-29"),
            (11_017, "2000-03-01"),
            (20_781, "2026-11-24"),
            (20_818, "2026-12-31"),
        ] {
            assert_eq!(date(day), expected);
        }
    }

    #[test]
    fn the_last_record_counts_and_a_torn_line_does_not() {
        let directory = tempfile::tempdir().unwrap();
        let records = Records::of(directory.path());
        assert!(records.read::<Count>().unwrap().is_empty());
        for (name, count) in [("a", 1), ("b", 2), ("a", 3)] {
            let name = name.to_owned();
            records.add(&Count { name, count }).unwrap();
        }
        let file = OpenOptions::new().append(true).open(&records.path);
        file.unwrap()
            .write_all(b"\n{\"name\": \"b\", \"cou")
            .unwrap();
        records
            .add(&Count {
                name: "c".to_owned(),
                count: 4,
            })
            .unwrap();
        let read = records.read::<Count>().unwrap();
        let counts: Vec<u8> = read.values().map(|one| one.count).collect();
        assert_eq!(counts, [3, 2, 4]);
    }
}
