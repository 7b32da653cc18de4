//! What SQLite has beyond its core.

use super::run;

#[test]
fn texts_are_searched() {
    let source = "
import sqlite3
connection = sqlite3.connect(':memory:')
for version in (3, 4):
    connection.execute(f'create virtual table t{version} using fts{version}(x)')
    connection.execute(f'insert into t{version} values(?)', ('alpha beta',))
    query = f\"select snippet(t{version}) from t{version} where x match 'alpha OR (gamma NOT beta)'\"
    print(connection.execute(query).fetchall())
connection.execute('create virtual table t5 using fts5(title, body, tokenize = porter)')
connection.execute('insert into t5 values(?, ?)', ('foxes', 'the quick brown fox was jumping'))
connection.execute('insert into t5 values(?, ?)', ('dogs', 'a lazy dog'))
print(connection.execute('''
    select title, highlight(t5, 1, '[', ']'), bm25(t5) < 0 from t5 where t5 match 'NEAR(quick jumps)'
    order by rank
''').fetchall())
";
    let snippet = "[('<b>alpha</b> beta',)]\n";
    let found = "[('foxes', 'the [quick] brown fox was [jumping]', 1)]\n";
    assert_eq!(run(None, source).ok(), format!("{snippet}{snippet}{found}"));
}

#[test]
fn boxes_are_searched() {
    let source = "
import sqlite3
connection = sqlite3.connect(':memory:')
connection.execute('create virtual table boxes using rtree(id, left, right, +name)')
connection.executemany('insert into boxes values(?, ?, ?, ?)', [(1, 0, 1, 'a'), (2, 5, 6, 'b')])
print(connection.execute('select id, name from boxes where right >= 4').fetchall())
";
    assert_eq!(run(None, source).ok(), "[(2, 'b')]\n");
}

#[test]
fn functions_and_tables_of_linux_are_there() {
    let source = "
import sqlite3
connection = sqlite3.connect(':memory:')
print(connection.execute('select log2(8), pi() > 3, soundex(?)', ('Robert',)).fetchone())
print(connection.execute('select value from json_each(?)', ('[1, 2]',)).fetchall())
connection.execute('create table t(x)')
print(connection.execute('select name from dbstat').fetchall())
print(connection.execute('select count(*) > 0 from sqlite_stmt').fetchone())
print(connection.execute('select 1 where ? in (%s)' % ','.join('?' * 100000), range(100001)).fetchall())
print(sqlite3.threadsafety, hasattr(connection, 'enable_load_extension'))
";
    assert_eq!(
        run(None, source).ok(),
        "(3.0, 1, 'R163')\n[(1,), (2,)]\n[('sqlite_schema',), ('t',)]\n(1,)\n[]\n3 False\n"
    );
}

/// Databases in memory that connections share, copies, and what Python hands in.
#[test]
fn connections_to_memory_work() {
    let source = "
import sqlite3
shared = [sqlite3.connect('file:name?mode=memory&cache=shared', uri=True) for _ in range(2)]
shared[0].execute('create table t(x blob)')
shared[0].execute('insert into t values(zeroblob(10))')
shared[0].commit()
with shared[1].blobopen('t', 'x', 1) as blob:
    blob[2:5] = b'abc'
copy = sqlite3.connect(':memory:')
shared[1].commit()
shared[1].backup(copy)
again = sqlite3.connect(':memory:')
again.deserialize(copy.serialize())
print(again.execute('select x from t').fetchall())
again.create_function('twice', 1, lambda x: 2 * x)
again.create_collation('backwards', lambda one, two: (one < two) - (one > two))
print(again.execute('select twice(column1) from (values(1), (2)) order by column1').fetchall())
query = \"select column1 from (values('a'), ('b')) order by column1 collate backwards\"
print(again.execute(query).fetchall())
again.set_authorizer(lambda *_: sqlite3.SQLITE_DENY)
try:
    again.execute('select 1')
except sqlite3.DatabaseError as error:
    print(error)
";
    assert_eq!(
        run(None, source).ok(),
        "[(b'\\x00\\x00abc\\x00\\x00\\x00\\x00\\x00',)]\n[(2,), (4,)]\n[('b',), ('a',)]\nnot authorized\n"
    );
}
