//! What pip is told, so that it works for the sandbox.

use std::collections::BTreeMap;

use eryx_manifest::PackagesSection;
use eryx_packaging::environment::{self, ABIS, FOREIGN_PLATFORMS, SANDBOX_PLATFORMS};
use serde::Serialize;

/// In what pip's work for the sandbox differs from its work for the machine it runs on.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct PipOptions {
    environment: BTreeMap<&'static str, String>,
    /// Normalised names of packages that no requirement brings in.
    pub exclude: Vec<String>,
    /// Requirements that stand in for all others of the same package (PEP 508).
    pub overrides: Vec<String>,
    /// Normalised names of packages that are asked for by an address. No other requirement may
    /// name one.
    pub addresses: Vec<String>,
    /// Normalised names of packages that may come for another platform.
    pub foreign: Vec<String>,
    foreign_platforms: Vec<&'static str>,
    /// Whether wheels count whatever they are for: to tell a name that is nowhere from one that does not fit.
    pub every_wheel: bool,
    /// Platform tags that fit the sandbox besides the usual ones.
    #[serde(skip)]
    pub platform_tags: Vec<String>,
}

impl PipOptions {
    /// Those for a runtime with this version of Python, `3.14.0`.
    #[must_use]
    pub fn for_python(python: &str) -> Self {
        let variables = environment::variables(python);
        Self {
            environment: variables
                .into_iter()
                .map(|(name, value)| (name, value.to_owned()))
                .collect(),
            foreign_platforms: FOREIGN_PLATFORMS.to_vec(),
            ..Self::default()
        }
    }

    /// pip's own arguments that name the sandbox's Python and platform.
    #[must_use]
    pub fn target_arguments(&self) -> Vec<String> {
        let python = self.environment.get("python_full_version");
        let mut arguments = vec!["--implementation".to_owned(), "cp".to_owned()];
        arguments.push("--python-version".to_owned());
        arguments.push(python.map_or("3.14", String::as_str).to_owned());
        for abi in ABIS {
            arguments.extend(["--abi".to_owned(), abi.to_owned()]);
        }
        let usual = SANDBOX_PLATFORMS.iter().map(|tag| (*tag).to_owned());
        for platform in usual.chain(self.platform_tags.iter().cloned()) {
            arguments.extend(["--platform".to_owned(), platform]);
        }
        arguments
    }
}

/// pip's own arguments that name the indexes of a manifest.
#[must_use]
pub fn index_arguments(packages: &PackagesSection) -> Vec<String> {
    let mut arguments = Vec::new();
    let mut option = |name: &str, value: &String| {
        arguments.extend([name.to_owned(), value.clone()]);
    };
    if let Some(index) = &packages.index {
        option("--index-url", index);
    }
    for index in &packages.extra_index {
        option("--extra-index-url", index);
    }
    for links in &packages.find_links {
        option("--find-links", links);
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_platforms_are_no_platforms_of_the_sandbox() {
        let options = PipOptions::for_python("3.14.0");
        let arguments = options.target_arguments();
        assert!(arguments.contains(&"any".to_owned()));
        assert!(!arguments.iter().any(|argument| argument.contains("linux")));
        let json = serde_json::to_string(&options).unwrap();
        assert!(json.contains(r#""sys_platform":"wasi""#), "{json}");
        assert!(json.contains("manylinux_2_17_x86_64"), "{json}");
    }
}
