//! Times of the place where a program runs.

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
