//! What programs see of this crate: nothing of the engine, and types that threads can share.

#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};
use syn::{Fields, ImplItem, Item, UseTree, Visibility, visit::Visit};

/// Crates whose types must not be in the interface.
const ENGINE: [&str; 3] = ["wasmtime", "wasmtime_wasi", "wasmtime_wasi_io"];

#[test]
fn everything_can_be_shared_between_threads() {
    fn assert_shared<T: Send + Sync + 'static>() {}
    fn assert_sent<T: Send + 'static>() {}
    assert_shared::<eryx::Image>();
    assert_shared::<eryx::Sandbox>();
    assert_shared::<eryx::blocking::Sandbox>();
    assert_shared::<eryx::Policy>();
    assert_shared::<eryx::Mount>();
    assert_shared::<eryx::SandboxPath>();
    assert_shared::<eryx::Program>();
    assert_shared::<eryx::Outcome>();
    assert_shared::<eryx::Interrupt>();
    assert_shared::<eryx::Pool>();
    assert_shared::<eryx::OutputSink>();
    assert_shared::<eryx::CapturedOutput>();
    assert_shared::<eryx::Error>();
    assert_shared::<eryx::ErrorKind>();
    assert_sent::<eryx::Streams>();
    assert_sent::<eryx::Running>();
}

fn sources(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// This crate depends on no engine, and its source names none.
#[test]
fn this_crate_knows_no_engine() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = sources(&root.join("src"));
    files.extend(sources(&root.join("examples")));
    files.push(root.join("Cargo.toml"));
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        assert!(!text.contains("wasmtime"), "{}", file.display());
    }
}

/// What this crate re-exports from its parts has no type of the engine in public fields, variants,
/// functions and implementations of traits.
#[test]
fn what_is_exported_shows_no_engine() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let facade = syn::parse_file(&fs::read_to_string(root.join("src/lib.rs")).unwrap()).unwrap();
    let mut wanted = BTreeSet::new();
    for item in &facade.items {
        if let Item::Use(item) = item {
            names(&item.tree, &mut wanted);
        }
    }
    assert!(
        wanted.contains("Outcome") && wanted.contains("Mount"),
        "{wanted:?}"
    );
    let mut seen = BTreeSet::new();
    for part in ["eryx-base", "eryx-host", "eryx-image"] {
        for path in sources(&root.join("..").join(part).join("src")) {
            let file = syn::parse_file(&fs::read_to_string(&path).unwrap()).unwrap();
            let faults = check(&file, &wanted, &mut seen);
            assert!(faults.is_empty(), "{}: {faults:?}", path.display());
        }
    }
    let types = [
        "Ending",
        "Trap",
        "Program",
        "Policy",
        "Pool",
        "Image",
        "LineReader",
        "Streams",
    ];
    assert!(types.iter().all(|name| seen.contains(*name)), "{seen:?}");
}

#[test]
fn the_check_finds_what_it_looks_for() {
    let wanted = BTreeSet::from(["Shown".to_owned()]);
    for (source, is_fault) in [
        ("use wasmtime::Trap; pub enum Shown { Other(Trap) }", true),
        ("pub struct Shown { pub trap: wasmtime::Trap }", true),
        ("use wasmtime::Trap; pub struct Shown { trap: Trap }", false),
        ("pub struct Hidden { pub trap: wasmtime::Trap }", false),
        ("impl Shown { pub fn of(e: wasmtime::Error) {} }", true),
        (
            "impl Shown { pub(crate) fn of(e: wasmtime::Error) {} }",
            false,
        ),
        ("impl From<wasmtime::Error> for Shown { }", true),
        ("impl wasmtime::component::Lower for Shown { }", true),
        (
            "use wasmtime::component::Lower; #[derive(Debug, Lower)] pub enum Shown { A }",
            true,
        ),
    ] {
        let file = syn::parse_file(source).unwrap();
        let faults = check(&file, &wanted, &mut BTreeSet::new());
        assert_eq!(!faults.is_empty(), is_fault, "{source}: {faults:?}");
    }
}

/// The last names of an import.
fn names(tree: &UseTree, into: &mut BTreeSet<String>) {
    match tree {
        UseTree::Path(path) => names(&path.tree, into),
        UseTree::Name(name) => drop(into.insert(name.ident.to_string())),
        UseTree::Rename(rename) => drop(into.insert(rename.rename.to_string())),
        UseTree::Group(group) => group.items.iter().for_each(|tree| names(tree, into)),
        UseTree::Glob(_) => panic!("the interface is written out"),
    }
}

/// Finds names of the engine, by themselves or as a file imports them.
struct Finder {
    imported: BTreeSet<String>,
    found: Vec<String>,
}

impl Visit<'_> for Finder {
    fn visit_path(&mut self, path: &syn::Path) {
        let first = path
            .segments
            .first()
            .map(|segment| segment.ident.to_string());
        if let Some(first) = first
            && (ENGINE.contains(&&*first) || self.imported.contains(&first))
        {
            self.found.push(first);
        }
        syn::visit::visit_path(self, path);
    }
}

fn check(file: &syn::File, wanted: &BTreeSet<String>, seen: &mut BTreeSet<String>) -> Vec<String> {
    let mut imported = BTreeSet::new();
    for item in &file.items {
        if let Item::Use(item) = item
            && let UseTree::Path(path) = &item.tree
            && ENGINE.iter().any(|engine| path.ident == engine)
        {
            names(&path.tree, &mut imported);
        }
    }
    let found = Vec::new();
    let mut finder = Finder { imported, found };
    let is_wanted = |name: &syn::Ident| wanted.contains(&name.to_string());
    let is_public = |visibility: &Visibility| matches!(visibility, Visibility::Public(_));
    for item in &file.items {
        match item {
            Item::Struct(item) if is_wanted(&item.ident) => {
                seen.insert(item.ident.to_string());
                derives(&item.attrs, &mut finder);
                finder.visit_generics(&item.generics);
                for field in item.fields.iter().filter(|field| is_public(&field.vis)) {
                    finder.visit_type(&field.ty);
                }
            }
            Item::Enum(item) if is_wanted(&item.ident) => {
                seen.insert(item.ident.to_string());
                derives(&item.attrs, &mut finder);
                let fields = item.variants.iter().map(|variant| &variant.fields);
                fields.for_each(|fields: &Fields| finder.visit_fields(fields));
            }
            Item::Trait(item) if is_wanted(&item.ident) => {
                seen.insert(item.ident.to_string());
                finder.visit_item_trait(item);
            }
            Item::Impl(item) if is_impl_of(item, wanted) => {
                if let Some((path, _)) = &item.trait_ {
                    finder.visit_path(path);
                }
                for function in &item.items {
                    if let ImplItem::Fn(function) = function
                        && (is_public(&function.vis) || item.trait_.is_some())
                    {
                        finder.visit_signature(&function.sig);
                    }
                }
            }
            _ => {}
        }
    }
    finder.found
}

fn derives(attributes: &[syn::Attribute], finder: &mut Finder) {
    for attribute in attributes
        .iter()
        .filter(|one| one.path().is_ident("derive"))
    {
        let list = attribute.parse_args_with(
            syn::punctuated::Punctuated::<syn::Path, syn::Token![,]>::parse_terminated,
        );
        list.unwrap()
            .iter()
            .for_each(|path| finder.visit_path(path));
    }
}

fn is_impl_of(item: &syn::ItemImpl, wanted: &BTreeSet<String>) -> bool {
    let syn::Type::Path(path) = &*item.self_ty else {
        return false;
    };
    let name = path.path.segments.last();
    name.is_some_and(|name| wanted.contains(&name.ident.to_string()))
}
