//! The keys a manifest may have: what each expects, and how it looks when it is right.

/// The kind of value a key expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A string.
    Text,
    /// A list of strings.
    TextList,
    /// A table from strings to strings.
    TextTable,
}

impl Shape {
    /// The shape in words, with its article.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Text => "a string",
            Self::TextList => "a list of strings",
            Self::TextTable => "a table from strings to strings",
        }
    }
}

/// One key of a section.
#[derive(Debug)]
pub(super) struct Key {
    /// Its name in the manifest.
    pub(super) name: &'static str,
    /// What it expects.
    pub(super) shape: Shape,
    /// A line that is right.
    pub(super) example: &'static str,
}

const fn text(name: &'static str, example: &'static str) -> Key {
    Key {
        name,
        shape: Shape::Text,
        example,
    }
}

const fn list(name: &'static str, example: &'static str) -> Key {
    Key {
        name,
        shape: Shape::TextList,
        example,
    }
}

/// One section of the manifest, a table at its top level.
#[derive(Debug)]
pub(super) struct SectionKeys {
    /// Its name in the manifest.
    pub(super) name: &'static str,
    /// Its keys, in the order in which messages list them.
    pub(super) keys: &'static [&'static Key],
}

pub(super) static IMAGE_NAME: Key = text("name", r#"name = "example""#);
pub(super) static IMAGE_VERSION: Key = text("version", r#"version = "1.0""#);
pub(super) static IMAGE_DESCRIPTION: Key = text(
    "description",
    r#"description = "Renders the weekly report""#,
);
pub(super) static IMAGE_ENTRYPOINT: Key =
    text("entrypoint", r#"entrypoint = "package.module:main""#);
pub(super) static IMAGE_FILES: Key = Key {
    name: "files",
    shape: Shape::TextTable,
    example: r#"files = { "report.py" = "/app/report.py" }"#,
};

pub(super) static PACKAGES_WHEELS: Key = list("wheels", r#"wheels = ["wheels/*.whl"]"#);
pub(super) static PACKAGES_REQUIREMENTS: Key =
    list("requirements", r#"requirements = ["six==1.17.0"]"#);
pub(super) static PACKAGES_WITHOUT_NATIVE: Key =
    list("without-native", r#"without-native = ["markupsafe"]"#);

pub(super) static PREINIT_IMPORTS: Key = list("imports", r#"imports = ["json", "asyncio"]"#);
pub(super) static PREINIT_SCRIPT: Key = text("script", r#"script = "warm_up.py""#);

pub(super) static COMPILE_TARGET: Key = text("target", r#"target = "x86_64-linux""#);
pub(super) static COMPILE_CPU: Key = text("cpu", r#"cpu = "portable""#);
pub(super) static COMPILE_OPT_LEVEL: Key = text("opt-level", r#"opt-level = "speed""#);

pub(super) static RUNTIME_PATH: Key = text("path", r#"path = "../runtime""#);

pub(super) static IMAGE: SectionKeys = SectionKeys {
    name: "image",
    keys: &[
        &IMAGE_NAME,
        &IMAGE_VERSION,
        &IMAGE_DESCRIPTION,
        &IMAGE_ENTRYPOINT,
        &IMAGE_FILES,
    ],
};
pub(super) static PACKAGES: SectionKeys = SectionKeys {
    name: "packages",
    keys: &[
        &PACKAGES_WHEELS,
        &PACKAGES_REQUIREMENTS,
        &PACKAGES_WITHOUT_NATIVE,
    ],
};
pub(super) static PREINIT: SectionKeys = SectionKeys {
    name: "preinit",
    keys: &[&PREINIT_IMPORTS, &PREINIT_SCRIPT],
};
pub(super) static COMPILE: SectionKeys = SectionKeys {
    name: "compile",
    keys: &[&COMPILE_TARGET, &COMPILE_CPU, &COMPILE_OPT_LEVEL],
};
pub(super) static RUNTIME: SectionKeys = SectionKeys {
    name: "runtime",
    keys: &[&RUNTIME_PATH],
};

/// Every section, in the order in which messages list them.
pub(super) static SECTIONS: &[&SectionKeys] = &[&IMAGE, &PACKAGES, &PREINIT, &COMPILE, &RUNTIME];

/// Words longer than this are not compared: no key is half as long.
const COMPARED_BYTES: usize = 64;
/// How alike two words must be, from 0 to 1, for one to be suggested for the other.
const ALIKE: f64 = 0.55;

/// The candidate that `word` was most likely meant to be.
pub(super) fn did_you_mean<'candidate>(
    word: &str,
    candidates: impl IntoIterator<Item = &'candidate str>,
) -> Option<&'candidate str> {
    if word.len() > COMPARED_BYTES {
        return None;
    }
    let lower = word.to_ascii_lowercase().replace('_', "-");
    let mut best: Option<(f64, &str)> = None;
    for candidate in candidates {
        let likeness = strsim::normalized_damerau_levenshtein(&lower, candidate);
        if likeness >= ALIKE && best.is_none_or(|(found, _)| likeness > found) {
            best = Some((likeness, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_what_is_near_and_nothing_else() {
        let names = || PACKAGES.keys.iter().map(|key| key.name);
        assert_eq!(did_you_mean("requirments", names()), Some("requirements"));
        assert_eq!(did_you_mean("requires", names()), Some("requirements"));
        assert_eq!(
            did_you_mean("without_native", names()),
            Some("without-native")
        );
        assert_eq!(did_you_mean("Wheel", names()), Some("wheels"));
        assert_eq!(did_you_mean("x", names()), None);
        assert_eq!(did_you_mean(&"wheels".repeat(100), names()), None);
    }

    #[test]
    fn every_example_is_right() {
        for section in SECTIONS {
            for key in section.keys {
                let table: toml::Table = toml::from_str(key.example).unwrap();
                let value = &table[key.name];
                match key.shape {
                    Shape::Text => assert!(value.is_str(), "{key:?}"),
                    Shape::TextList => assert!(value.is_array(), "{key:?}"),
                    Shape::TextTable => assert!(value.is_table(), "{key:?}"),
                }
            }
        }
    }
}
