//! Connections that a preinit script leaves open.

use eryx_tests::{eryx_run, project::Project};

const SCRIPT: &str = "
import sqlite3
memory = sqlite3.connect(':memory:')
memory.execute('create table t(x)')
memory.execute('insert into t values(7)')
memory.commit()
memory.execute('select random(), randomblob(8)').fetchall()
file = sqlite3.connect('/tmp/a.db')
file.execute('pragma journal_mode = wal')
file.execute('create table t(x)')
file.execute('insert into t values(7)')
file.commit()
";

/// What is in memory is in the image; a file of the bake is gone, and no file of the run is taken
/// for it, not even standard output.
#[test]
fn memory_is_kept_and_files_are_gone() {
    let source = "
import __preinit__, sqlite3
print(__preinit__.memory.execute('select x from t').fetchall())
with open('/tmp/other', 'wb') as other:
    for statement in ('select x from t', 'insert into t values(8)', 'pragma wal_checkpoint'):
        try:
            print(__preinit__.file.execute(statement).fetchall())
            __preinit__.file.commit()
        except sqlite3.OperationalError as error:
            print(statement, 'failed')
    try:
        __preinit__.file.close()
    except sqlite3.OperationalError:
        pass
    print(other.tell())
# No file of the run is kept waiting by the locks of the bake, whatever its numbers are.
for number in range(20):
    with sqlite3.connect(f'/tmp/{number}.db', timeout=0) as connection:
        connection.execute('create table t(x)')
print(__preinit__.memory.execute('select hex(randomblob(16))').fetchone()[0])
";
    let project =
        Project::sample("[preinit]\nscript = \"prepare.py\"\n").file("prepare.py", SCRIPT);
    project.bake_fused();
    let run = || {
        let output = eryx_run(&project.image()).args(["-c", source]).run().ok();
        let (text, random) = output.trim_end().rsplit_once('\n').unwrap();
        (text.to_owned(), random.to_owned())
    };
    let (text, random) = run();
    assert!(text.starts_with("[(7,)]\n"), "{text}");
    assert!(text.ends_with("\n0"), "{text}");
    assert!(text.contains("insert into t values(8) failed\n"), "{text}");
    assert_eq!(random.len(), 32);
    assert_ne!(random, run().1);
}
