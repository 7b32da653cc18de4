use super::*;

/// The beginning of a shared library: its `dylink.0` section and nothing else.
const LIBRARY: &[u8] = b"\0asm\x01\0\0\0\0\x09\x08dylink.0";
const WHEEL: &[u8] = b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: cp311-cp311-wasi_wasm32\n\n";

fn wheel(name: &str, files: &[(&str, &[u8])]) -> (tempfile::TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(name);
    let mut all: Files = files
        .iter()
        .map(|(name, contents)| ((*name).to_owned(), contents.to_vec()))
        .collect();
    all.insert("a-1.dist-info/WHEEL".to_owned(), WHEEL.to_vec());
    all.insert("a-1.dist-info/RECORD".to_owned(), b"old".to_vec());
    fs::write(&path, write(&all).unwrap()).unwrap();
    (directory, path)
}

fn files(path: &Path) -> Files {
    archive::read(&fs::read(path).unwrap(), &Budget::new(MAX_TOTAL_SIZE)).unwrap()
}

#[test]
fn modules_and_wheel_are_named_for_the_sandbox() {
    let library = "a/b.cpython-311-x86_64-linux-gnu.so";
    let (directory, path) = wheel("a-1-7-cp311-cp311-wasi_wasm32.whl", &[(library, LIBRARY)]);
    let new = retag(&path).unwrap();
    assert_eq!(
        new,
        directory.path().join("a-1-7-cp314-cp314-wasi_wasm32.whl")
    );
    assert!(!path.exists());
    let files = files(&new);
    assert_eq!(
        files.keys().collect::<Vec<_>>(),
        [
            "a-1.dist-info/RECORD",
            "a-1.dist-info/WHEEL",
            "a/b.cpython-314-wasm32-wasi.so"
        ]
    );
    assert_eq!(
        files["a-1.dist-info/WHEEL"],
        b"Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: cp314-cp314-wasi_wasm32\n"
    );
    let record = String::from_utf8(files["a-1.dist-info/RECORD"].clone()).unwrap();
    assert_eq!(record.lines().count(), 3, "{record}");
    // Once more changes nothing.
    let bytes = fs::read(&new).unwrap();
    assert_eq!(retag(&new).unwrap(), new);
    assert_eq!(fs::read(&new).unwrap(), bytes);
}

#[test]
fn the_stable_abi_stays() {
    let (_directory, path) = wheel(
        "a-1-cp39-abi3-linux_x86_64.whl",
        &[("a/b.abi3.so", LIBRARY)],
    );
    let new = retag(&path).unwrap();
    assert!(new.ends_with("a-1-cp39-abi3-wasi_wasm32.whl"), "{new:?}");
    assert!(files(&new).contains_key("a/b.abi3.so"));
}

#[test]
fn what_is_not_for_the_sandbox_is_refused_and_left() {
    let elf: &[u8] = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0";
    for (contents, words) in [
        (&[("a/b.so", elf)][..], "Linux (x86_64)"),
        (&[("a/b.py", &b""[..])][..], "no native library"),
        (
            &[
                ("a/b.cpython-311-x86_64-linux-gnu.so", LIBRARY),
                ("a/b.cpython-312-x86_64-linux-gnu.so", LIBRARY),
            ][..],
            "two Pythons",
        ),
        (
            &[("b-1.dist-info/WHEEL", &b""[..]), ("b.so", LIBRARY)][..],
            "exactly one",
        ),
    ] {
        let (_directory, path) = wheel("a-1-cp311-cp311-wasi_wasm32.whl", contents);
        let before = fs::read(&path).unwrap();
        let problem = retag(&path).unwrap_err().to_string();
        assert!(problem.contains(words), "{problem}");
        assert_eq!(fs::read(&path).unwrap(), before);
    }
}

#[test]
fn what_is_no_wheel_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a-1-py3-none-any.whl");
    assert!(matches!(retag(&path), Err(RetagError::File { .. })));
    fs::write(&path, "text").unwrap();
    assert!(matches!(retag(&path), Err(RetagError::Wheel { .. })));
    assert!(matches!(
        retag(directory.path()),
        Err(RetagError::Name { .. })
    ));
}
