//! Reads the files of each crate into modules, each with the names that it declares.

use super::{attributes, model::CodeFile};
use crate::packages::{Dependency, Package, Packages, Target};
use anyhow::{Context, Result};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};
use syn::{Ident, Item, ItemMod, ItemUse, UseTree, Visibility, spanned::Spanned};

/// All modules of the workspace.
#[derive(Default)]
pub(crate) struct Modules {
    /// The files they are in.
    pub(crate) files: Vec<CodeFile>,
    /// The modules; they name each other by their place in this list.
    pub(crate) all: Vec<Module>,
    /// The root module of each library, by its name in code.
    pub(crate) libraries: BTreeMap<String, usize>,
}

/// One module, in a file of its own or within another.
pub(crate) struct Module {
    /// The root of its crate.
    pub(crate) root: usize,
    /// The module that declares it.
    pub(crate) parent: Option<usize>,
    /// The file that it is in.
    pub(crate) file: usize,
    /// The crates that its code may name.
    pub(crate) crates: BTreeSet<String>,
    /// What names mean in it. A name can be a module, a function and a type at once.
    pub(crate) names: BTreeMap<String, Vec<Binding>>,
    /// The paths before `::*`.
    pub(crate) globs: Vec<Vec<String>>,
    /// What is in it.
    pub(crate) items: Vec<Item>,
}

/// What a name means.
#[derive(Debug)]
pub(crate) enum Binding {
    /// It is defined in this module's file.
    Item,
    /// It is a module.
    Module(usize),
    /// It is what this path means.
    Use(Vec<String>),
}

/// One name that a `use` brings.
#[derive(Debug)]
pub(crate) struct Leaf {
    /// The whole path, from `crate`, `self`, `super`, a crate or a name in scope; an empty first part
    /// stands for a leading `::`.
    pub(crate) path: Vec<String>,
    /// The name that it gets; none for `*` and `_`.
    pub(crate) name: Option<String>,
    /// Whether it is `*`.
    pub(crate) glob: bool,
    /// The line, counted from 1.
    pub(crate) line: usize,
}

/// Reads all libraries, binaries and build scripts.
pub(crate) fn read(packages: &Packages) -> Result<Modules> {
    let mut reader = Reader {
        packages,
        modules: Modules::default(),
        by_path: BTreeMap::new(),
    };
    for package in &packages.members {
        for target in &package.targets {
            reader.target(package, target)?;
        }
    }
    Ok(reader.modules)
}

struct Reader<'a> {
    packages: &'a Packages,
    modules: Modules,
    /// A file that two crates have is one file.
    by_path: BTreeMap<String, usize>,
}

/// Where a module is, and where the files of its children are.
struct Place<'a> {
    root: Option<usize>,
    parent: Option<usize>,
    file: usize,
    path: &'a Path,
    directory: PathBuf,
}

impl Reader<'_> {
    fn target(&mut self, package: &Package, target: &Target) -> Result<()> {
        let is = |kinds: &[&str]| {
            target
                .kind
                .iter()
                .any(|kind| kinds.contains(&kind.as_str()))
        };
        let library = is(&["lib", "rlib", "cdylib", "staticlib", "proc-macro"]);
        if !library && !is(&["bin", "custom-build"]) {
            return Ok(());
        }
        let mut crates: BTreeSet<String> = package
            .dependencies
            .iter()
            .map(Dependency::name_in_code)
            .collect();
        crates.extend(["std", "core", "alloc", "proc_macro"].map(str::to_owned));
        if !library {
            crates.insert(package.name.replace('-', "_"));
        }
        let path = &target.src_path;
        let place = Place {
            root: None,
            parent: None,
            file: self.file(path),
            path,
            directory: path.parent().map(Path::to_owned).unwrap_or_default(),
        };
        let root = self.module(&crates, &place, parse(path)?)?;
        if library {
            let name = target.name.replace('-', "_");
            self.modules.libraries.insert(name, root);
        }
        Ok(())
    }

    fn file(&mut self, path: &Path) -> usize {
        let path = self.packages.relative(path);
        let package = self
            .packages
            .owner(&path)
            .map_or("", |package| &package.name);
        let files = &mut self.modules.files;
        *self.by_path.entry(path.clone()).or_insert_with(|| {
            files.push(CodeFile {
                path,
                package: package.replace('-', "_"),
            });
            files.len() - 1
        })
    }

    fn module(
        &mut self,
        crates: &BTreeSet<String>,
        place: &Place<'_>,
        mut items: Vec<Item>,
    ) -> Result<usize> {
        items.retain(|item| !attributes::is_test(attributes::of(item)));
        let this = self.modules.all.len();
        let root = place.root.unwrap_or(this);
        self.modules.all.push(Module {
            root,
            parent: place.parent,
            file: place.file,
            crates: crates.clone(),
            names: BTreeMap::new(),
            globs: Vec::new(),
            items: Vec::new(),
        });
        for item in &mut items {
            match item {
                Item::Mod(item) => {
                    let below = Place {
                        root: Some(root),
                        parent: Some(this),
                        directory: place.directory.clone(),
                        ..*place
                    };
                    if let Some(child) = self.child(crates, &below, item)? {
                        self.bind(this, &item.ident.to_string(), Binding::Module(child));
                    }
                }
                Item::Use(item) => {
                    for leaf in leaves(item) {
                        if leaf.glob {
                            self.modules.all[this].globs.push(leaf.path);
                        } else if let Some(name) = leaf.name {
                            self.bind(this, &name, Binding::Use(leaf.path));
                        }
                    }
                }
                item => {
                    if let Some(name) = defined(item) {
                        self.bind(this, &name.to_string(), Binding::Item);
                    }
                    if matches!(item, Item::Macro(_))
                        && exported(item)
                        && let Some(name) = defined(item)
                    {
                        self.bind(root, &name.to_string(), Binding::Item);
                    }
                }
            }
        }
        self.modules.all[this].items = items;
        Ok(this)
    }

    /// The module that `mod name;` or `mod name { … }` declares; none if its file is not there, as when
    /// it is made by a build script.
    fn child(
        &mut self,
        crates: &BTreeSet<String>,
        place: &Place<'_>,
        item: &mut ItemMod,
    ) -> Result<Option<usize>> {
        let name = item.ident.to_string();
        if let Some((_, items)) = &mut item.content {
            let items = std::mem::take(items);
            let directory = place.directory.join(&name);
            return self
                .module(
                    crates,
                    &Place {
                        directory,
                        ..*place
                    },
                    items,
                )
                .map(Some);
        }
        let candidates = match attributes::path(&item.attrs) {
            Some(path) => vec![place.path.with_file_name(path)],
            None => vec![
                place.directory.join(format!("{name}.rs")),
                place.directory.join(&name).join("mod.rs"),
            ],
        };
        let Some(path) = candidates.into_iter().find(|path| path.is_file()) else {
            return Ok(None);
        };
        let is_directory = path.file_name().is_some_and(|name| name == "mod.rs");
        let directory = if is_directory {
            path.parent().map(Path::to_owned).unwrap_or_default()
        } else {
            path.with_extension("")
        };
        let below = Place {
            file: self.file(&path),
            path: &path,
            directory,
            ..*place
        };
        let items = parse(&path)?;
        self.module(crates, &below, items).map(Some)
    }

    fn bind(&mut self, module: usize, name: &str, binding: Binding) {
        let names = &mut self.modules.all[module].names;
        names.entry(name.to_owned()).or_default().push(binding);
    }
}

fn parse(path: &Path) -> Result<Vec<Item>> {
    let context = || format!("cannot read {}", path.display());
    let text = fs::read_to_string(path).with_context(context)?;
    let file = syn::parse_file(&text).with_context(context)?;
    Ok(file.items)
}

/// The name that an item defines.
fn defined(item: &Item) -> Option<&Ident> {
    match item {
        Item::Const(item) => Some(&item.ident),
        Item::Enum(item) => Some(&item.ident),
        Item::Fn(item) => Some(&item.sig.ident),
        Item::Macro(item) => item.ident.as_ref(),
        Item::Static(item) => Some(&item.ident),
        Item::Struct(item) => Some(&item.ident),
        Item::Trait(item) => Some(&item.ident),
        Item::Type(item) => Some(&item.ident),
        Item::Union(item) => Some(&item.ident),
        _ => None,
    }
}

fn exported(item: &Item) -> bool {
    let mut attributes = attributes::of(item).iter();
    attributes.any(|attribute| attribute.path().is_ident("macro_export"))
}

/// Whether a `use` is for others, too.
pub(crate) fn is_handed_on(item: &ItemUse) -> bool {
    !matches!(item.vis, Visibility::Inherited)
}

/// The names that a `use` brings.
pub(crate) fn leaves(item: &ItemUse) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    let mut path = Vec::new();
    if item.leading_colon.is_some() {
        path.push(String::new());
    }
    collect(&item.tree, &mut path, &mut leaves);
    leaves
}

fn collect(tree: &UseTree, path: &mut Vec<String>, leaves: &mut Vec<Leaf>) {
    let line = tree.span().start().line;
    let mut leaf = |last: Option<String>, name: Option<String>, glob| {
        let path = path.iter().cloned().chain(last).collect();
        leaves.push(Leaf {
            path,
            name,
            glob,
            line,
        });
    };
    match tree {
        UseTree::Path(tree) => {
            path.push(tree.ident.to_string());
            collect(&tree.tree, path, leaves);
            path.pop();
        }
        UseTree::Group(tree) => {
            for tree in &tree.items {
                collect(tree, path, leaves);
            }
        }
        // `use a::b::{self}` brings b.
        UseTree::Name(tree) if tree.ident == "self" => {
            let name = path.last().cloned();
            leaf(None, name, false);
        }
        UseTree::Name(tree) => {
            let name = tree.ident.to_string();
            leaf(Some(name.clone()), Some(name), false);
        }
        UseTree::Rename(tree) => {
            let last = (tree.ident != "self").then(|| tree.ident.to_string());
            let name = (tree.rename != "_").then(|| tree.rename.to_string());
            leaf(last, name, false);
        }
        UseTree::Glob(_) => leaf(None, None, true),
    }
}
