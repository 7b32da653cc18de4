//! The crates of the workspace, as cargo knows them.

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Component, Path, PathBuf},
    process::Command,
};

/// The crates of a workspace.
#[derive(Debug)]
pub struct Packages {
    /// Where the workspace is.
    pub root: PathBuf,
    /// Its members, in the order of their names.
    pub members: Vec<Package>,
}

/// One member of the workspace.
#[derive(Debug, Deserialize)]
pub struct Package {
    /// Its name, with `-`.
    pub name: String,
    /// Its `Cargo.toml`.
    pub manifest_path: PathBuf,
    /// What it depends on, of all kinds.
    pub dependencies: Vec<Dependency>,
    /// What is compiled.
    pub targets: Vec<Target>,
}

/// One line of a table of dependencies.
#[derive(Debug, Deserialize)]
pub struct Dependency {
    /// The package's name.
    pub name: String,
    /// The name in code, where it is another.
    pub rename: Option<String>,
    /// `dev` or `build`; none for what the crate is made of.
    pub kind: Option<String>,
}

/// A library, a binary, a build script, a test.
#[derive(Debug, Deserialize)]
pub struct Target {
    /// Its name, with `-` where the package has one.
    pub name: String,
    /// `lib`, `bin`, `custom-build`, `test`, …
    pub kind: Vec<String>,
    /// The file that cargo gives to the compiler.
    pub src_path: PathBuf,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_root: PathBuf,
}

impl Packages {
    /// Asks cargo for the workspace at `root`. Nothing is downloaded.
    ///
    /// # Errors
    ///
    /// cargo cannot be run or refuses the workspace.
    pub fn read(root: &Path) -> Result<Self> {
        let text = cargo(
            root,
            &[
                "metadata",
                "--no-deps",
                "--offline",
                "--format-version",
                "1",
            ],
        )?;
        let metadata: Metadata = serde_json::from_str(&text).context("cargo metadata")?;
        let mut members = metadata.packages;
        members.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Self {
            root: metadata.workspace_root,
            members,
        })
    }

    /// The member of this name.
    pub fn member(&self, name: &str) -> Option<&Package> {
        self.members.iter().find(|package| package.name == name)
    }

    /// The member in whose directory a file is, by its path as findings have it.
    pub fn owner(&self, path: &str) -> Option<&Package> {
        let directory = |package: &Package| self.relative(&package.directory());
        let is_below = |package: &&Package| {
            let rest = path.strip_prefix(&directory(package));
            rest.is_some_and(|rest| rest.starts_with('/'))
        };
        let owners = self.members.iter().filter(is_below);
        owners.max_by_key(|package| directory(package).len())
    }

    /// A path below the root, as findings have it.
    pub fn relative(&self, path: &Path) -> String {
        let mut parts: Vec<_> = Vec::new();
        for part in path.strip_prefix(&self.root).unwrap_or(path).components() {
            // `#[path]` may name a file elsewhere.
            if part == Component::ParentDir {
                parts.pop();
            } else {
                parts.push(part.as_os_str().to_string_lossy());
            }
        }
        parts.join("/")
    }

    /// The names of all crates that get into `package`, its own among them; what only its tests and build
    /// scripts need is asked for apart. Macros run in the compiler, and get into nothing.
    ///
    /// # Errors
    ///
    /// cargo cannot be run, or a crate cannot be downloaded.
    pub fn closure(&self, package: &str, with_tests: bool) -> Result<BTreeSet<String>> {
        let edges = if with_tests {
            "normal,build,dev,no-proc-macro"
        } else {
            "normal,no-proc-macro"
        };
        let text = cargo(
            &self.root,
            &["tree", "-p", package, "-e", edges, "--prefix", "none"],
        )?;
        let name = |line: &str| line.split(' ').next().map(str::to_owned);
        Ok(text.lines().filter_map(name).collect())
    }

    /// The features of all crates that `cargo tree` shows with these options, by the crate's name and
    /// version.
    ///
    /// # Errors
    ///
    /// cargo cannot be run, or a crate cannot be downloaded.
    pub fn features(&self, options: &[&str]) -> Result<BTreeMap<String, BTreeSet<String>>> {
        let format = ["tree", "--prefix", "none", "--format", "{p}|{f}|"];
        let text = cargo(&self.root, &[&format, options].concat())?;
        let mut features: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for line in text.lines() {
            let mut parts = line.split('|');
            if let (Some(package), Some(names)) = (parts.next(), parts.next()) {
                // After name and version comes where a member of the workspace is.
                let words: Vec<&str> = package.split(' ').take(2).collect();
                let names = names.split(',').filter(|name| !name.is_empty());
                features
                    .entry(words.join(" "))
                    .or_default()
                    .extend(names.map(str::to_owned));
            }
        }
        Ok(features)
    }
}

impl Package {
    /// Where it is.
    fn directory(&self) -> PathBuf {
        self.manifest_path
            .parent()
            .map(Path::to_owned)
            .unwrap_or_default()
    }
}

impl Dependency {
    /// The name by which code speaks of it.
    pub fn name_in_code(&self) -> String {
        self.rename.as_ref().unwrap_or(&self.name).replace('-', "_")
    }
}

fn cargo(root: &Path, arguments: &[&str]) -> Result<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(root)
        .args(arguments)
        .output()
        .context("cannot run cargo")?;
    ensure!(
        output.status.success(),
        "cargo {} failed: {}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stderr).trim()
    );
    String::from_utf8(output.stdout).context("what cargo printed is not UTF-8")
}
