//! `[packages.build]`: how packages are built whose build runs programs of the machine.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use eryx_packaging::{is_package_name, normalize_package_name};

use crate::checks::Checks;
use crate::declare::section;
use crate::diagnostic::SpannedDiagnostic;
use crate::key::{Key, NOT_EMPTY, Shape};
use crate::reader::{NumberOr, RawValue, SectionReader, WordOrTexts};
use crate::reference;
use crate::sections::package_names;
use crate::text::{Text, quoted};
use crate::text_diagnostic::TextDiagnostic;

section! {
    /// How packages are built whose build runs programs of this machine
    #[derive(Debug)]
    pub(crate) struct RawBuild ["packages.build"] {
        /// Packages whose builds may run programs of this machine
        allow: RawAllow {
            example: r#"allow = ["numpy"]"#,
            rule: NOT_EMPTY,
            value: "list of package names, `all` or `none`",
            absent: "`none`",
        }
        /// How many programs a build runs at once
        jobs: Jobs {
            example: "jobs = 2",
            value: "an integer from 1, or `auto`, one for each processor",
            absent: "`auto`",
        }
        /// The Python that runs build backends
        python: Option<Text> {
            example: r#"python = "python3.14""#,
            rule: NOT_EMPTY,
            value: "a command, or a path",
            absent: "the newest that is found",
        }
        /// Variables of builds, of all packages or, as `package:VARIABLE`, of one
        environment: Vec<(Text, Text)> {
            example: r#"environment = { "msgpack:CFLAGS" = "-O3" }"#,
            value: "table, variable → value",
        }
        /// Settings of build backends (PEP 517), as `package:setting`
        config_settings: Vec<(Text, Text)> {
            example: r#"config-settings = { "numpy:setup-args" = "-Dblas=none" }"#,
            value: "table, package and setting → value; several values have spaces between them",
        }
        /// A directory of recipes of one's own
        recipes: Option<Text> {
            example: r#"recipes = "recipes""#,
            rule: NOT_EMPTY,
            value: "path of a directory",
        }
    }
}

/// `[packages.build]`: how packages are built whose build runs programs of the machine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BuildSection {
    /// `allow`: what may run programs of the machine.
    pub allow: Allow,
    /// `jobs`: how many programs run at once.
    pub jobs: Jobs,
    /// `python`: the command or path of the Python that runs build backends.
    pub python: Option<String>,
    /// `environment`: variables of builds.
    pub environment: Vec<ForPackages>,
    /// `config-settings`: settings of build backends.
    pub config_settings: Vec<ForPackages>,
    /// `recipes`: the directory with recipes of the user, absolute.
    pub recipes: Option<PathBuf>,
}

impl BuildSection {
    /// The variables of a package's build, those of the package itself last. Its name is normalised.
    pub fn environment_of(&self, package: &str) -> BTreeMap<&str, &str> {
        of(&self.environment, package)
    }

    /// The settings of a package's backend. Its name is normalised.
    pub fn settings_of(&self, package: &str) -> BTreeMap<&str, &str> {
        of(&self.config_settings, package)
    }
}

fn of<'a>(all: &'a [ForPackages], package: &str) -> BTreeMap<&'a str, &'a str> {
    let for_all = all.iter().filter(|one| one.package.is_none());
    let own = all
        .iter()
        .filter(|one| one.package.as_deref() == Some(package));
    let pairs = for_all.chain(own);
    pairs
        .map(|one| (one.name.as_str(), one.value.as_str()))
        .collect()
}

/// A variable or setting of one package, or of all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForPackages {
    /// The package, normalised; `None` for all.
    pub package: Option<String>,
    /// The variable or setting.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// Whose builds may run programs of the machine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Allow {
    /// No package's.
    #[default]
    None,
    /// These packages', by their normalised names.
    Packages(BTreeSet<String>),
    /// Every package's.
    All,
}

impl Allow {
    /// Whether the build of a package, by its normalised name, may run programs of the machine.
    #[must_use]
    pub fn allows(&self, package: &str) -> bool {
        match self {
            Self::None => false,
            Self::Packages(names) => names.contains(package),
            Self::All => true,
        }
    }

    /// Allows some packages more.
    pub fn extend(&mut self, packages: impl IntoIterator<Item = String>) {
        match self {
            Self::All => {}
            Self::None => *self = Self::Packages(packages.into_iter().collect()),
            Self::Packages(names) => names.extend(packages),
        }
    }
}

/// How many programs a build runs at once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Jobs {
    /// One for each processor.
    #[default]
    Auto,
    /// So many. None is taken for one.
    Number(u32),
}

impl Jobs {
    /// The word for [`Jobs::Auto`].
    const AUTO: &'static str = "auto";

    /// How many, at least one.
    #[must_use]
    pub fn number(self) -> usize {
        let number = match self {
            Self::Auto => std::thread::available_parallelism().map_or(1, Into::into),
            Self::Number(number) => usize::try_from(number).unwrap_or(usize::MAX),
        };
        number.max(1)
    }
}

impl RawValue for Jobs {
    const SHAPE: Shape = Shape::NumberOr(Self::AUTO);

    fn read(reader: &mut SectionReader<'_, '_, '_>, key: &'static Key) -> Option<Self> {
        Some(match reader.number_or(key, Self::AUTO)? {
            NumberOr::Number(number) => Self::Number(number),
            NumberOr::Word => Self::Auto,
        })
    }
}

/// The words that `allow` has beside a list.
const WORDS: [&str; 2] = ["none", "all"];

/// `allow` as it is written.
#[derive(Debug, Default)]
pub(crate) enum RawAllow {
    /// Nothing, or `"none"`.
    #[default]
    None,
    /// `"all"`.
    All,
    /// A list.
    Packages(Vec<Text>),
}

impl RawValue for RawAllow {
    const SHAPE: Shape = Shape::WordOrTextList(&WORDS);

    fn read(reader: &mut SectionReader<'_, '_, '_>, key: &'static Key) -> Option<Self> {
        Some(match reader.word_or_texts(key, &WORDS)? {
            WordOrTexts::Texts(texts) => Self::Packages(texts),
            WordOrTexts::Word("all") => Self::All,
            WordOrTexts::Word(_) => Self::None,
        })
    }
}

/// Validates the section.
pub(crate) fn validate(raw: RawBuild, checks: &mut Checks<'_>) -> BuildSection {
    BuildSection {
        allow: match raw.allow {
            RawAllow::None => Allow::None,
            RawAllow::All => Allow::All,
            RawAllow::Packages(names) => {
                Allow::Packages(package_names::names(&names, "allow", checks))
            }
        },
        jobs: raw.jobs,
        python: raw
            .python
            .and_then(|python| not_empty(python, "python", checks)),
        environment: pairs(&raw.environment, "environment", false, checks),
        config_settings: pairs(&raw.config_settings, "config-settings", true, checks),
        recipes: raw.recipes.and_then(|recipes| directory(&recipes, checks)),
    }
}

fn not_empty(written: Text, key: &str, checks: &mut Checks<'_>) -> Option<String> {
    if written.get_ref().trim().is_empty() {
        let message = format!("`{key}` is empty");
        checks.report(
            SpannedDiagnostic::new(written.span(), message, "nothing is named here")
                .help("name a command, or leave the key out"),
        );
        return None;
    }
    Some(written.into_inner())
}

/// Variables or settings. Those of build backends belong to a package.
fn pairs(
    written: &[(Text, Text)],
    key: &str,
    has_package: bool,
    checks: &mut Checks<'_>,
) -> Vec<ForPackages> {
    let mut pairs = Vec::new();
    for (name, value) in written {
        let (package, bare) = match name.get_ref().split_once(':') {
            Some((package, bare)) => (Some(package), bare),
            None => (None, name.get_ref().as_str()),
        };
        let is_right = package.is_none_or(is_package_name)
            && (package.is_some() || !has_package)
            && !bare.is_empty()
            && !bare.contains(['=', '\0'])
            && !value.get_ref().contains('\0');
        if is_right {
            pairs.push(ForPackages {
                package: package.map(normalize_package_name),
                name: bare.to_owned(),
                value: value.get_ref().clone(),
            });
            continue;
        }
        let message = format!("{} in `{key}` is not right", quoted(name.get_ref()));
        let help = match has_package {
            true => "write `package:setting`, for example \"numpy:setup-args\"",
            false => "write the name of a variable, or `package:VARIABLE`",
        };
        let diagnostic = SpannedDiagnostic::new(name.span(), message, "not right");
        checks.report(diagnostic.help(help));
    }
    pairs
}

/// A directory of the host.
fn directory(written: &Text, checks: &mut Checks<'_>) -> Option<PathBuf> {
    let subject = quoted(written.get_ref());
    let problem = match reference::absolute(written.get_ref(), &checks.directory) {
        Ok(path) if path.is_dir() => return Some(path),
        Ok(_) => TextDiagnostic::new("is not a directory"),
        Err(problem) => problem,
    };
    let message = format!("{subject} in `recipes` {}", problem.what);
    let diagnostic = SpannedDiagnostic::new(written.span(), message, "not right");
    checks.report(match problem.help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    });
    None
}
