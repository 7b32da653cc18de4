//! Looks up every path in the code.

use super::{
    attributes,
    model::{Import, Target},
    modules::{self, Modules},
    names::Meaning,
};
use proc_macro2::{TokenStream, TokenTree};
use std::collections::BTreeMap;
use syn::{
    Attribute, ImplItem, Item, ItemUse, Macro, Meta, Path, TraitItem,
    spanned::Spanned,
    visit::{self, Visit},
};

/// All imports of all modules, sorted.
pub(crate) fn read(modules: &Modules) -> Vec<Import> {
    let mut imports = Vec::new();
    for index in 0..modules.all.len() {
        let mut reader = Reader {
            modules,
            module: index,
            locals: BTreeMap::new(),
            imports: &mut imports,
        };
        for item in &modules.all[index].items {
            reader.locals.clear();
            reader.visit_item(item);
        }
    }
    imports.sort();
    imports.dedup();
    imports
}

struct Reader<'a> {
    modules: &'a Modules,
    module: usize,
    /// What `use` brings within the item that is being read.
    locals: BTreeMap<String, Vec<String>>,
    imports: &'a mut Vec<Import>,
}

impl Reader<'_> {
    fn look_up(&mut self, path: &[String], line: usize, handed_on: bool) {
        let from = self.modules.all[self.module].file;
        let local = path.first().and_then(|first| self.locals.get(first));
        let whole = local.map(|start| [start.as_slice(), &path[1..]].concat());
        let path = whole.as_deref().unwrap_or(path);
        for meaning in self.modules.meanings(self.module, path) {
            let Meaning::Defined(target, name) = meaning else {
                continue;
            };
            if target == Target::File(from) {
                continue;
            }
            self.imports.push(Import {
                from,
                target,
                line,
                name,
                handed_on,
            });
        }
    }

    fn declaration(&mut self, item: &ItemUse) {
        let handed_on = modules::is_handed_on(item);
        for leaf in modules::leaves(item) {
            // What comes through `*` is known where it is used.
            if !leaf.glob {
                self.look_up(&leaf.path, leaf.line, handed_on);
            }
            if let Some(name) = leaf.name
                && leaf.path.first() != Some(&name)
            {
                self.locals.insert(name, leaf.path);
            }
        }
    }

    /// Paths in what a macro gets: any with `::`, and single names that look like types or constants.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut line = 0;
        let mut colons = 0;
        let mut member = false;
        for token in tokens {
            match token {
                TokenTree::Ident(name) => {
                    if colons != 2 {
                        self.end_of_path(&mut path, line);
                        line = name.span().start().line;
                    }
                    if !member {
                        path.push(name.to_string());
                    }
                    colons = 0;
                    member = false;
                    continue;
                }
                TokenTree::Punct(sign) if sign.as_char() == ':' => {
                    colons += 1;
                    continue;
                }
                TokenTree::Punct(sign) => member = sign.as_char() == '.',
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Literal(_) => {}
            }
            colons = 0;
            self.end_of_path(&mut path, line);
        }
        self.end_of_path(&mut path, line);
    }

    fn end_of_path(&mut self, path: &mut Vec<String>, line: usize) {
        let path = std::mem::take(path);
        let upper = |name: &String| name.starts_with(char::is_uppercase);
        if path.len() > 1 || path.first().is_some_and(upper) {
            self.look_up(&path, line, false);
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        if attributes::is_test(attributes::of(item)) {
            return;
        }
        match item {
            // A module has its turn by itself.
            Item::Mod(_) => {}
            Item::Use(item) => self.declaration(item),
            item => visit::visit_item(self, item),
        }
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        if !matches!(item, ImplItem::Fn(item) if attributes::is_test(&item.attrs)) {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_trait_item(&mut self, item: &'ast TraitItem) {
        if !matches!(item, TraitItem::Fn(item) if attributes::is_test(&item.attrs)) {
            visit::visit_trait_item(self, item);
        }
    }

    fn visit_path(&mut self, path: &'ast Path) {
        let mut segments: Vec<String> = Vec::new();
        if path.leading_colon.is_some() {
            segments.push(String::new());
        }
        segments.extend(
            path.segments
                .iter()
                .map(|segment| segment.ident.to_string()),
        );
        self.look_up(&segments, path.span().start().line, false);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, invocation: &'ast Macro) {
        self.visit_path(&invocation.path);
        self.tokens(invocation.tokens.clone());
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if let Meta::List(list) = &attribute.meta {
            self.tokens(list.tokens.clone());
        }
    }
}
