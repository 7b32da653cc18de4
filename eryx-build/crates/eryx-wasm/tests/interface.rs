//! What C and Python call by number, and what C and Rust call by name, is what
//! `runtime/wit/sandbox.wit` says.
//!
//! The files are generated: `ERYX_UPDATE=1 cargo test --release -p eryx-wasm --test interface` writes
//! them, and they are committed with the change of the interface.

#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use std::{env, fmt::Write as _, fs, path::Path};
use wit_parser::{Resolve, TypeDefKind, WorldItem, WorldKey};

/// How the files are made anew.
const COMMAND: &str = "ERYX_UPDATE=1 cargo test --release -p eryx-wasm --test interface";

#[test]
fn generated_files_say_what_the_interface_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let text = fs::read_to_string(root.join("runtime/wit/sandbox.wit")).unwrap();
    let interface = Interface::parse(&text);
    for (path, generated) in [
        ("runtime/guest/interface.h", interface.c()),
        ("runtime/python/_eryx/interface.py", interface.python()),
        (
            "eryx-run/crates/eryx-host/src/interface.rs",
            interface.rust(),
        ),
    ] {
        let path = root.join(path);
        if env::var_os("ERYX_UPDATE").is_some_and(|value| value == "1") {
            fs::write(&path, &generated).unwrap();
        }
        let found = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            found == generated,
            "{} is not what runtime/wit/sandbox.wit says: run `{COMMAND}`",
            path.display()
        );
    }
}

/// What of the WIT is called by name or number.
struct Interface {
    /// The package of the world, with its version.
    world: String,
    /// Each import: its full name with its version, and its functions.
    imports: Vec<(String, Vec<String>)>,
    /// Each variant: its name, and its cases in order.
    variants: Vec<(String, Vec<String>)>,
    /// Each set of flags: its name, and its flags in order.
    flags: Vec<(String, Vec<String>)>,
}

impl Interface {
    fn parse(text: &str) -> Self {
        let mut resolve = Resolve::default();
        let package = resolve.push_str("sandbox.wit", text).unwrap();
        let world = resolve.select_world(&[package], Some("sandbox")).unwrap();
        let mut interface = Self {
            world: resolve.packages[package].name.to_string(),
            imports: Vec::new(),
            variants: Vec::new(),
            flags: Vec::new(),
        };
        for (key, item) in &resolve.worlds[world].imports {
            if let (WorldKey::Interface(id), WorldItem::Interface { .. }) = (key, item) {
                let functions = resolve.interfaces[*id].functions.keys();
                let functions = functions.cloned().collect();
                interface
                    .imports
                    .push((resolve.id_of(*id).unwrap(), functions));
            }
        }
        for (_, definition) in &resolve.types {
            let Some(name) = definition.name.clone() else {
                continue;
            };
            match &definition.kind {
                TypeDefKind::Variant(variant) => {
                    let cases = variant.cases.iter().map(|case| case.name.clone());
                    interface.variants.push((name, cases.collect()));
                }
                TypeDefKind::Flags(flags) => {
                    let flags = flags.flags.iter().map(|flag| flag.name.clone());
                    interface.flags.push((name, flags.collect()));
                }
                _ => {}
            }
        }
        interface
    }

    /// Every number by its name: the cases of variants are counted, flags are bits.
    fn numbers(&self) -> Vec<(String, usize)> {
        let variants = self.variants.iter().flat_map(|(name, cases)| {
            let cases = cases.iter().enumerate();
            cases.map(move |(number, case)| (constant(&[name, case]), number))
        });
        let flags = self.flags.iter().flat_map(|(name, flags)| {
            let flags = flags.iter().enumerate();
            flags.map(move |(bit, flag)| (constant(&[name, flag]), 1 << bit))
        });
        variants.chain(flags).collect()
    }

    fn c(&self) -> String {
        let mut text = format!(
            "/* Generated from runtime/wit/sandbox.wit:\n * {COMMAND} */\n\
             #ifndef ERYX_INTERFACE_H\n#define ERYX_INTERFACE_H\n\n\
             /* What stands before the declaration of a function of the host. */\n"
        );
        for (import, functions) in &self.imports {
            for function in functions {
                let name = constant(&["IMPORT", &plain(import), function]);
                let attribute = format!("import_module(\"{import}\"), import_name(\"{function}\")");
                writeln!(text, "#define {name} \\\n    __attribute__(({attribute}))").unwrap();
            }
        }
        text += "\n/* Cases of variants by their numbers, and flags by their bits. */\nenum {\n";
        for (name, number) in self.numbers() {
            writeln!(text, "    {name} = {number},").unwrap();
        }
        text + "};\n\n#endif\n"
    }

    fn python(&self) -> String {
        let mut text = format!(
            "\"\"\"Cases of variants by their numbers, and flags by their bits.\n\n\
             Generated from runtime/wit/sandbox.wit:\n{COMMAND}\n\"\"\"\n\n"
        );
        for (name, number) in self.numbers() {
            writeln!(text, "{name} = {number}").unwrap();
        }
        text
    }

    fn rust(&self) -> String {
        let mut text = format!(
            "//! The interfaces of host and guest by their names and versions.\n//!\n\
             //! Generated from `runtime/wit/sandbox.wit`:\n//! `{COMMAND}`\n\n\
             /// The package of the guest's exports, `prepare` and `run`.\n\
             pub const GUEST: &str = \"{}\";\n",
            self.world
        );
        for (import, functions) in &self.imports {
            let name = constant(&[&plain(import)]);
            let functions = functions.join("`, `");
            writeln!(text, "\n/// The host's `{functions}`.").unwrap();
            writeln!(text, "pub const {name}: &str = \"{import}\";").unwrap();
        }
        text += "\n/// What the host has besides WASI.\npub const HOST: &[&str] = &[\n";
        for (import, _) in &self.imports {
            writeln!(text, "    {},", constant(&[&plain(import)])).unwrap();
        }
        text + "];\n"
    }
}

/// The name of an interface without its namespace and version: `process-exit`.
fn plain(import: &str) -> String {
    let (name, _version) = import.split_once('@').unwrap();
    let (_namespace, name) = name.split_once(':').unwrap();
    name.replace('/', "-")
}

/// Words joined in the upper case of constants.
fn constant(words: &[&str]) -> String {
    words.join("_").replace('-', "_").to_uppercase()
}
