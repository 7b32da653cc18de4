//! What is written: the text of a manifest as sections of strings that know their place.
//!
//! The tree is walked by hand instead of through serde, which stops at the first mistake: people
//! who mend a manifest want to see all of them at once.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{self, Key, SECTIONS, SectionKeys, Shape, all_sections};
use super::mistake::{Draft, quoted};
use super::suggestion::did_you_mean;

/// A string and where it stands.
pub(super) type Text = Spanned<String>;

/// A manifest as it is written: right in shape, unchecked in meaning.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) image: WrittenImage,
    pub(super) packages: WrittenPackages,
    pub(super) preinit: WrittenPreinit,
    pub(super) python: WrittenPython,
    pub(super) compile: WrittenCompile,
    pub(super) runtime: WrittenRuntime,
}

/// `[image]` as it is written.
#[derive(Debug, Default)]
pub(super) struct WrittenImage {
    /// Where the section starts, if there is one.
    pub(super) header: Option<Range<usize>>,
    /// Whether `name` is there at all, right or wrong.
    pub(super) has_name: bool,
    pub(super) name: Option<Text>,
    pub(super) version: Option<Text>,
    pub(super) description: Option<Text>,
    pub(super) entrypoint: Option<Text>,
    pub(super) files: Vec<(Text, Text)>,
}

/// `[packages]` as it is written.
#[derive(Debug, Default)]
pub(super) struct WrittenPackages {
    pub(super) requirements: Vec<Text>,
    pub(super) constraints: Vec<Text>,
    pub(super) overrides: Vec<Text>,
    pub(super) exclude: Vec<Text>,
    pub(super) pyproject: Option<Text>,
    pub(super) extras: Vec<Text>,
    pub(super) groups: Vec<Text>,
    pub(super) wheels: Vec<Text>,
    pub(super) find_links: Vec<Text>,
    pub(super) index: Option<Text>,
    pub(super) extra_index: Vec<Text>,
    pub(super) pre: bool,
    pub(super) platform_tags: Vec<Text>,
    pub(super) without_native: Vec<Text>,
    pub(super) strip: WrittenStrip,
}

/// `[packages.strip]` as it is written.
#[derive(Debug, Default)]
pub(super) struct WrittenStrip {
    pub(super) tests: bool,
    pub(super) docs: bool,
    pub(super) stubs: bool,
    pub(super) headers: bool,
    pub(super) sources: bool,
}

/// `[preinit]` as it is written.
#[derive(Debug, Default)]
pub(super) struct WrittenPreinit {
    pub(super) imports: Vec<Text>,
    pub(super) script: Option<Text>,
}

/// `[python]` as it is written.
#[derive(Debug, Default)]
pub(super) struct WrittenPython {
    pub(super) threads: Option<Text>,
}

/// `[compile]` as it is written.
#[derive(Debug, Default)]
pub(super) struct WrittenCompile {
    pub(super) target: Option<Text>,
    pub(super) cpu: Option<Text>,
    pub(super) opt_level: Option<Text>,
    pub(super) fuse: Option<bool>,
}

/// `[runtime]` as it is written.
#[derive(Debug, Default)]
pub(super) struct WrittenRuntime {
    pub(super) path: Option<Text>,
}

/// Reads the text. A text of the wrong shape gives what is right in it and a mistake for each
/// thing that is not; a text that is not TOML at all gives the first reason why.
pub(super) fn read(text: &str, mistakes: &mut Vec<Draft>) -> Result<Written, Box<Draft>> {
    let document = DeTable::parse(text).map_err(|error| Box::new(syntax_mistake(text, &error)))?;
    let document = document.get_ref();
    report_unknown_sections(document, mistakes);

    let mut written = Written::default();
    if let Some(mut section) = Section::open(document, &keys::IMAGE, mistakes) {
        written.image = WrittenImage {
            header: Some(section.header.clone()),
            has_name: section.values.contains_key(keys::IMAGE_NAME.name),
            name: section.text(&keys::IMAGE_NAME),
            version: section.text(&keys::IMAGE_VERSION),
            description: section.text(&keys::IMAGE_DESCRIPTION),
            entrypoint: section.text(&keys::IMAGE_ENTRYPOINT),
            files: section.text_table(&keys::IMAGE_FILES),
        };
    }
    if let Some(mut section) = Section::open(document, &keys::PACKAGES, mistakes) {
        written.packages = WrittenPackages {
            requirements: section.text_list(&keys::PACKAGES_REQUIREMENTS),
            constraints: section.text_list(&keys::PACKAGES_CONSTRAINTS),
            overrides: section.text_list(&keys::PACKAGES_OVERRIDES),
            exclude: section.text_list(&keys::PACKAGES_EXCLUDE),
            pyproject: section.text(&keys::PACKAGES_PYPROJECT),
            extras: section.text_list(&keys::PACKAGES_EXTRAS),
            groups: section.text_list(&keys::PACKAGES_GROUPS),
            wheels: section.text_list(&keys::PACKAGES_WHEELS),
            find_links: section.text_list(&keys::PACKAGES_FIND_LINKS),
            index: section.text(&keys::PACKAGES_INDEX),
            extra_index: section.text_list(&keys::PACKAGES_EXTRA_INDEX),
            pre: section.boolean(&keys::PACKAGES_PRE),
            platform_tags: section.text_list(&keys::PACKAGES_PLATFORM_TAGS),
            without_native: section.text_list(&keys::PACKAGES_WITHOUT_NATIVE),
            strip: WrittenStrip::default(),
        };
        let values = section.values;
        if let Some(mut section) = Section::open(values, &keys::STRIP, mistakes) {
            written.packages.strip = WrittenStrip {
                tests: section.boolean(&keys::STRIP_TESTS),
                docs: section.boolean(&keys::STRIP_DOCS),
                stubs: section.boolean(&keys::STRIP_STUBS),
                headers: section.boolean(&keys::STRIP_HEADERS),
                sources: section.boolean(&keys::STRIP_SOURCES),
            };
        }
    }
    if let Some(mut section) = Section::open(document, &keys::PREINIT, mistakes) {
        written.preinit = WrittenPreinit {
            imports: section.text_list(&keys::PREINIT_IMPORTS),
            script: section.text(&keys::PREINIT_SCRIPT),
        };
    }
    if let Some(mut section) = Section::open(document, &keys::PYTHON, mistakes) {
        written.python = WrittenPython {
            threads: section.text(&keys::PYTHON_THREADS),
        };
    }
    if let Some(mut section) = Section::open(document, &keys::COMPILE, mistakes) {
        written.compile = WrittenCompile {
            target: section.text(&keys::COMPILE_TARGET),
            cpu: section.text(&keys::COMPILE_CPU),
            opt_level: section.text(&keys::COMPILE_OPT_LEVEL),
            fuse: section.given_boolean(&keys::COMPILE_FUSE),
        };
    }
    if let Some(mut section) = Section::open(document, &keys::RUNTIME, mistakes) {
        written.runtime = WrittenRuntime {
            path: section.text(&keys::RUNTIME_PATH),
        };
    }
    Ok(written)
}

fn syntax_mistake(text: &str, error: &toml::de::Error) -> Draft {
    // The parser may place an error behind the last character, for instance at a missing quote.
    let span = error.span().unwrap_or(0..0);
    let start = span.start.min(text.len());
    let end = span.end.clamp(start, text.len());
    let what = error.message().replace('\n', ", ");
    Draft::new(
        start..end,
        format!("this is not valid TOML: {what}"),
        "the reader stopped here",
    )
}

/// Reports keys of the top level that are no sections.
fn report_unknown_sections(document: &DeTable<'_>, mistakes: &mut Vec<Draft>) {
    for (key, value) in document {
        let word = key.get_ref().as_ref();
        if SECTIONS.iter().any(|section| section.name == word) {
            continue;
        }
        let home = all_sections()
            .find_map(|section| Some((section, section.keys.iter().find(|key| key.name == word)?)));
        let is_table = value.get_ref().is_table();
        let help = match home {
            Some((section, key)) if !is_table => {
                format!(
                    "move it into its section:\n\n[{}]\n{}",
                    section.name, key.example
                )
            }
            _ => match did_you_mean(word, SECTIONS.iter().map(|section| section.name)) {
                Some(section) => format!("did you mean \"{section}\"?"),
                None => format!(
                    "the sections are {}",
                    listed(SECTIONS.iter().map(|s| s.name))
                ),
            },
        };
        let message = if is_table {
            format!("there is no section {} in a manifest", quoted(word))
        } else {
            format!("the key {} stands outside of every section", quoted(word))
        };
        mistakes.push(Draft::new(key.span(), message, "not known here").help(help));
    }
}

/// Words as a message lists them.
pub(super) fn listed<'word>(words: impl IntoIterator<Item = &'word str>) -> String {
    let words: Vec<String> = words
        .into_iter()
        .map(|word| format!("\"{word}\""))
        .collect();
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// One section of the document, in which every unknown key was reported.
struct Section<'document, 'input, 'mistakes> {
    keys: &'static SectionKeys,
    header: Range<usize>,
    values: &'document DeTable<'input>,
    mistakes: &'mistakes mut Vec<Draft>,
}

impl<'document, 'input, 'mistakes> Section<'document, 'input, 'mistakes> {
    fn open(
        document: &'document DeTable<'input>,
        keys: &'static SectionKeys,
        mistakes: &'mistakes mut Vec<Draft>,
    ) -> Option<Self> {
        let (header, value) = document.get_key_value(keys.key())?;
        let DeValue::Table(values) = value.get_ref() else {
            let example = keys.keys.first().map_or("", |key| key.example);
            let kind = kind_of(value.get_ref());
            mistakes.push(
                Draft::new(
                    header.span(),
                    format!("`{}` must be a section, not {kind}", keys.name),
                    "expected a section",
                )
                .help(format!("for example:\n\n[{}]\n{example}", keys.name)),
            );
            return None;
        };
        for key in values.keys() {
            let word = key.get_ref().as_ref();
            if keys.keys.iter().any(|known| known.name == word) {
                continue;
            }
            let elsewhere =
                all_sections().find(|section| section.keys.iter().any(|known| known.name == word));
            let names = || keys.keys.iter().map(|known| known.name);
            let help = match (elsewhere, did_you_mean(word, names())) {
                (Some(section), _) => format!("`{word}` belongs in [{}]", section.name),
                (None, Some(name)) => format!("did you mean \"{name}\"?"),
                (None, None) => format!("the keys of [{}] are {}", keys.name, listed(names())),
            };
            mistakes.push(
                Draft::new(
                    key.span(),
                    format!("there is no key {} in [{}]", quoted(word), keys.name),
                    "not known here",
                )
                .help(help),
            );
        }
        Some(Self {
            keys,
            header: header.span(),
            values,
            mistakes,
        })
    }

    fn text(&mut self, key: &'static Key) -> Option<Text> {
        let value = self.values.get(key.name)?;
        let text = owned_text(value);
        if text.is_none() {
            self.report_shape(key, value, "");
        }
        text
    }

    /// A boolean; false when it is absent or something else.
    fn boolean(&mut self, key: &'static Key) -> bool {
        self.given_boolean(key).unwrap_or_default()
    }

    /// A boolean; none when it is absent or something else.
    fn given_boolean(&mut self, key: &'static Key) -> Option<bool> {
        let value = self.values.get(key.name)?;
        if let DeValue::Boolean(value) = value.get_ref() {
            return Some(*value);
        }
        self.report_shape(key, value, "");
        None
    }

    fn text_list(&mut self, key: &'static Key) -> Vec<Text> {
        let Some(value) = self.values.get(key.name) else {
            return Vec::new();
        };
        let DeValue::Array(items) = value.get_ref() else {
            self.report_shape(key, value, "");
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in items.iter() {
            match owned_text(item) {
                Some(text) => texts.push(text),
                None => self.report_shape(key, item, " in the list"),
            }
        }
        texts
    }

    fn text_table(&mut self, key: &'static Key) -> Vec<(Text, Text)> {
        let Some(value) = self.values.get(key.name) else {
            return Vec::new();
        };
        let DeValue::Table(entries) = value.get_ref() else {
            self.report_shape(key, value, "");
            return Vec::new();
        };
        let mut texts = Vec::new();
        for (entry, item) in entries {
            match owned_text(item) {
                Some(text) => {
                    let name = entry.get_ref().as_ref().to_owned();
                    texts.push((Spanned::new(entry.span(), name), text));
                }
                None => self.report_shape(key, item, " in the table"),
            }
        }
        texts
    }

    /// Reports a value that is not of its key's shape; `inside` says where in the shape it stands.
    fn report_shape(&mut self, key: &Key, value: &Spanned<DeValue<'_>>, inside: &str) {
        let kind = kind_of(value.get_ref());
        let found = format!("{kind}{inside}");
        let mut help = format!("for example: {}", key.example);
        if matches!(key.shape, Shape::TextTable) && value.get_ref().is_table() {
            help.push_str("; a path with a dot in it needs the quotes");
        }
        self.mistakes.push(
            Draft::new(
                value.span(),
                format!(
                    "`{}` in [{}] must be {}, not {found}",
                    key.name,
                    self.keys.name,
                    key.shape.words()
                ),
                format!("this is {kind}"),
            )
            .help(help),
        );
    }
}

fn owned_text(value: &Spanned<DeValue<'_>>) -> Option<Text> {
    let text = value.get_ref().as_str()?;
    Some(Spanned::new(value.span(), text.to_owned()))
}

/// The kind of a value in words, with its article.
fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "an integer",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
