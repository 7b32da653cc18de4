//! One database of a mount that several programs use at the same time: sandboxes, and Python of the host
//! with SQLite's own system.

use super::{made, prepared, run};
use eryx_tests::Run;
use std::path::Path;

/// A program that the host's Python runs, with the database at `a.db` in its working directory.
fn on_the_host(directory: &Path, source: &str) -> Run {
    Run::new(Path::new("python3"))
        .folder(directory)
        .args(["-c", &source.replace("/data/", "")])
}

/// A database with one table of one number.
fn make(mode: &str) -> String {
    format!(
        "import sqlite3
connection = sqlite3.connect('/data/a.db')
connection.execute('pragma journal_mode = {mode}')
connection.execute('create table t(x)')
connection.execute('insert into t values(0)')
connection.commit()
connection.close()
"
    )
}

/// Tries to write once, without patience.
const TRY: &str = "
import sqlite3
connection = sqlite3.connect('/data/a.db', timeout=0, isolation_level=None)
try:
    connection.execute('update t set x = x + 1')
    print('written')
except sqlite3.OperationalError as error:
    print(error)
";

/// Begins to write, says so, waits for a line and commits.
const HOLD: &str = "
import sqlite3
connection = sqlite3.connect('/data/a.db', isolation_level=None)
connection.execute('begin immediate')
connection.execute('update t set x = x + 10')
print('ready', flush=True)
input()
connection.execute('commit')
";

/// Adds one, many times, as others do.
const ADD: &str = "
import sqlite3
connection = sqlite3.connect('/data/a.db', timeout=300, isolation_level=None)
for step in range(100):
    connection.execute('begin immediate')
    (value,) = connection.execute('select x from t').fetchone()
    connection.execute('update t set x = ?', (value + 1,))
    connection.execute('commit')
    if step % 10 == 0:
        connection.execute('select count(*) from t').fetchall()
";

const CHECK: &str = "
import os, sqlite3
connection = sqlite3.connect('/data/a.db')
print(connection.execute('select x from t').fetchall())
print(connection.execute('pragma integrity_check').fetchone())
connection.close()
print(sorted(os.listdir('/data')))
";

const MODES: [&str; 2] = ["delete", "wal"];

/// What a program says that tries to write while another one does, and what it says afterwards.
fn while_held(holder: Run, attempt: impl Fn() -> Run) -> [String; 2] {
    let mut holder = holder.start();
    holder.wait_for("ready\n");
    let during = attempt().run().ok();
    holder.write("\n");
    holder.close_input();
    holder.finish().ok();
    [during, attempt().run().ok()]
}

#[test]
fn a_writer_keeps_other_programs_from_writing() {
    for mode in MODES {
        let made = made(&make(mode));
        let data = Some((made.path(), ":rw"));
        let sandbox = |source| prepared(data, source);
        let host = |source| on_the_host(made.path(), source);
        for outcome in [
            while_held(sandbox(HOLD), || sandbox(TRY)),
            while_held(sandbox(HOLD), || host(TRY)),
            while_held(host(HOLD), || sandbox(TRY)),
        ] {
            assert_eq!(outcome, ["database is locked\n", "written\n"], "{mode}");
        }
        let left = "[(33,)]\n('ok',)\n['a.db']\n";
        assert_eq!(run(data, CHECK).ok(), left, "{mode}");
    }
}

/// What a program has locked is free when it ends, however that comes.
#[test]
fn the_end_of_a_program_ends_its_locks() {
    for mode in MODES {
        let made = made(&make(mode));
        let data = Some((made.path(), ":rw"));
        let mut holder = prepared(data, HOLD).start();
        holder.wait_for("ready\n");
        holder.kill();
        assert_eq!(run(data, TRY).ok(), "written\n", "{mode}");
        assert_eq!(run(data, CHECK).ok(), "[(1,)]\n('ok',)\n['a.db']\n");
    }
}

/// Two sandboxes and a program of the host, at the same time.
#[test]
fn nothing_is_lost_among_many_writers() {
    for mode in MODES {
        let made = made(&make(mode));
        let data = Some((made.path(), ":rw"));
        let writers = [
            prepared(data, ADD),
            prepared(data, ADD),
            on_the_host(made.path(), ADD),
        ];
        for writer in writers.map(Run::start) {
            writer.finish().ok();
        }
        let left = "[(300,)]\n('ok',)\n['a.db']\n";
        assert_eq!(run(data, CHECK).ok(), left, "{mode}");
    }
}

/// Programs that keep their connections to a database in WAL mode see what others write to its log, also
/// when one has emptied it.
#[test]
fn a_log_is_shared_with_the_host() {
    let in_turn = "
import sqlite3
connection = sqlite3.connect('/data/a.db', isolation_level=None)
print(connection.execute('select count(*) from t').fetchone(), flush=True)
for step in range(3):
    input()
    print('reads', connection.execute('select x from t').fetchall(), flush=True)
    connection.execute('update t set x = x + 1')
    if step == 1:
        print(connection.execute('pragma wal_checkpoint(truncate)').fetchone())
    print('wrote', step, flush=True)
input()
";
    let made = made(&make("wal"));
    let data = Some((made.path(), ":rw"));
    let mut programs = [
        prepared(data, in_turn).start(),
        on_the_host(made.path(), in_turn).start(),
        prepared(data, in_turn).start(),
    ];
    for program in &mut programs {
        program.wait_for("(1,)\n");
    }
    for step in 0..3 {
        for (turn, program) in programs.iter_mut().enumerate() {
            program.write("\n");
            program.wait_for(&format!("reads [({},)]\n", 3 * step + turn));
            program.wait_for(&format!("wrote {step}\n"));
        }
    }
    for mut program in programs {
        program.write("\n");
        program.close_input();
        assert!(program.finish().ok().contains("\n(0, 0, 0)\n"));
    }
    assert_eq!(run(data, CHECK).ok(), "[(9,)]\n('ok',)\n['a.db']\n");
}
