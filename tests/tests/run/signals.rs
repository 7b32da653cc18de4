//! Signals that calls or machine code of a program raise in the process that runs it.

use eryx_tests::{Run, binaries, images};
use std::{
    fs::OpenOptions,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
};

/// A file that would be larger than the host allows is an error of the program's call.
#[test]
fn the_largest_size_of_files() {
    let folder = tempfile::tempdir().unwrap();
    let source = "
import os
def attempt(action):
    try:
        action()
        print('done')
    except OSError as error:
        print('refused')
open('/b/x', 'wb').close()
attempt(lambda: os.truncate('/b/x', 8192))
file = open('/b/x', 'r+b', buffering=0)
attempt(lambda: file.write(bytes(1000)))
attempt(lambda: (file.seek(5000), file.write(b'x')))
attempt(lambda: open('/b/x', 'ab', buffering=0).write(bytes(5000)))
attempt(lambda: open('/b/x', 'ab', buffering=0).write(bytes(5000)))
print(os.path.getsize('/b/x'))
attempt(lambda: os.truncate('/b/x', 10))
";
    // In blocks of 512 or 1024 bytes, as the shell has them.
    let script = "ulimit -f 4; exec \"$@\"";
    let output = Run::new(Path::new("sh"))
        .folder(folder.path())
        .args(["-c", script, "sh"])
        .arg(&binaries().eryx_run)
        .args(["-v", ".:/b:rw"])
        .arg(images::bare())
        .args(["-c", source])
        .run();
    let out = output.ok();
    let expected = "refused\ndone\nrefused\nrefused\nrefused\n";
    assert!(out.starts_with(expected), "{out}");
    assert!(
        out.ends_with("\n2048\ndone\n") || out.ends_with("\n4096\ndone\n"),
        "{out}"
    );
}

/// Where machine code lies in an image, by the sections of its ELF file.
fn machine_code(image: &[u8]) -> std::ops::Range<usize> {
    let number = |at: usize, length: usize| {
        let bytes = &image[at..at + length];
        bytes
            .iter()
            .rev()
            .fold(0, |sum, byte| (sum << 8) | usize::from(*byte))
    };
    let (table, entry, count, names) = (
        number(0x28, 8),
        number(0x3a, 2),
        number(0x3c, 2),
        number(0x3e, 2),
    );
    let section = |index: usize| table + index * entry;
    let name_table = number(section(names) + 0x18, 8);
    let found = (0..count).map(section).find(|section| {
        let name = name_table + number(*section, 4);
        image[name..].starts_with(b".text\0")
    });
    let section = found.expect("an image has machine code");
    let start = number(section + 0x18, 8);
    start..start + number(section + 0x20, 8)
}

/// Damage in machine code ends in a sentence or does not show, and never in a silent death.
#[test]
fn damaged_machine_code() {
    let folder = tempfile::tempdir_in(images::bare().parent().unwrap()).unwrap();
    let path: PathBuf = folder.path().join("damaged.cwasm");
    std::fs::copy(images::bare(), &path).unwrap();
    let image = std::fs::read(&path).unwrap();
    let code = machine_code(&image);
    let file = OpenOptions::new().write(true).open(&path).unwrap();
    let mut reported = 0;
    let source = "import json, re; print(json.dumps([1]), re.findall('a+', 'aab'))";
    // Runs of bytes, so that each of few runs meets code that is run. They are the same each time.
    let length = code.len() / 40;
    for part in 0..40 {
        let start = code.start + part * length;
        // 0x06 is no instruction of x86-64, and zeros are none of 64-bit ARM.
        let bytes = vec![if cfg!(target_arch = "x86_64") { 6 } else { 0 }; length];
        file.write_all_at(&bytes, start as u64).unwrap();
        let output = Run::new(&binaries().eryx_run)
            // Without a cache the image is not read as a whole before its first run.
            .env("ERYX_CACHE_DIR", folder.path().join("none"))
            .args(["--timeout", "10s"])
            .arg(&path)
            .args(["-c", source])
            .run();
        file.write_all_at(&image[start..start + length], start as u64)
            .unwrap();
        assert!(output.status >= 0, "part {part}\n{output}");
        assert!(output.status == 0 || !output.stderr.is_empty(), "{output}");
        if output.status == 125 {
            reported += 1;
            let err = output.err();
            assert!(
                err.contains("the image is damaged: eryx verify '"),
                "{output}"
            );
        }
    }
    assert!(reported > 0, "nothing that was damaged was run");
}
