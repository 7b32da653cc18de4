//! The nodes of a scratch space, who names whom, and what it all costs.

use std::collections::BTreeMap;

use super::limits::ScratchLimits;
use super::pages::{PAGE_COST, Pages};
use crate::error::FileError;
use crate::names;
use crate::path::RelativePath;
use crate::types::{FileType, Follow, Metadata, PERMISSION_BITS, Space, TimeChange, Timestamp};

/// What a node is charged for besides its contents, in bytes.
const NODE_COST: u64 = 256;

/// What a name is charged for besides its letters, in bytes.
const NAME_COST: u64 = 64;

fn name_cost(name: &str) -> u64 {
    NAME_COST + name.len() as u64
}

/// The number of a node. Numbers are never used twice.
pub(super) type NodeNumber = u64;

/// The root. Number 0 means "no file" to much code.
pub(super) const ROOT: NodeNumber = 1;

/// The permission bits of the root, in which everybody may make files.
const ROOT_PERMISSIONS: u32 = 0o1777;

/// What a node holds.
#[derive(Debug)]
pub(super) enum Contents {
    File(Pages),
    Directory {
        entries: BTreeMap<Box<str>, NodeNumber>,
        parent: NodeNumber,
    },
    Symlink(Box<str>),
}

/// A file, directory or symbolic link.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) contents: Contents,
    /// The permission bits.
    pub(super) permissions: u32,
    /// How many names it has.
    pub(super) links: u64,
    /// How many open files there are on it.
    pub(super) handles: u64,
    accessed: Timestamp,
    modified: Timestamp,
    changed: Timestamp,
}

impl Node {
    fn file_type(&self) -> FileType {
        match self.contents {
            Contents::File(_) => FileType::File,
            Contents::Directory { .. } => FileType::Directory,
            Contents::Symlink(_) => FileType::Symlink,
        }
    }

    pub(super) fn metadata(&self, number: NodeNumber) -> Metadata {
        Metadata {
            file_type: self.file_type(),
            mode: self.file_type().format() | self.permissions,
            read_only: false,
            size: match &self.contents {
                Contents::File(pages) => pages.size(),
                Contents::Directory { .. } => 0,
                Contents::Symlink(target) => names::length(target) as u64,
            },
            links: self.links,
            device: 0,
            inode: number,
            accessed: self.accessed,
            modified: self.modified,
            changed: self.changed,
        }
    }

    /// Notes that the contents changed.
    pub(super) fn touch(&mut self, now: Timestamp) {
        self.modified = now;
        self.changed = now;
    }

    pub(super) fn set_times(&mut self, accessed: TimeChange, modified: TimeChange, now: Timestamp) {
        for (time, change) in [
            (&mut self.accessed, accessed),
            (&mut self.modified, modified),
        ] {
            match change {
                TimeChange::Keep => continue,
                TimeChange::Now => *time = now,
                TimeChange::Set(moment) => *time = moment,
            }
            self.changed = now;
        }
    }

    /// Changes the permission bits.
    pub(super) fn set_permissions(&mut self, mode: u32, now: Timestamp) {
        self.permissions = mode & PERMISSION_BITS;
        self.changed = now;
    }

    fn own_cost(&self) -> u64 {
        NODE_COST
            + match &self.contents {
                Contents::File(pages) => pages.count() * PAGE_COST,
                Contents::Directory { .. } => 0,
                Contents::Symlink(target) => target.len() as u64,
            }
    }
}

/// All nodes of a scratch space.
#[derive(Debug)]
pub(super) struct Nodes {
    nodes: BTreeMap<NodeNumber, Node>,
    next: NodeNumber,
    used: u64,
    limits: ScratchLimits,
}

impl Nodes {
    pub(super) fn new(limits: ScratchLimits, now: Timestamp) -> Self {
        let contents = Contents::Directory {
            entries: BTreeMap::new(),
            parent: ROOT,
        };
        let root = Node {
            contents,
            permissions: ROOT_PERMISSIONS,
            links: 1,
            handles: 0,
            accessed: now,
            modified: now,
            changed: now,
        };
        Self {
            nodes: BTreeMap::from([(ROOT, root)]),
            next: ROOT + 1,
            used: 0,
            limits,
        }
    }

    pub(super) fn used(&self) -> u64 {
        self.used
    }

    /// How much there is of the quota, and how much is left.
    pub(super) fn space(&self) -> Space {
        let free = self.limits.bytes.saturating_sub(self.used);
        Space {
            total_bytes: self.limits.bytes,
            free_bytes: free,
            available_bytes: free,
            total_files: self.limits.files,
            free_files: self.limits.files.saturating_sub(self.nodes.len() as u64),
            read_only: false,
        }
    }

    /// Takes `cost` bytes off the quota.
    pub(super) fn charge(&mut self, cost: u64) -> Result<(), FileError> {
        let used = self.used.saturating_add(cost);
        if used > self.limits.bytes {
            return Err(FileError::NoSpace);
        }
        self.used = used;
        Ok(())
    }

    pub(super) fn release(&mut self, cost: u64) {
        self.used = self.used.saturating_sub(cost);
    }

    pub(super) fn get(&self, number: NodeNumber) -> Result<&Node, FileError> {
        self.nodes.get(&number).ok_or(FileError::NotFound)
    }

    pub(super) fn get_mut(&mut self, number: NodeNumber) -> Result<&mut Node, FileError> {
        self.nodes.get_mut(&number).ok_or(FileError::NotFound)
    }

    /// The entries of a directory.
    pub(super) fn entries(
        &self,
        number: NodeNumber,
    ) -> Result<&BTreeMap<Box<str>, NodeNumber>, FileError> {
        match &self.get(number)?.contents {
            Contents::Directory { entries, .. } => Ok(entries),
            _ => Err(FileError::NotDirectory),
        }
    }

    pub(super) fn file_type(&self, number: NodeNumber) -> Result<FileType, FileError> {
        Ok(self.get(number)?.file_type())
    }

    /// The node at a path.
    pub(super) fn find(
        &self,
        path: RelativePath<'_>,
        follow: Follow,
    ) -> Result<NodeNumber, FileError> {
        let mut number = ROOT;
        let mut walked = 0;
        for name in path.components() {
            number = *self.entries(number)?.get(name).ok_or(FileError::NotFound)?;
            walked += name.len();
            let is_last = walked == path.as_str().len();
            if let Contents::Symlink(target) = &self.get(number)?.contents
                && (follow == Follow::Yes || !is_last)
            {
                return Err(FileError::Symlink {
                    link_length: walked,
                    target: target.clone(),
                });
            }
            // The slash behind it.
            walked += 1;
        }
        Ok(number)
    }

    /// The directory that holds the last name of a path, that name, and the node it names, if any.
    pub(super) fn find_entry<'a>(
        &self,
        path: RelativePath<'a>,
    ) -> Result<(NodeNumber, &'a str, Option<NodeNumber>), FileError> {
        let (parent, name) = path.split_last().ok_or(FileError::Busy)?;
        // A link that the parent's path crosses is at the same place of the whole path.
        let directory = self.find(parent, Follow::Yes)?;
        Ok((directory, name, self.entries(directory)?.get(name).copied()))
    }

    /// Makes a node and names it. Nothing has that name yet.
    pub(super) fn create(
        &mut self,
        directory: NodeNumber,
        name: &str,
        contents: Contents,
        mode: u32,
        now: Timestamp,
    ) -> Result<NodeNumber, FileError> {
        if self.nodes.len() as u64 >= self.limits.files {
            return Err(FileError::NoSpace);
        }
        let node = Node {
            contents,
            permissions: mode & PERMISSION_BITS,
            links: 0,
            handles: 0,
            accessed: now,
            modified: now,
            changed: now,
        };
        let cost = node.own_cost();
        self.charge(cost)?;
        let number = self.next;
        self.nodes.insert(number, node);
        if let Err(error) = self.add_name(directory, name, number, now) {
            self.nodes.remove(&number);
            self.release(cost);
            return Err(error);
        }
        self.next += 1;
        Ok(number)
    }

    /// Whether there is space for one more name.
    pub(super) fn check_name_fits(&mut self, name: &str) -> Result<(), FileError> {
        let cost = name_cost(name);
        self.charge(cost)?;
        self.release(cost);
        Ok(())
    }

    /// Gives a node one more name. Nothing has that name yet.
    pub(super) fn add_name(
        &mut self,
        directory: NodeNumber,
        name: &str,
        number: NodeNumber,
        now: Timestamp,
    ) -> Result<(), FileError> {
        self.charge(name_cost(name))?;
        self.get_mut(number)?.links += 1;
        self.get_mut(number)?.changed = now;
        if let Contents::Directory { parent, .. } = &mut self.get_mut(number)?.contents {
            *parent = directory;
        }
        let node = self.get_mut(directory)?;
        node.touch(now);
        if let Contents::Directory { entries, .. } = &mut node.contents {
            entries.insert(name.into(), number);
        }
        Ok(())
    }

    /// Takes a name away, and the node with it when that was its last name and nobody has it open.
    pub(super) fn remove_name(
        &mut self,
        directory: NodeNumber,
        name: &str,
        now: Timestamp,
    ) -> Result<(), FileError> {
        let node = self.get_mut(directory)?;
        let Contents::Directory { entries, .. } = &mut node.contents else {
            return Err(FileError::NotDirectory);
        };
        let number = entries.remove(name).ok_or(FileError::NotFound)?;
        node.touch(now);
        self.release(name_cost(name));
        let named = self.get_mut(number)?;
        named.links = named.links.saturating_sub(1);
        named.changed = now;
        self.remove_if_unused(number);
        Ok(())
    }

    /// Removes a node that has no name and is not open.
    pub(super) fn remove_if_unused(&mut self, number: NodeNumber) {
        if let Some(node) = self.nodes.get(&number)
            && node.links == 0
            && node.handles == 0
        {
            let cost = node.own_cost();
            self.nodes.remove(&number);
            self.release(cost);
        }
    }

    /// Whether `inner` is `outer` or a directory somewhere below it.
    pub(super) fn is_inside(&self, inner: NodeNumber, outer: NodeNumber) -> bool {
        let mut number = inner;
        while number != outer {
            match self.get(number).map(|node| &node.contents) {
                Ok(Contents::Directory { parent, .. }) if *parent != number => number = *parent,
                _ => return false,
            }
        }
        true
    }

    /// The contents of a file.
    pub(super) fn pages(&self, number: NodeNumber) -> Result<&Pages, FileError> {
        match &self.get(number)?.contents {
            Contents::File(pages) => Ok(pages),
            Contents::Directory { .. } => Err(FileError::IsDirectory),
            Contents::Symlink(_) => Err(FileError::Invalid),
        }
    }

    /// Writes to a file.
    pub(super) fn write(
        &mut self,
        number: NodeNumber,
        offset: u64,
        data: &[u8],
        now: Timestamp,
    ) -> Result<(), FileError> {
        let missing = self.pages(number)?.missing(offset, data.len())?;
        self.charge(missing.saturating_mul(PAGE_COST))?;
        let node = self.get_mut(number)?;
        if let Contents::File(pages) = &mut node.contents {
            pages.write(offset, data);
        }
        node.touch(now);
        Ok(())
    }

    /// Cuts or lengthens a file.
    pub(super) fn set_size(
        &mut self,
        number: NodeNumber,
        size: u64,
        now: Timestamp,
    ) -> Result<(), FileError> {
        let before = self.pages(number)?.count();
        let node = self.get_mut(number)?;
        if let Contents::File(pages) = &mut node.contents {
            pages.set_size(size)?;
        }
        node.touch(now);
        let after = self.pages(number)?.count();
        self.release(before.saturating_sub(after).saturating_mul(PAGE_COST));
        Ok(())
    }
}
