//! Tests of opening: what was written is what is opened, and what cannot run is refused in one
//! sentence.

use std::collections::BTreeMap;
use std::fs;

use super::fixture::{
    TemporaryDirectory, code, code_for, image_bytes, metadata, tree, write_image,
};
use super::*;

/// Opens a file of these bytes.
fn open(bytes: &[u8]) -> Result<Image, ImageError> {
    let folder = TemporaryDirectory::new();
    let path = folder.join("x.cwasm");
    fs::write(&path, bytes).unwrap();
    Image::open(&path)
}

/// Opens a sound image whose metadata were changed before it was written.
fn open_with(change: impl FnOnce(&mut Metadata)) -> Result<Image, ImageError> {
    let folder = TemporaryDirectory::new();
    let path = folder.join("x.cwasm");
    let mut metadata = metadata();
    change(&mut metadata);
    write_image(&path, &metadata);
    Image::open(&path)
}

/// The sentence after the name of the file.
#[track_caller]
fn refused(result: Result<Image, ImageError>) -> String {
    let message = result.expect_err("must be refused").to_string();
    let (_, problem) = message.split_once("`: ").unwrap();
    assert!(!problem.contains('\n'), "{problem}");
    problem.to_owned()
}

#[test]
fn an_image_comes_back() {
    let folder = TemporaryDirectory::new();
    let path = folder.join("sample.cwasm");
    let summary = write_image(&path, &metadata());
    let image = Image::open(&path).unwrap();
    assert_eq!(image.path(), path);
    assert_eq!(image.metadata(), &metadata());
    assert_eq!(image.identity(), summary.identity);
    assert_eq!(image.file_len(), summary.file_length);
    assert_eq!(image.file_len(), fs::metadata(&path).unwrap().len());
    assert_eq!(image.code_range(), 0..code().len() as u64);
    assert_eq!(fs::read(&path).unwrap()[..code().len()], code());
    let file = image.tree().resolve("/site-packages/six.py").unwrap();
    let bytes = image.tree().data(file);
    assert_eq!(image.part(Part::Data).offset % 4096, 0);
    assert_eq!(image.verify().unwrap().parts, summary.parts);
    // The mapping outlives the image as long as somebody reads from it.
    drop(image);
    assert_eq!(&bytes.into_bytes()[..], b"moves = None\n");
}

#[test]
fn the_same_parts_give_the_same_bytes() {
    assert_eq!(image_bytes(), image_bytes());
}

#[test]
fn what_is_no_image_is_named() {
    let folder = TemporaryDirectory::new();
    assert_eq!(
        refused(Image::open(folder.join("none"))),
        "there is no such file"
    );
    assert_eq!(
        refused(Image::open(folder.path())),
        "it is a directory, not a file"
    );
    assert_eq!(refused(open(b"")), "the file is empty");
    let foreign = |bytes: &[u8]| {
        let problem = refused(open(bytes));
        problem
            .strip_prefix("it is not an eryx image but ")
            .unwrap_or(&problem)
            .to_owned()
    };
    assert!(foreign(b"\0asm\x01\0\0\0").starts_with("a WebAssembly module"));
    assert!(foreign(b"\0asm\x0d\0\x01\0").starts_with("a WebAssembly component"));
    assert!(foreign(b"PK\x03\x04rest").starts_with("a zip archive"));
    assert!(foreign("print('ü')".as_bytes()).starts_with("a text file"));
    assert!(foreign(b"\x7fELF\x02\x01\x01\0").starts_with("a program or library"));
    assert!(foreign(&[0xff; 5000]).starts_with("something else"));
    assert!(foreign(&code()).starts_with("a component compiled by wasmtime, without files"));
}

#[cfg(unix)]
#[test]
fn a_socket_is_refused_without_opening_it() {
    let folder = TemporaryDirectory::new();
    let path = folder.join("socket");
    let _socket = std::os::unix::net::UnixListener::bind(&path).unwrap();
    assert_eq!(refused(Image::open(&path)), "it is not a regular file");
}

#[test]
fn another_wasmtime_is_refused() {
    assert_eq!(
        refused(open_with(
            |metadata| metadata.engine.wasmtime = "48.0.7\x1b".to_owned()
        )),
        "it was baked for wasmtime 48.0.7\\u{1b}; this loader has 48.0.8: \
         bake it again with the matching eryx-build"
    );
}

#[test]
fn another_machine_is_refused_but_can_be_looked_into() {
    let folder = TemporaryDirectory::new();
    let path = folder.join("x.cwasm");
    let (machine, target) = if cfg!(target_arch = "aarch64") {
        (62, "x86_64-unknown-linux-gnu")
    } else {
        (183, "aarch64-unknown-linux-gnu")
    };
    let metadata = Metadata {
        target: target.to_owned(),
        ..metadata()
    };
    let (code, tree) = (code_for(machine), tree());
    write(
        &path,
        &ImageParts {
            code: &code,
            tree: &tree,
            metadata: &metadata,
        },
    )
    .unwrap();
    let message = refused(Image::open(&path));
    assert!(message.starts_with(&format!("it was baked for {target}, and this machine")));
    let image = Image::examine(&path).unwrap();
    assert_eq!(image.metadata().target, target);
    assert!(image.check_host().is_err());
    image.verify().unwrap();
}

#[test]
fn another_system_is_refused() {
    let system = if cfg!(target_os = "macos") {
        "linux-gnu"
    } else {
        "darwin"
    };
    let result = open_with(|metadata| {
        metadata.target = format!("{}-unknown-{system}", std::env::consts::ARCH);
    });
    assert!(refused(result).contains(system));
}

#[test]
fn missing_cpu_features_are_named() {
    let result = open_with(|metadata| {
        metadata.cpu.baseline = "native".to_owned();
        metadata.cpu.features = vec!["telepathy".to_owned(), "clairvoyance".to_owned()];
    });
    let message = refused(result);
    assert!(
        message.contains("lacks telepathy, clairvoyance"),
        "{message}"
    );
    let has = host_cpu_features().into_iter().map(str::to_owned).collect();
    open_with(|metadata| metadata.cpu.features = has).unwrap();
}

#[test]
fn engine_settings_must_agree() {
    let image = open_with(|_| ()).unwrap();
    let settings = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    };
    image
        .check_engine(&settings(&[("epoch", "false")]))
        .unwrap();
    for (other, expected) in [
        (
            settings(&[("epoch", "true")]),
            "`epoch` = `false`, and this loader has `true`",
        ),
        (
            settings(&[]),
            "`epoch` = `false`, and this loader has no such setting",
        ),
        (
            settings(&[("epoch", "false"), ("x", "1")]),
            "`x` = no such setting",
        ),
    ] {
        let message = image.check_engine(&other).unwrap_err().to_string();
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn an_image_of_before_interfaces_had_versions_is_refused() {
    let image = open_with(|metadata| metadata.interfaces = InterfaceMetadata::default()).unwrap();
    let error = image.check_interfaces(&[], "e:w@0.1.0").unwrap_err();
    assert!(matches!(error.problem(), ImageProblem::NoInterfaces { .. }));
    assert!(
        error
            .to_string()
            .ends_with("(it was baked by eryx-build 0.1.0)"),
        "{error}"
    );
}

#[test]
fn an_interface_that_the_host_lacks_is_named() {
    let image = |world: &str, imports: &[&str]| {
        open_with(|metadata| {
            metadata.interfaces = InterfaceMetadata {
                world: world.to_owned(),
                imports: imports.iter().map(|import| (*import).to_owned()).collect(),
            };
        })
        .unwrap()
    };
    let check = |image: &Image| image.check_interfaces(&["e:a/b@0.1.3"], "e:w@0.1.0");
    let known = ["e:a/b@0.1.0", "wasi:io/poll@0.2.6"];
    check(&image("e:w@0.1.0", &known)).unwrap();
    check(&image("e:w@0.1.0", &[])).unwrap();
    for (image, named) in [
        (image("e:w@0.1.0", &["e:a/b@0.2.0"]), "`e:a/b@0.2.0`"),
        (
            image("e:w@0.1.0", &["e:n\u{1b}/x@0.1.0"]),
            r"`e:n\u{1b}/x@0.1.0`",
        ),
        (image("e:w@0.2.0", &known), "`e:w@0.2.0`"),
    ] {
        let error = check(&image).unwrap_err();
        assert!(matches!(error.problem(), ImageProblem::Interface { .. }));
        let message = error.to_string();
        assert!(message.contains(named), "{message}");
        assert!(
            message.ends_with("that baked it (eryx-build 0.1.0)"),
            "{message}"
        );
    }
}

#[test]
fn unknown_metadata_are_ignored_and_later_ones_have_defaults() {
    let parsed = Metadata::parse(
        br#"{"format": 1, "name": "n", "target": "t", "cpu": {"baseline": "b"}, "future": [1],
            "engine": {"wasmtime": "48"}, "runtime": {"name": "r", "python": "3", "identity": ""}}"#,
    )
    .unwrap();
    assert_eq!(parsed.packages, []);
    assert_eq!(parsed.entrypoint, None);
    assert!(
        Metadata::parse(b"{}")
            .unwrap_err()
            .to_string()
            .contains("missing field `format`")
    );
    assert!(Metadata::parse("[".repeat(100_000).as_bytes()).is_err());
}
