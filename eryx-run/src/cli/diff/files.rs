//! Comparing the files of two images.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde::ser::SerializeSeq as _;
use serde::{Serialize, Serializer};

use crate::cli::contents::{Owner, Owners};
use crate::cli::walk::Walk;
use eryx_image::{Image, NodeId, NodeKind, Tree};

/// A file that differs.
#[derive(Debug, Serialize)]
pub(super) struct FileChange<'a> {
    /// Its path in the sandbox.
    pub path: &'a str,
    /// Its length in the first image, in bytes, if it is there.
    pub old: Option<u64>,
    /// Its length in the second image.
    pub new: Option<u64>,
}

/// How many files differ of those that have one owner.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct GroupChange {
    /// `stdlib`, `package`, `packages` (of packages whose names the image does not tell) or `files`
    /// (the image's own).
    pub kind: &'static str,
    /// The package, or the directory of the image's own files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub added: u64,
    pub removed: u64,
    pub changed: u64,
}

/// How many files differ, by whose they are.
pub(super) fn by_owner(old: &Image, new: &Image) -> Vec<GroupChange> {
    let owners = [Owners::new(old.metadata()), Owners::new(new.metadata())];
    let images = [old, new];
    let mut groups: BTreeMap<(&'static str, Option<String>), [u64; 3]> = BTreeMap::new();
    for_each(old.tree(), new.tree(), &mut |change| {
        let (side, count) = match (change.old, change.new) {
            (None, _) => (1, 0),
            (_, None) => (0, 1),
            _ => (1, 2),
        };
        let Some((owners, image)) = owners.get(side).zip(images.get(side)) else {
            return;
        };
        let key = match owners.of(change.path) {
            Owner::Stdlib => ("stdlib", None),
            Owner::Unknown => ("packages", None),
            Owner::Own(name) => ("files", Some(format!("/{name}"))),
            Owner::Package(number) => {
                let package = image.metadata().packages.get(number);
                ("package", package.map(|package| package.name.clone()))
            }
        };
        if let Some(count) = groups.entry(key).or_default().get_mut(count) {
            *count += 1;
        }
    });
    groups
        .into_iter()
        .map(|((kind, name), [added, removed, changed])| GroupChange {
            kind,
            name,
            added,
            removed,
            changed,
        })
        .collect()
}

/// Every file that differs, in the order of the tree. It is found anew each time, so that even the
/// largest tree takes no memory.
pub(super) struct FileList<'a> {
    old: &'a Tree,
    new: &'a Tree,
}

impl<'a> FileList<'a> {
    pub(super) fn new(old: &'a Image, new: &'a Image) -> Self {
        FileList {
            old: old.tree(),
            new: new.tree(),
        }
    }

    pub(super) fn for_each(&self, found: &mut dyn FnMut(&FileChange<'_>)) {
        for_each(self.old, self.new, found);
    }
}

impl Serialize for FileList<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(None)?;
        let mut outcome = Ok(());
        self.for_each(&mut |change| {
            if outcome.is_ok() {
                outcome = sequence.serialize_element(change);
            }
        });
        outcome?;
        sequence.end()
    }
}

/// Walks through both trees side by side.
fn for_each(old: &Tree, new: &Tree, found: &mut dyn FnMut(&FileChange<'_>)) {
    let (mut before, mut after) = (Files::new(old), Files::new(new));
    loop {
        let order = match (before.path(), after.path()) {
            (None, None) => return,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            // A walk goes into a directory before it goes on to the next name.
            (Some(old), Some(new)) => old.split('/').cmp(new.split('/')),
        };
        let (removed, added) = (order.is_le(), order.is_ge());
        let same = removed
            && added
            && before.len() == after.len()
            && old.data(before.node)[..] == new.data(after.node)[..];
        if !same {
            let path = if removed { before.path() } else { after.path() };
            found(&FileChange {
                path: path.unwrap_or_default(),
                old: removed.then(|| before.len()),
                new: added.then(|| after.len()),
            });
        }
        if removed {
            before.advance();
        }
        if added {
            after.advance();
        }
    }
}

/// The files of a tree, one at a time.
struct Files<'a> {
    tree: &'a Tree,
    walk: Walk<'a>,
    path: String,
    node: NodeId,
    ended: bool,
}

impl<'a> Files<'a> {
    fn new(tree: &'a Tree) -> Self {
        let mut files = Files {
            tree,
            walk: Walk::new(tree),
            path: String::new(),
            node: tree.root(),
            ended: false,
        };
        files.advance();
        files
    }

    fn advance(&mut self) {
        while let Some((path, node)) = self.walk.advance() {
            if self.tree.kind(node) == NodeKind::File {
                self.path.clear();
                self.path.push_str(path);
                self.node = node;
                return;
            }
        }
        self.ended = true;
    }

    fn path(&self) -> Option<&str> {
        (!self.ended).then_some(&self.path)
    }

    fn len(&self) -> u64 {
        self.tree.len(self.node)
    }
}
