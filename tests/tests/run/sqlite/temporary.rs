//! Files that SQLite makes for itself.

use super::run;

#[test]
fn temporary_files_leave_no_trace() {
    let source = "
import os, sqlite3
connection = sqlite3.connect('/tmp/a.db')
connection.execute('pragma temp_store = file')
connection.execute('pragma cache_size = 20')
connection.execute('create table t(x)')
connection.executemany('insert into t values(?)', ((os.urandom(100),) for _ in range(20000)))
connection.commit()
connection.execute('create temp table u as select x from t order by x')
print(connection.execute('select count(distinct x) from (select x from u order by x desc)').fetchone())
connection.execute('vacuum')
print(connection.execute('pragma integrity_check').fetchone(), os.listdir('/tmp'))
";
    assert_eq!(run(None, source).ok(), "(20000,)\n('ok',) ['a.db']\n");
}

/// A journal is there as long as a transaction, and undoes one that did not end.
#[test]
fn a_journal_that_was_left_behind_undoes_its_transaction() {
    let source = "
import os, sqlite3
if not os.path.exists('/data/a.db'):
    connection = sqlite3.connect('/data/a.db')
    connection.execute('create table t(x)')
    connection.executemany('insert into t values(?)', ((bytes(100),) for _ in range(20000)))
    connection.commit()
    connection.execute('pragma cache_size = 10')
    connection.execute('update t set x = 1')
    print(os.path.exists('/data/a.db-journal'))
    os._exit(0)
connection = sqlite3.connect('/data/a.db')
print(connection.execute('select count(*) from t where x = 1').fetchone(), os.listdir('/data'))
";
    let directory = tempfile::tempdir().unwrap();
    let data = Some((directory.path(), ":rw"));
    assert_eq!(run(data, source).ok(), "True\n");
    assert_eq!(run(data, source).ok(), "(0,) ['a.db']\n");
}
