//! Databases in WAL mode.

use super::{made, prepared, run};

const MAKE: &str = "
import os, sqlite3
connection = sqlite3.connect('/data/a.db')
print(connection.execute('pragma journal_mode = wal').fetchone()[0])
connection.execute('create table t(x)')
connection.execute('insert into t values(7)')
connection.commit()
";

const READ: &str = "
import os, sqlite3
connection = sqlite3.connect('/data/a.db')
print(connection.execute('select x from t').fetchall())
connection.close()
print(sorted(os.listdir('/data')))
";

#[test]
fn a_database_that_was_closed_is_read_and_changed() {
    let made = made(&format!("{MAKE}\nconnection.close()\n"));
    let here = made.path();
    assert_eq!(run(Some((here, "")), READ).ok(), "[(7,)]\n['a.db']\n");
    assert_eq!(run(Some((here, ":rw")), READ).ok(), "[(7,)]\n['a.db']\n");
    let immutable = READ.replace("'/data/a.db'", "'file:/data/a.db?immutable=1', uri=True");
    let output = run(Some((here, "")), &immutable).ok();
    assert_eq!(output, "[(7,)]\n['a.db']\n");
    let change = format!("{MAKE}connection.close()\n")
        .replace("connection.execute('create table t(x)')\n", "");
    assert_eq!(run(Some((here, ":rw")), &change).ok(), "wal\n");
    assert_eq!(run(Some((here, "")), READ).ok(), "[(7,), (7,)]\n['a.db']\n");
}

/// What was committed is in the log alone when a program ends without closing its database.
#[test]
fn a_log_that_was_left_behind_is_read() {
    let made = made(&format!("{MAKE}\nos._exit(0)\n"));
    let here = made.path();
    assert!(here.join("a.db-wal").is_file());
    let kept = "[(7,)]\n['a.db', 'a.db-shm', 'a.db-wal']\n";
    assert_eq!(run(Some((here, "")), READ).ok(), kept);
    assert_eq!(run(Some((here, ":rw")), READ).ok(), "[(7,)]\n['a.db']\n");
}

#[test]
fn readers_and_a_writer_do_not_wait_for_each_other() {
    let source = format!(
        "{MAKE}
reader = sqlite3.connect('/data/a.db')
other = sqlite3.connect('/data/a.db', timeout=0)
reader.execute('begin')
print(reader.execute('select count(*) from t').fetchone())
connection.execute('insert into t values(8)')
try:
    other.execute('insert into t values(9)')
except sqlite3.OperationalError as error:
    print(error)
connection.commit()
other.execute('insert into t values(9)')
other.commit()
print(reader.execute('select count(*) from t').fetchone())
reader.rollback()
print(reader.execute('select count(*) from t').fetchone())
print(connection.execute('pragma wal_checkpoint(truncate)').fetchone())
print(connection.execute('pragma integrity_check').fetchone())
"
    );
    let directory = tempfile::tempdir().unwrap();
    let output = run(Some((directory.path(), ":rw")), &source).ok();
    assert_eq!(
        output,
        "wal\n(1,)\ndatabase is locked\n(1,)\n(3,)\n(0, 0, 0)\n('ok',)\n"
    );
}

/// The index of a log grows by a region for each 4,096 pages.
#[test]
fn a_long_log_is_read() {
    let source = format!(
        "{MAKE}
connection.execute('pragma wal_autocheckpoint = 0')
connection.executemany('insert into t values(?)', ((bytes(3000),) for _ in range(10000)))
connection.commit()
print(sqlite3.connect('/data/a.db').execute('select count(*), max(rowid) from t').fetchone())
os._exit(0)
"
    );
    let made = made(&source);
    let count = READ.replace("select x", "select count(*)");
    let output = run(Some((made.path(), ":rw")), &count).ok();
    assert_eq!(output, "[(10001,)]\n['a.db']\n");
}

/// What another program has written while this one did nothing is seen, and is not written over.
#[test]
fn what_another_program_wrote_meanwhile_is_seen() {
    let source = format!(
        "{MAKE}
reader = sqlite3.connect('file:/data/a.db?mode=ro', uri=True)
for step in range(3):
    print(step, reader.execute('select x from t').fetchall(), flush=True)
    input()
    connection.execute('insert into t values(?)', (step,))
    connection.commit()
print(connection.execute('pragma integrity_check').fetchone())
"
    );
    let other = "
import sqlite3
connection = sqlite3.connect('/data/a.db')
connection.execute('insert into t values(10)')
connection.commit()
connection.close()
";
    let directory = tempfile::tempdir().unwrap();
    let data = Some((directory.path(), ":rw"));
    let mut process = prepared(data, &source).start();
    for step in 0..3 {
        process.wait_for(&format!("{step} ["));
        run(data, other).ok();
        process.write("\n");
    }
    process.close_input();
    assert_eq!(
        process.finish().ok(),
        "wal\n0 [(7,)]\n1 [(7,), (10,), (0,)]\n2 [(7,), (10,), (0,), (10,), (1,)]\n('ok',)\n"
    );
    let count = READ.replace("select x", "select count(*)");
    assert_eq!(run(data, &count).ok(), "[(7,)]\n['a.db']\n");
}
