//! Putting a file tree together at bake time.

use std::collections::{BTreeMap, HashMap, VecDeque};

use bytes::Bytes;
use thiserror::Error;

use super::bytes::TreeBytes;
use super::index::{self, HEADER_SIZE, IndexError, MAX_DEPTH, MAX_NODES, NODE_SIZE};
use super::index::{Record, Target};
use super::tree::Tree;

/// Why something cannot be put into a tree.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum TreeError {
    /// The path is not an absolute, normalised sandbox path.
    #[error("`{path}` is no path for an image: {reason}")]
    Path {
        /// The offending path.
        path: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// There is something else at the path already.
    #[error("`{path}` would be in the image twice")]
    Duplicate {
        /// The offending path.
        path: String,
    },
    /// A directory on the way to the path is a file.
    #[error("`{path}` cannot be in the image: `{file}` is a file there, not a directory")]
    NotADirectory {
        /// The offending path.
        path: String,
        /// The file on the way to it.
        file: String,
    },
    /// There are more files and directories than an image can hold.
    #[error(
        "an image holds at most {MAX_NODES} files and directories: leave out some packages or files"
    )]
    TooManyNodes,
    /// The names of the files and directories take more than 4 GiB.
    #[error("the names of the files are too long to fit into an image")]
    TooManyNames,
}

/// A node that is being built.
#[derive(Debug)]
enum Node {
    Directory(BTreeMap<String, Self>),
    File(Bytes),
}

/// Gathers files and directories and encodes them as the tree of an image.
///
/// The result depends on what was added, not on the order in which that happened. Files of equal
/// contents are stored once.
///
/// ```
/// use eryx_image::TreeBuilder;
///
/// let mut builder = TreeBuilder::new();
/// builder.add_file("/site-packages/hello.py", "print('hello')\n")?;
/// let tree = builder.build()?.into_tree();
/// let file = tree.resolve("/site-packages/hello.py").unwrap();
/// assert_eq!(&*tree.data(file), b"print('hello')\n");
/// # Ok::<(), eryx_image::TreeError>(())
/// ```
#[derive(Debug, Default)]
pub struct TreeBuilder {
    root: BTreeMap<String, Node>,
    nodes: u32,
}

impl TreeBuilder {
    /// A tree with nothing in it but its root.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file, and the directories on the way to it that are not there yet.
    ///
    /// # Errors
    /// When the path is not absolute and normalised, when something is there already, or when a
    /// directory on the way is a file.
    pub fn add_file(&mut self, path: &str, contents: impl Into<Bytes>) -> Result<(), TreeError> {
        let names = split(path)?;
        let Some((name, parents)) = names.split_last() else {
            return Err(TreeError::Duplicate {
                path: path.to_owned(),
            });
        };
        let nodes = &mut self.nodes;
        let directory = descend(&mut self.root, nodes, path, parents)?;
        if directory.contains_key(*name) {
            return Err(TreeError::Duplicate {
                path: path.to_owned(),
            });
        }
        count_node(nodes)?;
        directory.insert((*name).to_owned(), Node::File(contents.into()));
        Ok(())
    }

    /// Adds a directory, and those on the way to it. A directory that is there already stays as it is.
    ///
    /// # Errors
    /// When the path is not absolute and normalised, or when it or a directory on the way is a file.
    pub fn add_directory(&mut self, path: &str) -> Result<(), TreeError> {
        let names = split(path)?;
        descend(&mut self.root, &mut self.nodes, path, &names)?;
        Ok(())
    }

    /// Encodes the tree: the data of its files one after the other, and the index.
    ///
    /// # Errors
    /// [`TreeError::TooManyNames`].
    pub fn build(self) -> Result<EncodedTree, TreeError> {
        let node_count = self.nodes.checked_add(1).ok_or(TreeError::TooManyNodes)?;
        let mut data = Contents::default();
        let mut names = Names::default();
        let mut records = Vec::with_capacity(usize::try_from(node_count).unwrap_or(0) * NODE_SIZE);

        // Breadth first: the children of a directory lie together, behind those of the directory
        // before it.
        let mut next_child: u64 = 1;
        let mut queue = VecDeque::from([(String::new(), Node::Directory(self.root))]);
        while let Some((name, node)) = queue.pop_front() {
            let (name_offset, name_length) = names.add(name)?;
            let target = match node {
                Node::Directory(children) => {
                    let count = children.len() as u64;
                    queue.extend(children);
                    let first = next_child;
                    next_child += count;
                    Target::Children { first, count }
                }
                Node::File(contents) => {
                    let length = contents.len() as u64;
                    Target::Contents {
                        offset: data.add(contents),
                        length,
                    }
                }
            };
            records.extend_from_slice(
                &Record {
                    name_offset,
                    name_length,
                    target,
                }
                .encode(),
            );
        }

        let names_length = u32::try_from(names.bytes.len()).map_err(|_| TreeError::TooManyNames)?;
        let mut index = Vec::with_capacity(HEADER_SIZE + records.len() + names.bytes.len());
        index.extend_from_slice(&node_count.to_le_bytes());
        index.extend_from_slice(&names_length.to_le_bytes());
        index.extend_from_slice(&records);
        index.extend_from_slice(&names.bytes);
        Ok(EncodedTree {
            data: data.bytes,
            index,
        })
    }
}

/// A tree as it lies in an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodedTree {
    data: Vec<u8>,
    index: Vec<u8>,
}

impl EncodedTree {
    /// The contents of the files, one after the other.
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// The index, as `docs/src/reference/image-format.md` specifies it.
    pub fn index(&self) -> &[u8] {
        &self.index
    }

    /// Serves the tree from memory, as it is at bake time.
    pub fn into_tree(self) -> Tree {
        let opened = Tree::open(TreeBytes::new(self.index), TreeBytes::new(self.data));
        opened.unwrap_or_else(|error: IndexError| {
            unreachable!("the builder writes only what the reader accepts: {error}")
        })
    }
}

/// The contents of files, the equal ones once.
#[derive(Debug, Default)]
struct Contents {
    bytes: Vec<u8>,
    /// Only looked up, never iterated: its order does not reach the image.
    offsets: HashMap<Bytes, u64>,
}

impl Contents {
    fn add(&mut self, contents: Bytes) -> u64 {
        if contents.is_empty() {
            return 0;
        }
        let end = self.bytes.len() as u64;
        let bytes = &mut self.bytes;
        *self.offsets.entry(contents).or_insert_with_key(|contents| {
            bytes.extend_from_slice(contents);
            end
        })
    }
}

/// Names of nodes, the equal ones once: every package has its `__init__.py`.
#[derive(Debug, Default)]
struct Names {
    bytes: Vec<u8>,
    offsets: HashMap<String, u32>,
}

impl Names {
    fn add(&mut self, name: String) -> Result<(u32, u16), TreeError> {
        let length = u16::try_from(name.len()).map_err(|_| TreeError::TooManyNames)?;
        if let Some(offset) = self.offsets.get(&name) {
            return Ok((*offset, length));
        }
        let offset = u32::try_from(self.bytes.len()).map_err(|_| TreeError::TooManyNames)?;
        self.bytes.extend_from_slice(name.as_bytes());
        self.offsets.insert(name, offset);
        Ok((offset, length))
    }
}

/// Splits a sandbox path into its names: none for `/`.
fn split(path: &str) -> Result<Vec<&str>, TreeError> {
    let refuse = |reason| {
        Err(TreeError::Path {
            path: path.to_owned(),
            reason,
        })
    };
    let Some(relative) = path.strip_prefix('/') else {
        return refuse("it does not begin with `/`");
    };
    if relative.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<&str> = relative.split('/').collect();
    if names.iter().any(|name| matches!(*name, "" | "." | "..")) {
        return refuse("it has an empty component, `.` or `..` in it");
    }
    if names.iter().any(|name| name.len() > index::MAX_NAME) {
        return refuse("a name in it is longer than 255 bytes");
    }
    if !names.iter().all(|name| index::is_name(name.as_bytes())) {
        return refuse("it has a NUL in it");
    }
    if u32::try_from(names.len()).is_ok_and(|depth| depth <= MAX_DEPTH) {
        Ok(names)
    } else {
        refuse("it is nested deeper than 128 directories")
    }
}

/// The directory below `root` that `names` lead to, made where it is missing.
fn descend<'a>(
    root: &'a mut BTreeMap<String, Node>,
    nodes: &mut u32,
    path: &str,
    names: &[&str],
) -> Result<&'a mut BTreeMap<String, Node>, TreeError> {
    let mut directory = root;
    for (depth, name) in names.iter().enumerate() {
        if !directory.contains_key(*name) {
            count_node(nodes)?;
        }
        let child = directory
            .entry((*name).to_owned())
            .or_insert_with(|| Node::Directory(BTreeMap::new()));
        directory = match child {
            Node::Directory(children) => children,
            Node::File(_) => {
                let file = names
                    .iter()
                    .take(depth + 1)
                    .fold(String::new(), |file, name| file + "/" + name);
                let path = path.to_owned();
                // A directory asked for where a file is: the file itself is what is in the way.
                return Err(if file == path {
                    TreeError::Duplicate { path }
                } else {
                    TreeError::NotADirectory { path, file }
                });
            }
        };
    }
    Ok(directory)
}

/// Counts one more node beside the root.
fn count_node(nodes: &mut u32) -> Result<(), TreeError> {
    // The root is not counted.
    if *nodes + 1 >= MAX_NODES {
        return Err(TreeError::TooManyNodes);
    }
    *nodes += 1;
    Ok(())
}
