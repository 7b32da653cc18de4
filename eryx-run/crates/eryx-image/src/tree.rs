//! The file tree of an image, read-only and served from where its bytes lie.

use std::iter::FusedIterator;
use std::ops::Range;

use super::bytes::TreeBytes;
use super::index::{Index, IndexError, Record, Target, View};

/// A node of one [`Tree`]: a directory or a file.
///
/// An id belongs to the tree that gave it. Asked of another tree it names any node, or an empty
/// file; it never panics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

impl NodeId {
    /// The number of the node, 0 for the root: stable for one image, distinct for every node, and
    /// so fit to be made into an inode number.
    pub fn number(self) -> u32 {
        self.0
    }
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NodeKind {
    /// A directory; its children are [`Tree::entries`].
    Directory,
    /// A file; its contents are [`Tree::data`].
    File,
}

/// A read-only tree of directories and files.
///
/// Cheap to clone; the clones share what they read from, be it a mapped image or memory.
#[derive(Debug, Clone)]
pub struct Tree {
    index: Index,
    data: TreeBytes,
}

impl Tree {
    /// Opens the tree whose `index` describes the files in `data`.
    ///
    /// The whole index is checked here: afterwards every node has a name that is one path
    /// component of UTF-8, contents that lie inside `data`, and exactly one parent.
    ///
    /// # Errors
    /// The first thing that is wrong with the index.
    pub fn open(index: TreeBytes, data: TreeBytes) -> Result<Self, IndexError> {
        let index = Index::open(index, data.len() as u64)?;
        Ok(Self { index, data })
    }

    /// The directory `/`.
    pub fn root(&self) -> NodeId {
        NodeId(0)
    }

    /// How many directories and files there are, the root included.
    pub fn node_count(&self) -> u32 {
        self.index.node_count()
    }

    /// The child of `directory` called `name` (one path component, no `.` or `..`).
    pub fn lookup(&self, directory: NodeId, name: &str) -> Option<NodeId> {
        self.index
            .view()
            .find(directory.0, name.as_bytes())
            .map(NodeId)
    }

    /// The node at an absolute, normalised path such as `/usr/lib/python3.14/os.py`.
    pub fn resolve(&self, path: &str) -> Option<NodeId> {
        let path = path.strip_prefix('/')?;
        if path.is_empty() {
            return Some(self.root());
        }
        let view = self.index.view();
        path.split('/')
            .try_fold(0, |node, name| view.find(node, name.as_bytes()))
            .map(NodeId)
    }

    /// Whether a node is a directory or a file.
    pub fn kind(&self, node: NodeId) -> NodeKind {
        match self.index.view().record(node.0).map(|record| record.target) {
            Some(Target::Children { .. }) => NodeKind::Directory,
            _ => NodeKind::File,
        }
    }

    /// The children of a directory, sorted by the bytes of their names; nothing for a file.
    pub fn entries(&self, directory: NodeId) -> Entries<'_> {
        let view = self.index.view();
        Entries {
            view,
            nodes: view.children(directory.0),
        }
    }

    /// The contents of a file, without copying them; no bytes for a directory.
    pub fn data(&self, node: NodeId) -> TreeBytes {
        self.contents(node)
            .and_then(|range| self.data.slice(range))
            .unwrap_or_else(TreeBytes::empty)
    }

    /// The length of a file in bytes; 0 for a directory.
    pub fn len(&self, node: NodeId) -> u64 {
        self.contents(node).map_or(0, |range| range.len() as u64)
    }

    /// Whether there is nothing in the tree but its root.
    pub fn is_empty(&self) -> bool {
        self.node_count() == 1
    }

    fn contents(&self, node: NodeId) -> Option<Range<usize>> {
        match self.index.view().record(node.0)?.target {
            Target::Contents { offset, length } => {
                let start = usize::try_from(offset).ok()?;
                Some(start..start.checked_add(usize::try_from(length).ok()?)?)
            }
            Target::Children { .. } => None,
        }
    }
}

/// The children of a directory: see [`Tree::entries`].
#[derive(Debug, Clone)]
pub struct Entries<'a> {
    view: View<'a>,
    nodes: Range<u32>,
}

impl<'a> Entries<'a> {
    fn entry(&self, node: u32) -> Option<(&'a str, NodeId)> {
        let record: Record = self.view.record(node)?;
        let name = std::str::from_utf8(self.view.name(&record)?).ok()?;
        Some((name, NodeId(node)))
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = (&'a str, NodeId);

    fn next(&mut self) -> Option<Self::Item> {
        let node = self.nodes.next()?;
        self.entry(node)
    }

    fn nth(&mut self, count: usize) -> Option<Self::Item> {
        let node = self.nodes.nth(count)?;
        self.entry(node)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.nodes.size_hint()
    }
}

impl ExactSizeIterator for Entries<'_> {}

impl FusedIterator for Entries<'_> {}
