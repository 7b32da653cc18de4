//! Tests of trees: what is built is what is read, and no bytes make the reader panic.

use super::index::{HEADER_SIZE, NODE_SIZE};
use super::*;

/// A tree with directories, files, equal files, an empty file and an empty directory.
fn sample() -> EncodedTree {
    let mut builder = TreeBuilder::new();
    builder
        .add_file("/usr/lib/python3.14/os.py", "import sys\n")
        .unwrap();
    builder
        .add_file("/site-packages/a/__init__.py", "")
        .unwrap();
    builder
        .add_file("/site-packages/b/__init__.py", "same")
        .unwrap();
    builder
        .add_file("/site-packages/c/__init__.py", "same")
        .unwrap();
    builder
        .add_file("/site-packages/c/données.txt", vec![0xff, 0])
        .unwrap();
    builder.add_directory("/tmp").unwrap();
    builder.build().unwrap()
}

fn open(index: Vec<u8>, data: &[u8]) -> Result<Tree, IndexError> {
    Tree::open(TreeBytes::new(index), TreeBytes::new(data.to_vec()))
}

/// Calls everything there is for every node, so that a bad bound has its chance to panic.
fn visit(tree: &Tree) -> usize {
    let mut seen = 0;
    let mut stack = vec![tree.root()];
    while let Some(node) = stack.pop() {
        seen += 1;
        assert_eq!(tree.data(node).len() as u64, tree.len(node));
        for (name, child) in tree.entries(node) {
            assert!(child > node, "children come after their parent");
            assert_eq!(tree.lookup(node, name), Some(child));
            stack.push(child);
        }
        assert!(tree.kind(node) == NodeKind::Directory || tree.entries(node).len() == 0);
    }
    seen
}

/// Repeatable noise.
pub(super) struct Noise(pub u64);

impl Noise {
    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }
}

#[test]
fn what_was_added_is_found() {
    let tree = sample().into_tree();
    let names: Vec<_> = tree
        .entries(tree.root())
        .map(|(name, _)| name.to_owned())
        .collect();
    assert_eq!(names, ["site-packages", "tmp", "usr"]);
    let read = |path| tree.data(tree.resolve(path).unwrap()).to_vec();
    assert_eq!(read("/usr/lib/python3.14/os.py"), b"import sys\n");
    assert_eq!(read("/site-packages/a/__init__.py"), b"");
    assert_eq!(read("/site-packages/c/__init__.py"), b"same");
    assert_eq!(read("/site-packages/c/données.txt"), [0xff, 0]);
    assert_eq!(tree.resolve("/"), Some(tree.root()));
    assert_eq!(
        tree.kind(tree.resolve("/tmp").unwrap()),
        NodeKind::Directory
    );
    assert_eq!(
        tree.kind(tree.resolve("/usr/lib/python3.14/os.py").unwrap()),
        NodeKind::File
    );
    assert_eq!(visit(&tree), tree.node_count() as usize);
}

#[test]
fn what_was_not_added_is_not_found() {
    let tree = sample().into_tree();
    for path in [
        "",
        "usr",
        "/usr/",
        "//",
        "/usr//lib",
        "/usr/..",
        "/.",
        "/us",
        "/usrr",
        "/tmp/x",
    ] {
        assert_eq!(tree.resolve(path), None, "{path}");
    }
    assert_eq!(tree.resolve("/usr/lib/python3.14/os.py/x"), None);
    assert_eq!(tree.lookup(tree.root(), ""), None);
}

#[test]
fn equal_contents_are_stored_once_and_shared_without_a_copy() {
    let encoded = sample();
    assert_eq!(
        encoded.data().len(),
        "same".len() + 2 + "import sys\n".len()
    );
    let tree = encoded.into_tree();
    let [b, c] = ["b", "c"].map(|name| {
        tree.data(
            tree.resolve(&format!("/site-packages/{name}/__init__.py"))
                .unwrap(),
        )
    });
    assert_eq!(b.as_ptr(), c.as_ptr());
    let address = b.as_ptr();
    let bytes = b.into_bytes();
    drop((tree, c));
    assert_eq!((bytes.as_ptr(), &bytes[..]), (address, &b"same"[..]));
}

#[test]
fn the_order_of_adding_does_not_matter() {
    let files = [
        ("/b/y", "1"),
        ("/b/x", "2"),
        ("/a", "3"),
        ("/b/z/deep", "1"),
        ("/c", ""),
    ];
    let build = |files: &mut dyn Iterator<Item = &(&str, &'static str)>| {
        let mut builder = TreeBuilder::new();
        files.for_each(|(path, contents)| builder.add_file(path, *contents).unwrap());
        builder.build().unwrap()
    };
    assert_eq!(build(&mut files.iter()), build(&mut files.iter().rev()));
}

#[test]
fn bad_paths_and_clashes_are_refused() {
    let mut builder = TreeBuilder::new();
    let long = format!("/{}", "n".repeat(256));
    let deep = "/d".repeat(129);
    for path in [
        "", "a", "//a", "/a/", "/a/../b", "/./a", "/a\0b", &long, &deep,
    ] {
        assert!(
            matches!(builder.add_file(path, ""), Err(TreeError::Path { .. })),
            "{path}"
        );
        assert!(
            matches!(builder.add_directory(path), Err(TreeError::Path { .. })),
            "{path}"
        );
    }
    builder.add_file("/a/file", "").unwrap();
    let duplicate = |path: &str| {
        Err(TreeError::Duplicate {
            path: path.to_owned(),
        })
    };
    assert_eq!(builder.add_file("/a/file", ""), duplicate("/a/file"));
    assert_eq!(builder.add_file("/a", ""), duplicate("/a"));
    assert_eq!(builder.add_file("/", ""), duplicate("/"));
    assert_eq!(builder.add_directory("/a/file"), duplicate("/a/file"));
    let error = builder.add_file("/a/file/below/x", "").unwrap_err();
    assert!(error.to_string().contains("`/a/file` is a file"), "{error}");
    builder.add_directory("/a").unwrap();
    builder.add_file(&"/d".repeat(128), "deepest").unwrap();
    let tree = builder.build().unwrap().into_tree();
    assert_eq!(
        &*tree.data(tree.resolve(&"/d".repeat(128)).unwrap()),
        b"deepest"
    );
}

#[test]
fn an_empty_tree_has_a_root() {
    let tree = TreeBuilder::new().build().unwrap().into_tree();
    assert!(tree.is_empty());
    assert_eq!(tree.entries(tree.root()).len(), 0);
    assert_eq!(tree.data(tree.root()).len(), 0);
}

#[test]
fn an_index_cut_short_or_too_long_is_refused() {
    let encoded = sample();
    for length in 0..encoded.index().len() {
        assert!(
            open(encoded.index()[..length].to_vec(), encoded.data()).is_err(),
            "{length}"
        );
    }
    let longer = [encoded.index(), &[0]].concat();
    assert!(matches!(
        open(longer, encoded.data()),
        Err(IndexError::Length { .. })
    ));
    let shorter_data = &encoded.data()[..encoded.data().len() - 1];
    assert!(matches!(
        open(encoded.index().to_vec(), shorter_data),
        Err(IndexError::Data { .. })
    ));
}

#[test]
fn lying_records_are_refused() {
    let encoded = sample();
    // Node 1 is `/site-packages`, node 2 `/tmp`, node 3 `/usr`.
    let with = |node: usize, field: usize, bytes: &[u8]| {
        let mut index = encoded.index().to_vec();
        let start = HEADER_SIZE + node * NODE_SIZE + field;
        index[start..start + bytes.len()].copy_from_slice(bytes);
        open(index, encoded.data()).unwrap_err()
    };
    assert_eq!(with(0, 6, &[1]), IndexError::Root);
    assert_eq!(with(0, 4, &[1]), IndexError::Root);
    assert_eq!(with(2, 6, &[7]), IndexError::Kind { node: 2 });
    assert_eq!(with(2, 7, &[1]), IndexError::Kind { node: 2 });
    assert_eq!(
        with(2, 0, &u32::MAX.to_le_bytes()),
        IndexError::Name { node: 2 }
    );
    assert_eq!(
        with(2, 4, &0u16.to_le_bytes()),
        IndexError::Name { node: 2 }
    );
    // A cycle: `/site-packages` with the root, or itself, among its children.
    assert_eq!(
        with(1, 8, &0u64.to_le_bytes()),
        IndexError::Children { node: 1 }
    );
    assert_eq!(
        with(1, 8, &1u64.to_le_bytes()),
        IndexError::Children { node: 1 }
    );
    assert_eq!(
        with(1, 16, &u64::MAX.to_le_bytes()),
        IndexError::Children { node: 1 }
    );
    // A child too few for the root shifts all ranges that follow.
    assert_eq!(
        with(0, 16, &2u64.to_le_bytes()),
        IndexError::Children { node: 1 }
    );
}

#[test]
fn nodes_out_of_order_are_refused() {
    let encoded = sample();
    let mut index = encoded.index().to_vec();
    let [first, second] = [2, 3].map(|node| HEADER_SIZE + node * NODE_SIZE);
    let name = index[first..first + 6].to_vec();
    index.copy_within(second..second + 6, first);
    index[second..second + 6].copy_from_slice(&name);
    assert_eq!(
        open(index, encoded.data()).unwrap_err(),
        IndexError::Order { node: 3 }
    );
}

#[test]
fn noise_in_an_index_never_panics() {
    let encoded = sample();
    let mut noise = Noise(0x9e37_79b9_7f4a_7c15);
    let mut accepted = 0;
    for _ in 0..20_000 {
        let mut index = encoded.index().to_vec();
        for _ in 0..=noise.below(4) {
            let position = noise.below(index.len());
            index[position] = match noise.below(3) {
                0 => noise.next() as u8,
                1 => index[position].wrapping_add(1),
                _ => [0, 1, 0x7f, 0x80, 0xff][noise.below(5)],
            };
        }
        if let Ok(tree) = open(index, encoded.data()) {
            assert_eq!(visit(&tree), tree.node_count() as usize);
            accepted += 1;
        }
    }
    // Changed names and shorter files are well-formed still: both ways were taken.
    assert!(accepted > 0);
}
