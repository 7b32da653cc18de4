//! The tree index: fixed-width node records and a blob of names, read where they lie.
//!
//! The layout is specified in `docs/src/reference/image-format.md`. Everything is checked once, when the index is
//! opened; nothing is allocated for a node. Reads stay bounds-checked all the same, so that not even
//! a file that is changed under the mapping can make one panic.

use std::ops::Range;

use thiserror::Error;

use super::bytes::TreeBytes;

/// Most nodes a tree can have.
pub const MAX_NODES: u32 = 1 << 20;
/// Most directories on the way from the root to a node, that node included.
pub const MAX_DEPTH: u32 = 128;
/// Longest name of a node, in bytes.
pub const MAX_NAME: usize = 255;

/// Bytes of the index before the first node record.
pub(super) const HEADER_SIZE: usize = 8;
/// Bytes of one node record.
pub(super) const NODE_SIZE: usize = 24;
/// The kind byte of a directory.
const KIND_DIRECTORY: u8 = 0;
/// The kind byte of a file.
const KIND_FILE: u8 = 1;

/// Why a tree index is refused. `node` is the number of the offending record.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum IndexError {
    /// The part is not as long as its header says.
    #[error("the index is {actual} bytes long but describes {expected}")]
    Length {
        /// Bytes there are.
        actual: usize,
        /// Bytes that the header announces.
        expected: u64,
    },
    /// There is no root, or there are more nodes than [`MAX_NODES`].
    #[error("the index has {0} nodes, where 1 to {MAX_NODES} are possible")]
    NodeCount(u32),
    /// The first node is not a directory without a name.
    #[error("the first node is not a root directory")]
    Root,
    /// A kind or a reserved byte has a value that this version of the format does not know.
    #[error("node {node} is of an unknown kind")]
    Kind {
        /// The offending record.
        node: u32,
    },
    /// A name lies outside the names, is empty, too long, not UTF-8, `.`, `..`, or has a `/` or NUL in it.
    #[error("node {node} has an impossible name")]
    Name {
        /// The offending record.
        node: u32,
    },
    /// The children of a directory are not in strictly ascending order of their names.
    #[error("node {node} is out of order among its siblings")]
    Order {
        /// The offending record.
        node: u32,
    },
    /// The children of a directory are not the nodes that follow those of the directory before.
    #[error("directory node {node} claims children that are not its own")]
    Children {
        /// The offending record.
        node: u32,
    },
    /// A node is deeper than [`MAX_DEPTH`].
    #[error("node {node} is nested deeper than {MAX_DEPTH} directories")]
    Depth {
        /// The offending record.
        node: u32,
    },
    /// There are nodes that belong to no directory.
    #[error("node {node} belongs to no directory")]
    Orphan {
        /// The first such record.
        node: u32,
    },
    /// The contents of a file lie outside the file data.
    #[error("file node {node} lies outside the file data")]
    Data {
        /// The offending record.
        node: u32,
    },
}

/// One node record, decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Record {
    pub name_offset: u32,
    pub name_length: u16,
    pub target: Target,
}

/// What a node record points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// The nodes that are the children of a directory.
    Children { first: u64, count: u64 },
    /// Where the contents of a file lie in the file data.
    Contents { offset: u64, length: u64 },
}

impl Record {
    pub(super) fn encode(&self) -> [u8; NODE_SIZE] {
        let (kind, start, length) = match self.target {
            Target::Children { first, count } => (KIND_DIRECTORY, first, count),
            Target::Contents { offset, length } => (KIND_FILE, offset, length),
        };
        let mut bytes = [0; NODE_SIZE];
        bytes[0..4].copy_from_slice(&self.name_offset.to_le_bytes());
        bytes[4..6].copy_from_slice(&self.name_length.to_le_bytes());
        bytes[6] = kind;
        bytes[8..16].copy_from_slice(&start.to_le_bytes());
        bytes[16..24].copy_from_slice(&length.to_le_bytes());
        bytes
    }

    /// Where its name lies among the names.
    fn name_range(&self) -> Option<Range<usize>> {
        let start = usize::try_from(self.name_offset).ok()?;
        Some(start..start.checked_add(usize::from(self.name_length))?)
    }

    fn decode(bytes: &[u8; NODE_SIZE]) -> Option<Self> {
        let [n0, n1, n2, n3, l0, l1, kind, reserved, rest @ ..] = *bytes;
        let [s0, s1, s2, s3, s4, s5, s6, s7, length @ ..] = rest;
        let start = u64::from_le_bytes([s0, s1, s2, s3, s4, s5, s6, s7]);
        let length = u64::from_le_bytes(length);
        let target = match (kind, reserved) {
            (KIND_DIRECTORY, 0) => Target::Children {
                first: start,
                count: length,
            },
            (KIND_FILE, 0) => Target::Contents {
                offset: start,
                length,
            },
            _ => return None,
        };
        Some(Self {
            name_offset: u32::from_le_bytes([n0, n1, n2, n3]),
            name_length: u16::from_le_bytes([l0, l1]),
            target,
        })
    }
}

/// An index that was checked.
#[derive(Debug, Clone)]
pub(super) struct Index {
    bytes: TreeBytes,
    node_count: u32,
}

impl Index {
    /// Checks the whole index against itself and against the length of the file data.
    pub(super) fn open(bytes: TreeBytes, data_length: u64) -> Result<Self, IndexError> {
        let view = View::new(&bytes)?;
        view.check(data_length)?;
        let node_count = view.count()?;
        Ok(Self { bytes, node_count })
    }

    /// How many nodes there are.
    pub(super) fn node_count(&self) -> u32 {
        self.node_count
    }

    /// The records and names, for one or more reads.
    pub(super) fn view(&self) -> View<'_> {
        View::split(&self.bytes, self.node_count)
    }
}

/// The two halves of an index.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    nodes: &'a [[u8; NODE_SIZE]],
    names: &'a [u8],
}

impl<'a> View<'a> {
    /// Reads the header and checks that the lengths add up.
    fn new(bytes: &'a [u8]) -> Result<Self, IndexError> {
        let length = IndexError::Length {
            actual: bytes.len(),
            expected: HEADER_SIZE as u64,
        };
        let Some(([c0, c1, c2, c3, n0, n1, n2, n3], rest)) = bytes.split_first_chunk() else {
            return Err(length);
        };
        let node_count = u32::from_le_bytes([*c0, *c1, *c2, *c3]);
        let names_length = u32::from_le_bytes([*n0, *n1, *n2, *n3]);
        if node_count == 0 || node_count > MAX_NODES {
            return Err(IndexError::NodeCount(node_count));
        }
        let nodes_length = u64::from(node_count) * NODE_SIZE as u64;
        let expected = nodes_length + u64::from(names_length);
        if rest.len() as u64 != expected {
            let expected = expected + HEADER_SIZE as u64;
            return Err(IndexError::Length {
                actual: bytes.len(),
                expected,
            });
        }
        Ok(View::split(bytes, node_count))
    }

    /// Splits an index whose header says `node_count`.
    fn split(bytes: &'a [u8], node_count: u32) -> Self {
        let rest = bytes.get(HEADER_SIZE..).unwrap_or(&[]);
        let nodes_length = usize::try_from(node_count)
            .unwrap_or(0)
            .saturating_mul(NODE_SIZE);
        let (nodes, names) = rest.split_at_checked(nodes_length).unwrap_or((&[], &[]));
        View {
            nodes: nodes.as_chunks().0,
            names,
        }
    }

    fn count(&self) -> Result<u32, IndexError> {
        u32::try_from(self.nodes.len()).map_err(|_| IndexError::NodeCount(u32::MAX))
    }

    /// The record of a node, or `None` when there is no such node.
    pub(super) fn record(&self, node: u32) -> Option<Record> {
        Record::decode(self.nodes.get(usize::try_from(node).ok()?)?)
    }

    /// The name of a node as bytes.
    pub(super) fn name(&self, record: &Record) -> Option<&'a [u8]> {
        self.names.get(record.name_range()?)
    }

    /// The numbers of the children of a node; none when it is a file or does not exist.
    pub(super) fn children(&self, node: u32) -> Range<u32> {
        match self.record(node).map(|record| record.target) {
            Some(Target::Children { first, count }) => {
                // Checked at opening; a file changed since then yields an empty directory.
                let end = first.saturating_add(count).min(self.nodes.len() as u64);
                match (u32::try_from(first), u32::try_from(end)) {
                    (Ok(first), Ok(end)) if first > node && first <= end => first..end,
                    _ => 0..0,
                }
            }
            _ => 0..0,
        }
    }

    /// Finds a child by name.
    pub(super) fn find(&self, directory: u32, name: &[u8]) -> Option<u32> {
        let Range {
            start: mut low,
            end: mut high,
        } = self.children(directory);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.name(&self.record(middle)?)?.cmp(name) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(middle),
            }
        }
        None
    }

    /// Checks every record.
    ///
    /// Names are checked one by one only where a look at all of them together finds something that no name has,
    /// or one ends within a character.
    ///
    /// The children of the directories must follow each other in the order of the directories
    /// (breadth first), each range behind its directory. This alone proves that the nodes are one
    /// tree: every node but the root has exactly one parent, which comes before it.
    fn check(&self, data_length: u64) -> Result<(), IndexError> {
        let count = self.count()?;
        let plain = plain_text(self.names);
        let mut next_child: u32 = 1;
        let mut depth = 0;
        let mut level_end: u32 = 1;
        for node in 0..count {
            if node == level_end {
                depth += 1;
                level_end = next_child;
            }
            if depth > MAX_DEPTH {
                return Err(IndexError::Depth { node });
            }
            let record = self.record(node).ok_or(IndexError::Kind { node })?;
            if node == 0 && (record.name_length != 0 || record.name_offset != 0) {
                return Err(IndexError::Root);
            }
            match record.target {
                Target::Contents { .. } if node == 0 => return Err(IndexError::Root),
                Target::Contents { offset, length } => {
                    let end = offset.checked_add(length);
                    if end.is_none_or(|end| end > data_length) {
                        return Err(IndexError::Data { node });
                    }
                }
                Target::Children {
                    first,
                    count: children,
                } => {
                    // `next_child <= node` happens when the directories so far have no child left
                    // to be this node: an orphan, which could otherwise point at itself.
                    if first != u64::from(next_child) || next_child <= node {
                        return Err(IndexError::Children { node });
                    }
                    let end = first
                        .checked_add(children)
                        .and_then(|end| u32::try_from(end).ok());
                    let Some(end) = end.filter(|end| *end <= count) else {
                        return Err(IndexError::Children { node });
                    };
                    self.check_names(next_child..end, plain)?;
                    next_child = end;
                }
            }
        }
        if next_child != count {
            return Err(IndexError::Orphan { node: next_child });
        }
        Ok(())
    }

    /// Checks the names of siblings and their order. `plain` is the text of all names, if nothing in it
    /// is impossible in a name.
    fn check_names(&self, siblings: Range<u32>, plain: Option<&str>) -> Result<(), IndexError> {
        let mut before: &[u8] = b"";
        for node in siblings {
            let record = self.record(node).ok_or(IndexError::Kind { node })?;
            let name = self.name(&record).ok_or(IndexError::Name { node })?;
            let of_plain = plain.zip(record.name_range());
            let is_plain = of_plain.is_some_and(|(names, range)| names.get(range).is_some());
            let is_possible = if is_plain {
                is_length(name.len()) && !is_relative(name)
            } else {
                is_name(name)
            };
            if !is_possible {
                return Err(IndexError::Name { node });
            }
            if name <= before {
                return Err(IndexError::Order { node });
            }
            before = name;
        }
        Ok(())
    }
}

/// All names together, if they are text without anything that a name cannot have.
fn plain_text(names: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(names).ok()?;
    (!has_separator(names)).then_some(text)
}

/// Whether these bytes can be the name of a file or directory.
pub(super) fn is_name(name: &[u8]) -> bool {
    is_length(name.len())
        && !is_relative(name)
        && !has_separator(name)
        && std::str::from_utf8(name).is_ok()
}

/// Whether a name can have so many bytes.
fn is_length(length: usize) -> bool {
    (1..=MAX_NAME).contains(&length)
}

/// Whether the name stands for a directory wherever it is.
fn is_relative(name: &[u8]) -> bool {
    matches!(name, b"." | b"..")
}

/// Whether there is a byte that ends a name.
fn has_separator(bytes: &[u8]) -> bool {
    memchr::memchr2(b'/', 0, bytes).is_some()
}
