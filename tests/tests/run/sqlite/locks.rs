//! Connections of one program to one database, which shut each other out as far as they must.

use super::run;

#[test]
fn a_writer_keeps_others_from_writing() {
    let source = "
import sqlite3
writer, other = (sqlite3.connect('/tmp/a.db', timeout=0.05) for _ in range(2))
writer.execute('create table t(x)')
writer.execute('insert into t values(1)')
try:
    other.execute('create table u(x)')
except sqlite3.OperationalError as error:
    print(error, error.sqlite_errorname)
print(other.execute('select count(*) from sqlite_schema').fetchone())
writer.commit()
other.execute('insert into t values(2)')
other.commit()
print(writer.execute('select x from t').fetchall())
";
    assert_eq!(
        run(None, source).ok(),
        "database is locked SQLITE_BUSY\n(1,)\n[(1,), (2,)]\n"
    );
}

#[test]
fn a_reader_keeps_a_writer_waiting() {
    let source = "
import sqlite3
writer, reader = (sqlite3.connect('/tmp/a.db', timeout=0.05) for _ in range(2))
with writer:
    writer.execute('create table t(x)')
    writer.executemany('insert into t values(?)', [(1,), (2,)])
rows = reader.execute('select x from t')
print(next(rows))
writer.execute('insert into t values(3)')
try:
    writer.commit()
except sqlite3.OperationalError as error:
    print(error)
late = sqlite3.connect('/tmp/a.db', timeout=0.05)
try:
    late.execute('select x from t').fetchall()
except sqlite3.OperationalError as error:
    print('no new reader:', error)
print(list(rows))
writer.commit()
print(late.execute('select x from t').fetchall())
";
    let locked = "database is locked";
    assert_eq!(
        run(None, source).ok(),
        format!("(1,)\n{locked}\nno new reader: {locked}\n[(2,)]\n[(1,), (2,), (3,)]\n")
    );
}

/// A lock is between connections, whatever path they came by.
#[test]
fn a_link_leads_to_the_same_locks() {
    let source = "
import os, sqlite3
os.symlink('/tmp/a.db', '/tmp/link.db')
one, two = (sqlite3.connect(path, timeout=0) for path in ('/tmp/link.db', '/tmp/a.db'))
one.execute('create table t(x)')
one.execute('begin immediate')
try:
    two.execute('begin immediate')
except sqlite3.OperationalError as error:
    print(error)
one.rollback()
print(two.execute('pragma database_list').fetchone()[2], sorted(os.listdir('/tmp')))
print(one.execute('pragma database_list').fetchone()[2])
";
    assert_eq!(
        run(None, source).ok(),
        "database is locked\n/tmp/a.db ['a.db', 'link.db']\n/tmp/a.db\n"
    );
}
