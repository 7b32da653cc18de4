//! More native libraries than a component may have in which each stays a core module.

use eryx_tests::{eryx_run, native::many_libraries, project::Project};

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
    let project = Project::with_wheels(&[&many_libraries()]);
    project.bake_fused();
    let output = eryx_run(&project.image()).args(["-c", PROGRAM]).run();
    assert_eq!(output.ok(), "62250750\n");
}

#[test]
fn without_fusing_they_are_refused_with_a_way_out() {
    let manifest = "fuse = false\n[packages]\nwheels = [\"wheels/*.whl\"]\n";
    let message = Project::sample(manifest).wheel(&many_libraries()).refused();
    for word in ["256 libraries", "`fuse = false`"] {
        assert!(message.contains(word), "{message}");
    }
    assert_eq!(message.lines().count(), 1, "{message}");
}
