//! The keys a manifest may have: what each expects, and how it looks when it is right.
//!
//! Reading, messages and the schema for editors all go by these tables.

mod shape;

use super::model::{Choice, Cpu, OptLevel, Target, Threads};

pub(super) use shape::{Key, Rule, SectionKeys, Shape};
use shape::{boolean, key, list, text};

/// Names of packages by PEP 508.
const PACKAGE_NAME: Rule = Rule::Pattern("^([A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9._-]*[A-Za-z0-9])$");
/// A string with something in it.
const NOT_EMPTY: Rule = Rule::Pattern("\\S");

/// Every word of a choice, the default first.
fn words<C: Choice + Default>() -> Vec<&'static str> {
    let default = C::default().written();
    let others = C::ALL.iter().map(|choice| choice.written());
    std::iter::once(default)
        .chain(others.filter(|word| *word != default))
        .collect()
}

pub(super) static IMAGE_NAME: Key = text(
    "name",
    r#"name = "example""#,
    "The name of the image, and of its file without `.cwasm`",
)
.rule(Rule::Pattern("^[a-z0-9][a-z0-9._-]{0,127}$"));
pub(super) static IMAGE_VERSION: Key = text(
    "version",
    r#"version = "1.0""#,
    "The version of the image, any text in one line",
)
.rule(Rule::Pattern("^[^\\u0000-\\u001f\\u007f]{1,128}$"));
pub(super) static IMAGE_DESCRIPTION: Key = text(
    "description",
    r#"description = "Renders the weekly report""#,
    "What the image is for",
)
.rule(Rule::AtMost(4096));
pub(super) static IMAGE_ENTRYPOINT: Key = text(
    "entrypoint",
    r#"entrypoint = "package.module:main""#,
    "What runs when no program is named: `module:function`, or the sandbox path of a script",
)
.rule(Rule::Pattern("^(/.*\\.py|[^/:]+:[^/:]+)$"));
pub(super) static IMAGE_FILES: Key = key(
    "files",
    Shape::TextTable,
    r#"files = { "report.py" = "/app/report.py" }"#,
    "Files and folders that are baked in: host path = sandbox path",
)
.rule(Rule::Pattern("^/[^/]"));

pub(super) static PACKAGES_REQUIREMENTS: Key = list(
    "requirements",
    r#"requirements = ["six==1.17.0"]"#,
    "Packages to install (PEP 508), and requirement files as `-r FILE` and `-c FILE`",
)
.rule(NOT_EMPTY);
pub(super) static PACKAGES_CONSTRAINTS: Key = list(
    "constraints",
    r#"constraints = ["urllib3<3"]"#,
    "Versions that packages must have if they are installed at all, and files of these as `-c FILE`",
).rule(NOT_EMPTY);
pub(super) static PACKAGES_OVERRIDES: Key = list(
    "overrides",
    r#"overrides = ["idna==3.20"]"#,
    "Requirements that stand in for all others of the same package",
)
.rule(NOT_EMPTY);
pub(super) static PACKAGES_EXCLUDE: Key = list(
    "exclude",
    r#"exclude = ["colorama"]"#,
    "Packages that are left out though others require them",
)
.rule(PACKAGE_NAME);
pub(super) static PACKAGES_PYPROJECT: Key = text(
    "pyproject",
    r#"pyproject = "pyproject.toml""#,
    "A project whose `project.dependencies` are required",
)
.rule(NOT_EMPTY);
pub(super) static PACKAGES_EXTRAS: Key = list(
    "extras",
    r#"extras = ["cli"]"#,
    "Extras of the project (`project.optional-dependencies`) that are required, too",
)
.rule(PACKAGE_NAME);
pub(super) static PACKAGES_GROUPS: Key = list(
    "groups",
    r#"groups = ["sandbox"]"#,
    "Dependency groups of the project (PEP 735) that are required, too",
)
.rule(PACKAGE_NAME);
pub(super) static PACKAGES_WHEELS: Key = list(
    "wheels",
    r#"wheels = ["wheels/*.whl"]"#,
    "Wheel files to install, as paths and globs",
)
.rule(Rule::Pattern("\\.whl$|[*?\\[]"));
pub(super) static PACKAGES_FIND_LINKS: Key = list(
    "find-links",
    r#"find-links = ["dist"]"#,
    "Folders and addresses with more distributions to choose from",
)
.rule(NOT_EMPTY);
pub(super) static PACKAGES_INDEX: Key = text(
    "index",
    r#"index = "https://packages.example.com/simple""#,
    "The package index, instead of the one that pip or uv is configured for",
)
.rule(NOT_EMPTY);
pub(super) static PACKAGES_EXTRA_INDEX: Key = list(
    "extra-index",
    r#"extra-index = ["https://packages.example.com/more"]"#,
    "More package indexes",
)
.rule(NOT_EMPTY);
pub(super) static PACKAGES_PRE: Key =
    boolean("pre", "pre = true", "Whether pre-releases are taken");
pub(super) static PACKAGES_PLATFORM_TAGS: Key = list(
    "platform-tags",
    r#"platform-tags = ["wasi_0_2_0_wasm32"]"#,
    "Platform tags of wheels that fit the sandbox besides the usual",
)
.rule(Rule::Pattern("^[a-z0-9_]{1,128}$"));
pub(super) static PACKAGES_WITHOUT_NATIVE: Key = list(
    "without-native",
    r#"without-native = ["markupsafe"]"#,
    "Packages that work without the native libraries in their wheels, which are left out",
)
.rule(PACKAGE_NAME);
pub(super) static PACKAGES_STRIP: Key = key(
    "strip",
    Shape::Section(&STRIP),
    "strip = { tests = true }",
    "Which files of packages are left out of the image; none if it is absent",
);

pub(super) static STRIP_TESTS: Key = boolean(
    "tests",
    "tests = true",
    "Folders `tests` and `test` inside of packages",
);
pub(super) static STRIP_DOCS: Key = boolean(
    "docs",
    "docs = true",
    "Folders `docs` and `doc`, and documentation beside packages",
);
pub(super) static STRIP_STUBS: Key =
    boolean("stubs", "stubs = true", "Type stubs, `.pyi` and `py.typed`");
pub(super) static STRIP_HEADERS: Key = boolean(
    "headers",
    "headers = true",
    "C and Cython headers and sources",
);
pub(super) static STRIP_SOURCES: Key = boolean(
    "sources",
    "sources = true",
    "`.py` files that have bytecode: tracebacks show no lines of code then",
);

pub(super) static PREINIT_IMPORTS: Key = list(
    "imports",
    r#"imports = ["json", "asyncio"]"#,
    "Modules that are imported once, at bake time",
)
.rule(Rule::Pattern("^[^\\s.-]+(\\.[^\\s.-]+)*$"));
pub(super) static PREINIT_SCRIPT: Key = text(
    "script",
    r#"script = "warm_up.py""#,
    "A script that runs once in the sandbox, at bake time, after the imports",
)
.rule(Rule::Pattern("\\.py$"));

pub(super) static PYTHON_THREADS: Key = text(
    "threads",
    r#"threads = "inline""#,
    "What pools of threads do: fail, or run each task in place when it is submitted",
)
.rule(Rule::Words(words::<Threads>));

pub(super) static COMPILE_TARGET: Key = text(
    "target",
    r#"target = "x86_64-linux""#,
    "The operating system and processor family of the code",
)
.rule(Rule::Words(words::<Target>));
pub(super) static COMPILE_CPU: Key = text(
    "cpu",
    r#"cpu = "portable""#,
    "Which processors of that family the code runs on",
)
.rule(Rule::Words(words::<Cpu>));
pub(super) static COMPILE_OPT_LEVEL: Key = text(
    "opt-level",
    r#"opt-level = "speed""#,
    "What the compiler spends its time on",
)
.rule(Rule::Words(words::<OptLevel>));
pub(super) static COMPILE_FUSE: Key = boolean(
    "fuse",
    "fuse = true",
    "Whether all native libraries become one core module",
)
.rule(Rule::On);

pub(super) static RUNTIME_PATH: Key = text(
    "path",
    r#"path = "../runtime""#,
    "A folder with a runtime distribution, instead of the built-in runtime",
)
.rule(NOT_EMPTY);

pub(super) static IMAGE: SectionKeys = SectionKeys {
    name: "image",
    about: "What the image is",
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
    about: "Which packages are installed",
    keys: &[
        &PACKAGES_REQUIREMENTS,
        &PACKAGES_CONSTRAINTS,
        &PACKAGES_OVERRIDES,
        &PACKAGES_EXCLUDE,
        &PACKAGES_PYPROJECT,
        &PACKAGES_EXTRAS,
        &PACKAGES_GROUPS,
        &PACKAGES_WHEELS,
        &PACKAGES_FIND_LINKS,
        &PACKAGES_INDEX,
        &PACKAGES_EXTRA_INDEX,
        &PACKAGES_PRE,
        &PACKAGES_PLATFORM_TAGS,
        &PACKAGES_WITHOUT_NATIVE,
        &PACKAGES_STRIP,
    ],
};
pub(super) static STRIP: SectionKeys = SectionKeys {
    name: "packages.strip",
    about: "Which files of packages are left out of the image",
    keys: &[
        &STRIP_TESTS,
        &STRIP_DOCS,
        &STRIP_STUBS,
        &STRIP_HEADERS,
        &STRIP_SOURCES,
    ],
};
pub(super) static PREINIT: SectionKeys = SectionKeys {
    name: "preinit",
    about: "What runs at bake time",
    keys: &[&PREINIT_IMPORTS, &PREINIT_SCRIPT],
};
pub(super) static PYTHON: SectionKeys = SectionKeys {
    name: "python",
    about: "How Python behaves in the sandbox",
    keys: &[&PYTHON_THREADS],
};
pub(super) static COMPILE: SectionKeys = SectionKeys {
    name: "compile",
    about: "Which machine the code is for",
    keys: &[
        &COMPILE_TARGET,
        &COMPILE_CPU,
        &COMPILE_OPT_LEVEL,
        &COMPILE_FUSE,
    ],
};
pub(super) static RUNTIME: SectionKeys = SectionKeys {
    name: "runtime",
    about: "Which CPython the image is built on",
    keys: &[&RUNTIME_PATH],
};

/// Every section at the top level, in the order in which messages list them.
pub(super) static SECTIONS: &[&SectionKeys] =
    &[&IMAGE, &PACKAGES, &PREINIT, &PYTHON, &COMPILE, &RUNTIME];

/// Every section, with those that lie in others.
pub(super) fn all_sections() -> impl Iterator<Item = &'static SectionKeys> {
    SECTIONS.iter().flat_map(|section| {
        let inner = section.keys.iter().filter_map(|key| match key.shape {
            Shape::Section(inner) => Some(inner),
            _ => None,
        });
        std::iter::once(*section).chain(inner)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_is_right() {
        for section in all_sections() {
            for key in section.keys {
                let table: toml::Table = toml::from_str(key.example).unwrap();
                let value = &table[key.name];
                match key.shape {
                    Shape::Text => assert!(value.is_str(), "{key:?}"),
                    Shape::TextList => assert!(value.is_array(), "{key:?}"),
                    Shape::Boolean => assert!(value.is_bool(), "{key:?}"),
                    Shape::TextTable | Shape::Section(_) => assert!(value.is_table(), "{key:?}"),
                }
            }
        }
    }
}
