//! What a lock was made from, kept in it, so that a manifest that asks for something else is noticed.

use std::collections::BTreeSet;
use std::path::Path;

use serde::{Deserialize, Serialize};

use eryx_manifest::{PackagesSection, Requirement};

use eryx_packaging::url::{relative_link, relative_path, relative_url};

/// The runtime that a lock is for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct LockedRuntime {
    /// The sha256 of its `runtime.toml`, in lower-case hexadecimal digits.
    pub identity: String,
    /// Whether it is the one that eryx has inside, and not one that the manifest or the environment
    /// chose.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub built_in: bool,
}

/// What was asked for, in texts that do not depend on where the manifest is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Inputs {
    /// The version of Python in the runtime.
    pub python: String,
    /// The runtime; `None` in locks that were made before it was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runtime: Option<LockedRuntime>,
    /// The requirements (PEP 508).
    pub requirements: Vec<String>,
    /// The constraints.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<String>,
    /// The overrides.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<String>,
    /// The packages that are not to be installed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<String>,
    /// The wheels of the host.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub wheels: Vec<String>,
    /// The package index.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<String>,
    /// More package indexes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extra_index: Vec<String>,
    /// Directories and addresses with more distributions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub find_links: Vec<String>,
    /// Whether pre-releases are taken.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub pre: bool,
    /// More platform tags that fit.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub platform_tags: Vec<String>,
    /// The packages that may come for another platform.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub without_native: Vec<String>,
}

impl Inputs {
    /// Those of a manifest in a directory, for a version of Python in a runtime.
    #[must_use]
    pub fn of(
        packages: &PackagesSection,
        directory: &Path,
        python: &str,
        runtime: &LockedRuntime,
    ) -> Self {
        let texts = |requirements: &[Requirement]| {
            let texts = requirements.iter().map(|requirement| {
                let mut text = relative_url(&requirement.text, directory);
                for hash in &requirement.hashes {
                    text.push_str(" --hash=");
                    text.push_str(hash);
                }
                text
            });
            // Their order and their repetition mean nothing.
            texts.collect::<BTreeSet<String>>().into_iter().collect()
        };
        let links = |links: &[String]| {
            let links = links.iter();
            links.map(|link| relative_link(link, directory)).collect()
        };
        Self {
            python: python.to_owned(),
            runtime: Some(runtime.clone()),
            requirements: texts(&packages.requirements),
            constraints: texts(&packages.constraints),
            overrides: texts(&packages.overrides),
            exclude: packages.exclude.iter().cloned().collect(),
            wheels: packages
                .wheels
                .iter()
                .map(|wheel| relative_path(wheel, directory))
                .collect(),
            index: packages
                .index
                .as_deref()
                .map(|index| relative_link(index, directory)),
            extra_index: links(&packages.extra_index),
            find_links: links(&packages.find_links),
            pre: packages.pre,
            platform_tags: packages.platform_tags.clone(),
            without_native: packages.without_native.iter().cloned().collect(),
        }
    }

    /// What differs in these inputs from those of a lock, a phrase each; empty when nothing does.
    #[must_use]
    pub fn differences(&self, locked: &Self) -> Vec<String> {
        let mut differences = Vec::new();
        if self.python != locked.python {
            differences.push(format!(
                "the runtime has Python {}, not {}",
                self.python, locked.python
            ));
        }
        differences.extend(self.other_runtime(locked));
        let index = |index: &Option<String>| index.iter().cloned().collect::<Vec<_>>();
        for (key, new, old) in [
            ("requirements", &self.requirements, &locked.requirements),
            ("constraints", &self.constraints, &locked.constraints),
            ("overrides", &self.overrides, &locked.overrides),
            ("exclude", &self.exclude, &locked.exclude),
            ("wheels", &self.wheels, &locked.wheels),
            ("index", &index(&self.index), &index(&locked.index)),
            ("extra-index", &self.extra_index, &locked.extra_index),
            ("find-links", &self.find_links, &locked.find_links),
            ("platform-tags", &self.platform_tags, &locked.platform_tags),
            (
                "without-native",
                &self.without_native,
                &locked.without_native,
            ),
        ] {
            let added = new.iter().filter(|text| !old.contains(text));
            differences.extend(added.map(|text| format!("`{text}` is new in `{key}`")));
            let gone = old.iter().filter(|text| !new.contains(text));
            differences.extend(gone.map(|text| format!("`{text}` is gone from `{key}`")));
        }
        if self.pre != locked.pre {
            differences.push(format!("`pre` is now {}", self.pre));
        }
        differences
    }
}

impl Inputs {
    /// How the runtime differs. The one inside is another in every version of eryx, and whoever takes
    /// it asks for no certain one: a lock outlives it, and says the new one when it is written next.
    fn other_runtime(&self, locked: &Self) -> Option<String> {
        let runtime = self.runtime.as_ref()?;
        let say = |runtime: &LockedRuntime| match runtime.built_in {
            true => "the built-in one".to_owned(),
            false => runtime.identity.chars().take(12).collect(),
        };
        match &locked.runtime {
            None if runtime.built_in => None,
            None => Some(format!(
                "the runtime is {}, and the lock names none",
                say(runtime)
            )),
            Some(old) if runtime.built_in && old.built_in => None,
            Some(old) if old == runtime => None,
            Some(old) => Some(format!("the runtime is {}, not {}", say(runtime), say(old))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built_in(identity: &str) -> LockedRuntime {
        LockedRuntime {
            identity: identity.to_owned(),
            built_in: true,
        }
    }

    #[test]
    fn only_a_runtime_that_was_chosen_makes_a_lock_stale() {
        let chosen = |identity: &str| LockedRuntime {
            identity: identity.to_owned(),
            built_in: false,
        };
        let inputs = |runtime: Option<LockedRuntime>| Inputs {
            runtime,
            ..Inputs::default()
        };
        let check = |new: LockedRuntime, old: Option<LockedRuntime>, expected: &[&str]| {
            assert_eq!(inputs(Some(new)).differences(&inputs(old)), expected);
        };
        check(built_in("a"), Some(built_in("b")), &[]);
        check(built_in("a"), None, &[]);
        check(chosen("a"), Some(chosen("a")), &[]);
        check(chosen("a"), Some(chosen("b")), &["the runtime is a, not b"]);
        let from_inside = ["the runtime is a, not the built-in one"];
        check(chosen("a"), Some(built_in("a")), &from_inside);
        let to_inside = ["the runtime is the built-in one, not a"];
        check(built_in("a"), Some(chosen("a")), &to_inside);
        check(
            chosen("a"),
            None,
            &["the runtime is a, and the lock names none"],
        );
    }

    fn requirement(text: &str) -> Requirement {
        Requirement {
            text: text.to_owned(),
            name: text.to_owned(),
            hashes: Vec::new(),
            origin: String::new(),
        }
    }

    #[test]
    fn inputs_do_not_say_where_the_manifest_is_or_who_the_user_is() {
        let packages = PackagesSection {
            requirements: vec![requirement("a @ file:///home/x/a-1.tar.gz")],
            wheels: vec!["/home/x/wheels/b.whl".into(), "/opt/c.whl".into()],
            index: Some("https://me:secret@packages.example.com/simple".to_owned()),
            ..PackagesSection::default()
        };
        let inputs = Inputs::of(&packages, Path::new("/home/x"), "3.14.0", &built_in("a"));
        assert_eq!(inputs.requirements, ["a @ file:./a-1.tar.gz"]);
        assert_eq!(inputs.wheels, ["wheels/b.whl", "/opt/c.whl"]);
        let index = inputs.index.as_deref();
        assert_eq!(index, Some("https://packages.example.com/simple"));
    }

    #[test]
    fn paths_beside_the_manifest_are_the_same_in_every_checkout() {
        let of = |checkout: &str| {
            let address = checkout.replace(' ', "%20");
            let packages = PackagesSection {
                requirements: vec![requirement(&format!(
                    "a @ file://{address}/my%20app/../a-1.zip#sha256=1 ; os_name == 'nt'"
                ))],
                index: Some(format!("file://{address}/index")),
                find_links: vec![format!("{checkout}/links"), "/opt/links".to_owned()],
                wheels: vec![format!("{checkout}/my app/../b.whl").into()],
                ..PackagesSection::default()
            };
            Inputs::of(
                &packages,
                Path::new(&format!("{checkout}/my app")),
                "3.14.0",
                &built_in("a"),
            )
        };
        let inputs = of("/home/x");
        assert_eq!(inputs, of("/srv/some where/checkout"));
        assert_eq!(
            inputs.requirements,
            ["a @ file:../a-1.zip#sha256=1 ; os_name == 'nt'"]
        );
        assert_eq!(inputs.find_links, ["../links", "/opt/links"]);
        assert_eq!(inputs.index.as_deref(), Some("file:../index"));
        assert_eq!(inputs.wheels, ["../b.whl"]);
    }

    #[test]
    fn differences_name_the_key_and_the_value() {
        let inputs = |requirements: &[&str]| Inputs {
            requirements: requirements.iter().map(|text| (*text).to_owned()).collect(),
            ..Inputs::default()
        };
        assert!(inputs(&["a"]).differences(&inputs(&["a"])).is_empty());
        assert_eq!(
            inputs(&["a", "b"]).differences(&inputs(&["a", "c"])),
            [
                "`b` is new in `requirements`",
                "`c` is gone from `requirements`"
            ]
        );
    }
}
