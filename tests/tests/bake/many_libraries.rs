//! More native libraries than a component may have in which each stays a core module.

use eryx_tests::{eryx_run, native, project::Project, wheels::Wheel};

const LIBRARIES: usize = 250;

/// The name of the module in the fixture.
const NAME: &[u8] = b"part000";

/// A wheel of modules that differ in the number in their names.
fn wheel() -> Wheel {
    let library = native::library("part000", &[]);
    (0..LIBRARIES).fold(
        Wheel::new("many")
            .tag("cp314-cp314-wasi_wasm32")
            .file("many/__init__.py", ""),
        |wheel, number| {
            let name = format!("part{number:03}");
            wheel.file(
                &format!("many/{name}.cpython-314-wasm32-wasi.so"),
                renamed(&library, name.as_bytes()),
            )
        },
    )
}

/// The library with another name of the same length, wherever it is in it.
fn renamed(library: &[u8], name: &[u8]) -> Vec<u8> {
    assert_eq!(name.len(), NAME.len());
    let mut library = library.to_vec();
    let mut start = 0;
    while let Some(found) = library
        .get(start..)
        .and_then(|rest| rest.windows(NAME.len()).position(|bytes| bytes == NAME))
    {
        start += found;
        library[start..start + name.len()].copy_from_slice(name);
        start += name.len();
    }
    library
}

const PROGRAM: &str = "
import importlib
values = []
for number in range(250):
    module = importlib.import_module(f'many.part{number:03}')
    values += [module.value(), module.value()]
    try:
        module.refuse()
    except ValueError as error:
        assert str(error) == f'part{number:03}', error
assert values == [1000 * number + call for number in range(250) for call in (1, 2)]
print(sum(values))
";

/// The engine's validator lets a component have 1,000 instances, and the linker makes four for most libraries.
#[test]
fn they_are_fused_and_each_is_itself() {
    let project = Project::with_wheels(&[&wheel()]);
    project.bake_fused();
    let output = eryx_run(&project.image()).args(["-c", PROGRAM]).run();
    assert_eq!(output.ok(), "62250750\n");
}

#[test]
fn without_fusing_they_are_refused_with_a_way_out() {
    let manifest = "fuse = false\n[packages]\nwheels = [\"wheels/*.whl\"]\n";
    let message = Project::sample(manifest).wheel(&wheel()).refused();
    for word in ["256 libraries", "`fuse = false`"] {
        assert!(message.contains(word), "{message}");
    }
    assert_eq!(message.lines().count(), 1, "{message}");
}
