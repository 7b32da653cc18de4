//! Real packages with native code: built with the SDK, baked, imported, and used in the sandbox.

use eryx_tests::{
    eryx_run, images,
    sdk::{self, Pinned},
};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

/// One in C, one that Cython translated to C, and one in C and C++.
const PACKAGES: [Pinned; 3] = [
    Pinned {
        name: "markupsafe",
        version: "3.0.4",
        sha256: "2e9ad7dd851bf45fab9f75cbff4cb493fee9979e8d8c7c9c3ee119022518edd6",
    },
    Pinned {
        name: "msgpack",
        version: "1.2.4",
        sha256: "475c44e12f2a5de766a8448783f149c9b33f3f49b88953c6cd739a77d93c732c",
    },
    Pinned {
        name: "ujson",
        version: "6.1.0",
        sha256: "aef7ea4cd9e2e9f8a35c4538a9780d58c80d76c5da66a8dad269b4cc6d930c29",
    },
];

fn wheels() -> &'static [PathBuf] {
    static WHEELS: LazyLock<Vec<PathBuf>> =
        LazyLock::new(|| PACKAGES.iter().map(sdk::wheel).collect());
    &WHEELS
}

fn name(wheel: &Path) -> &str {
    wheel
        .file_name()
        .and_then(|name| name.to_str())
        .expect("a wheel has a name")
}

/// One of the packages is imported at bake time.
fn image() -> &'static Path {
    static IMAGE: LazyLock<PathBuf> = LazyLock::new(|| {
        let files: Vec<(&str, Vec<u8>)> = wheels()
            .iter()
            .map(|wheel| (name(wheel), fs::read(wheel).expect("a wheel is readable")))
            .collect();
        let files: Vec<(&str, &[u8])> = files
            .iter()
            .map(|(name, bytes)| (*name, &bytes[..]))
            .collect();
        let manifest = eryx_tests::project::sample(
            "[packages]\nwheels = [\"*.whl\"]\n[preinit]\nimports = [\"msgpack\"]\n",
        );
        images::shared("sdk-packages", &manifest, &files)
    });
    &IMAGE
}

#[track_caller]
fn python(source: &str) -> String {
    eryx_run(image()).args(["-c", source]).run().ok()
}

/// Whatever Python built them.
#[test]
fn wheels_have_the_tags_of_the_sandbox() {
    for wheel in wheels() {
        assert!(
            name(wheel).ends_with("-cp314-cp314-wasi_wasm32.whl"),
            "{}",
            wheel.display()
        );
    }
}

#[test]
fn markupsafe_escapes_in_c() {
    let printed = python(
        "import markupsafe, markupsafe._speedups\n\
         print(markupsafe._escape_inner is markupsafe._speedups._escape_inner)\n\
         print(markupsafe.escape('<a href=\"x\">\\N{SNOWMAN} & \\U0001F600</a>'))",
    );
    assert_eq!(
        printed,
        "True\n&lt;a href=&#34;x&#34;&gt;\u{2603} &amp; \u{1f600}&lt;/a&gt;\n"
    );
}

#[test]
fn msgpack_of_the_snapshot_packs_and_unpacks() {
    let printed = python(
        "import msgpack\n\
         print(msgpack.Packer.__module__)\n\
         value = {'a': [1, -2**63, 2**64 - 1, 1.5, None, True], 'b': b'\\x00\\xff', 'c': 'ä' * 300}\n\
         print(msgpack.unpackb(msgpack.packb(value)) == value)\n\
         try:\n    msgpack.packb(2**64)\nexcept OverflowError as error:\n    print(error)",
    );
    assert_eq!(
        printed,
        "msgpack._cmsgpack\nTrue\nInteger value out of range\n"
    );
}

/// Its numbers go through a library in C++.
#[test]
fn ujson_reads_and_writes_numbers() {
    let printed = python(
        "import random, ujson\n\
         print(ujson.dumps([0.1, 1e300, -1.7976931348623157e308, 5e-324]))\n\
         numbers = [random.uniform(-1, 1) * 10 ** random.randint(-300, 300) for _ in range(2000)]\n\
         print(ujson.loads(ujson.dumps(numbers)) == numbers)\n\
         try:\n    ujson.loads('[1,')\nexcept ujson.JSONDecodeError as error:\n    print(type(error).__name__)",
    );
    assert_eq!(
        printed,
        "[0.1,1e+300,-1.7976931348623157e+308,5e-324]\nTrue\nJSONDecodeError\n"
    );
}
