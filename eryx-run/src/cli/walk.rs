//! Walking through the whole tree of an image with no more memory than its depth needs.

use eryx_image::{Entries, NodeId, NodeKind, Tree};

/// A walk through a tree: directories before what is in them, siblings by name.
pub(super) struct Walk<'a> {
    tree: &'a Tree,
    /// The path of the node that was given last.
    path: String,
    /// The directories on the way, each with the length of its own path.
    open: Vec<(usize, Entries<'a>)>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(tree: &'a Tree) -> Self {
        Walk {
            tree,
            path: String::new(),
            open: vec![(0, tree.entries(tree.root()))],
        }
    }

    /// The next node and its path. The root is not among them.
    pub(super) fn advance(&mut self) -> Option<(&str, NodeId)> {
        loop {
            let (length, entries) = self.open.last_mut()?;
            self.path.truncate(*length);
            if let Some((name, node)) = entries.next() {
                self.path.push('/');
                self.path.push_str(name);
                if self.tree.kind(node) == NodeKind::Directory {
                    self.open.push((self.path.len(), self.tree.entries(node)));
                }
                return Some((&self.path, node));
            }
            self.open.pop();
        }
    }
}

/// How much there is in a tree.
#[derive(Debug, Default, PartialEq, Eq, serde::Serialize)]
pub(super) struct Totals {
    /// Directories, the root included.
    pub directories: u64,
    /// Files.
    pub files: u64,
    /// The lengths of all files together, in bytes. Equal files are stored once, so this can be
    /// more than the file data of the image.
    pub bytes: u64,
}

impl Totals {
    pub(super) fn of(tree: &Tree) -> Self {
        let mut totals = Self {
            directories: 1,
            ..Self::default()
        };
        let mut walk = Walk::new(tree);
        while let Some((_, node)) = walk.advance() {
            match tree.kind(node) {
                NodeKind::Directory => totals.directories += 1,
                NodeKind::File => totals.files += 1,
            }
            totals.bytes = totals.bytes.saturating_add(tree.len(node));
        }
        totals
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eryx_image::TreeBuilder;

    #[test]
    fn every_node_is_met_once_in_order() {
        let mut builder = TreeBuilder::new();
        for path in ["/b/x", "/b/y/z", "/a", "/c"] {
            builder.add_file(path, path).unwrap();
        }
        let tree = builder.build().unwrap().into_tree();
        let mut walk = Walk::new(&tree);
        let mut paths = Vec::new();
        while let Some((path, node)) = walk.advance() {
            assert_eq!(tree.resolve(path), Some(node));
            paths.push(path.to_owned());
        }
        assert_eq!(paths, ["/a", "/b", "/b/x", "/b/y", "/b/y/z", "/c"]);
        assert_eq!(
            Totals::of(&tree),
            Totals {
                directories: 3,
                files: 4,
                bytes: 14
            }
        );
    }
}
