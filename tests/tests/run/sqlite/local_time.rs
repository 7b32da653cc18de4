//! Times of the place where a program runs.

use eryx_tests::{Run, binaries, images};

use super::run;

#[test]
fn local_time_is_the_one_of_the_program() {
    let source = "
import sqlite3
print(sqlite3.connect(':memory:').execute('''
    select datetime('2024-07-01 12:00', 'localtime'), datetime('2024-07-01 12:00', 'utc'),
           strftime('%H', 'now', 'localtime') is null
''').fetchone())
";
    assert_eq!(
        run(None, source).ok(),
        "('2024-07-01 12:00:00', '2024-07-01 12:00:00', 0)\n"
    );
}

/// The zone of `TZ`, an hour before UTC in winter and two in summer, in both directions.
#[test]
fn local_time_is_that_of_the_zone_that_tz_names() {
    let source = "
import sqlite3
ask = sqlite3.connect(':memory:').execute
for day in '2024-01-15', '2024-07-15':
    print(ask('select datetime(?, ?), datetime(?, ?)',
              (day + ' 12:00', 'localtime', day + ' 12:00', 'utc')).fetchone())
# The hour that summer time leaves out, and the one that comes twice.
for moment in '2024-03-31 00:59', '2024-03-31 01:00', '2024-10-27 00:59', '2024-10-27 01:00':
    print(ask('select time(?, ?)', (moment, 'localtime')).fetchone()[0])
";
    let program = Run::new(&binaries().eryx_run)
        .args(["-e", "TZ=Europe/Berlin"])
        .arg(images::bare())
        .args(["-c", source]);
    assert_eq!(
        program.run().ok(),
        "('2024-01-15 13:00:00', '2024-01-15 11:00:00')\n\
         ('2024-07-15 14:00:00', '2024-07-15 10:00:00')\n\
         01:59:00\n03:00:00\n02:59:00\n02:00:00\n"
    );
}
