//! Databases where nothing can be written.

use super::{made, mounted, run};
use eryx_tests::{eryx_run, project::Project};
use std::fs;

const MAKE: &str = "
import sqlite3
connection = sqlite3.connect('/data/a.db')
connection.execute('create table t(x)')
connection.execute('insert into t values(7)')
connection.commit()
";

const READ: &str = "
import sqlite3
print(sqlite3.connect('/data/a.db').execute('select x from t').fetchall())
";

const WRITE: &str = "
import sqlite3
connection = sqlite3.connect('/data/a.db')
try:
    connection.execute('insert into t values(8)')
    connection.commit()
except sqlite3.OperationalError as error:
    print(error, error.sqlite_errorname)
print(connection.execute('select x from t').fetchall())
";

#[test]
fn a_database_on_a_read_only_mount_is_read() {
    let made = made(MAKE);
    assert_eq!(run(Some((made.path(), "")), READ).ok(), "[(7,)]\n");
    assert_eq!(
        run(Some((made.path(), "")), WRITE).ok(),
        "attempt to write a readonly database SQLITE_READONLY\n[(7,)]\n"
    );
}

#[test]
fn a_database_that_is_mounted_alone_is_read() {
    let made = made(MAKE);
    let mount = format!("{}:/data/a.db", made.path().join("a.db").display());
    let read = mounted(Some(&mount), READ);
    assert_eq!(read.run().ok(), "[(7,)]\n");
}

/// As on Linux in a directory that cannot be written to: a journal must lie beside a database.
#[test]
fn a_database_that_is_mounted_alone_is_changed_without_a_journal_beside_it() {
    let made = made(MAKE);
    let mount = format!("{}:/data/a.db:rw", made.path().join("a.db").display());
    let write = mounted(Some(&mount), WRITE);
    assert_eq!(
        write.run().ok(),
        "attempt to write a readonly database SQLITE_READONLY_DIRECTORY\n[(7,)]\n"
    );
    let source = WRITE.replace(
        "try:",
        "connection.execute('pragma journal_mode = memory')\ntry:",
    );
    let write = mounted(Some(&mount), &source);
    assert_eq!(write.run().ok(), "[(7,), (8,)]\n");
}

/// Its log would not be the one that other programs have.
#[test]
fn a_database_in_wal_mode_that_is_mounted_alone_is_only_read() {
    let made = made(&format!(
        "{MAKE}\nconnection.execute('pragma journal_mode = wal')\n"
    ));
    for path in ["/data/a.db", "/tmp/a.db"] {
        let file = made.path().join("a.db");
        let read = READ.replace("/data/a.db", path);
        let mount = format!("{}:{path}", file.display());
        assert_eq!(mounted(Some(&mount), &read).run().ok(), "[(7,)]\n");
        let output = mounted(Some(&format!("{mount}:rw")), &read).run();
        let error = "sqlite3.OperationalError: unable to open database file\n";
        assert!(output.err().ends_with(error), "{output}");
    }
}

#[test]
fn a_database_in_the_image_is_read() {
    let made = made(&format!(
        "{MAKE}\nconnection.execute('pragma journal_mode = wal')\n"
    ));
    let project = Project::new(
        "[image]\nname = \"x\"\nfiles = { \"a.db\" = \"/data/a.db\" }\n\n\
         [compile]\nopt-level = \"none\"\n",
    );
    fs::copy(made.path().join("a.db"), project.path("a.db")).unwrap();
    project.bake_fused();
    let read = eryx_run(&project.image()).args(["-c", READ]).run();
    assert_eq!(read.ok(), "[(7,)]\n");
}

#[test]
fn an_address_may_say_that_nothing_changes() {
    let source = "
import sqlite3
for query in ('mode=ro', 'immutable=1', 'mode=ro&immutable=1', 'nolock=1'):
    connection = sqlite3.connect(f'file:/data/a.db?{query}', uri=True)
    print(connection.execute('select x from t').fetchall())
";
    let made = made(MAKE);
    for rights in ["", ":rw"] {
        let output = run(Some((made.path(), rights)), source).ok();
        assert_eq!(output, "[(7,)]\n".repeat(4));
    }
}
