//! Finds what a path means: the file that defines it, through every re-export.

use super::{
    model::Target,
    modules::{Binding, Modules},
};

/// What a path can mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// A module.
    Module(usize),
    /// Something of this name that a file or a foreign crate defines.
    Defined(Target, String),
}

/// A question that is being answered: what a path means in a module. Asked again on the way to its own
/// answer, it has none.
type Question = (usize, Vec<String>);

impl Modules {
    /// All that a path means in a module; nothing for what is local, generic or of the language.
    pub(crate) fn meanings(&self, module: usize, path: &[String]) -> Vec<Meaning> {
        self.resolve(module, path, &mut Vec::new())
    }

    fn resolve(&self, from: usize, path: &[String], asked: &mut Vec<Question>) -> Vec<Meaning> {
        let question = (from, path.to_vec());
        if asked.contains(&question) {
            return Vec::new();
        }
        asked.push(question);
        let mut meanings = self.first(from, path, asked);
        asked.pop();
        // `self::name::name` is the function, not the module of the same name.
        if meanings
            .iter()
            .any(|meaning| matches!(meaning, Meaning::Defined(..)))
        {
            meanings.retain(|meaning| matches!(meaning, Meaning::Defined(..)));
        }
        meanings
    }

    fn first(&self, from: usize, path: &[String], asked: &mut Vec<Question>) -> Vec<Meaning> {
        let Some((first, rest)) = path.split_first() else {
            return vec![Meaning::Module(from)];
        };
        let module = &self.all[from];
        match first.as_str() {
            "crate" | "$crate" => self.walk(module.root, rest, asked),
            "self" => self.walk(from, rest, asked),
            "super" => match module.parent {
                // The path goes on as if it were written in the parent, where `super` may follow.
                Some(parent) if rest.first().is_some_and(|name| name == "super") => {
                    self.first(parent, rest, asked)
                }
                Some(parent) => self.walk(parent, rest, asked),
                None => Vec::new(),
            },
            "" => rest
                .split_first()
                .map(|(name, rest)| self.in_crate(from, name, rest, asked))
                .unwrap_or_default(),
            name => {
                let meanings = self.walk(from, path, asked);
                if meanings.is_empty() {
                    self.in_crate(from, name, rest, asked)
                } else {
                    meanings
                }
            }
        }
    }

    fn in_crate(
        &self,
        from: usize,
        name: &str,
        rest: &[String],
        asked: &mut Vec<Question>,
    ) -> Vec<Meaning> {
        if !self.all[from].crates.contains(name) {
            return Vec::new();
        }
        if let Some(root) = self.libraries.get(name) {
            return self.walk(*root, rest, asked);
        }
        let item = rest.first().map_or(name, String::as_str).to_owned();
        vec![Meaning::Defined(Target::Crate(name.to_owned()), item)]
    }

    /// What a path means that starts among the names of a module.
    fn walk(&self, module: usize, path: &[String], asked: &mut Vec<Question>) -> Vec<Meaning> {
        let Some((name, rest)) = path.split_first() else {
            return vec![Meaning::Module(module)];
        };
        let mut meanings = Vec::new();
        for binding in self.all[module].names.get(name).into_iter().flatten() {
            match binding {
                // What follows is a variant or a method.
                Binding::Item => {
                    let file = Target::File(self.all[module].file);
                    meanings.push(Meaning::Defined(file, name.clone()));
                }

                Binding::Module(child) => meanings.extend(self.walk(*child, rest, asked)),
                Binding::Use(path) => {
                    for meaning in self.resolve(module, path, asked) {
                        match meaning {
                            Meaning::Module(found) => {
                                meanings.extend(self.walk(found, rest, asked));
                            }
                            defined @ Meaning::Defined(..) => meanings.push(defined),
                        }
                    }
                }
            }
        }
        if !meanings.is_empty() {
            return meanings;
        }
        let question = (module, vec!["*".to_owned(), name.clone()]);
        if asked.contains(&question) {
            return Vec::new();
        }
        asked.push(question);
        for glob in &self.all[module].globs {
            for meaning in self.resolve(module, glob, asked) {
                if let Meaning::Module(found) = meaning {
                    meanings.extend(self.walk(found, path, asked));
                }
            }
        }
        asked.pop();
        meanings
    }
}
