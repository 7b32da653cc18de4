//! Runs of one image share no randomness, except what was seeded with a value.

use eryx_tests::{eryx_run, images};
use std::collections::HashSet;

/// How many runs are compared, unless `ERYX_RANDOM_RUNS` says otherwise.
const RUNS: usize = 50;

/// Expressions that must differ between two runs.
const DIFFERENT: &[&str] = &[
    "random.random()",
    "random.getrandbits(64)",
    "random.Random().random()",
    "random.SystemRandom().random()",
    "__preinit__.seeded_by_system.random()",
    "__preinit__.system.random()",
    "uuid.uuid1()",
    "uuid.uuid4()",
    "uuid.uuid6()",
    "uuid.uuid7()",
    "uuid.getnode()",
    "secrets.token_hex()",
    "os.urandom(16)",
    "os.getrandom(16) if hasattr(os, 'getrandom') else os.urandom(16)",
    "tempfile.mkdtemp()",
    "tempfile.mktemp()",
    "next(tempfile._get_candidate_names())",
    "tempfile.NamedTemporaryFile().name",
    "time.time_ns()",
    "open('/dev/urandom', 'rb').read(16)",
    "random.shuffle(numbers := list(range(100))) or numbers",
    "uuid.uuid8()",
    "email.utils.make_msgid(domain='x')",
    "multiprocessing.current_process().authkey",
    "sqlite3.connect(':memory:').execute('select random()').fetchone()",
    "sqlite3.connect(':memory:').execute('select randomblob(16)').fetchone()",
    "sqlite3.connect(':memory:').execute(ORDER).fetchall()",
    "__preinit__.database.execute('select randomblob(16)').fetchone()",
];

/// What comes before the expressions.
const IMPORTS: &str = "
import __preinit__, email.utils, multiprocessing, os, random, secrets, sqlite3
import tempfile, time, uuid
ORDER = 'select value from json_each(?) order by random()'.replace('?', repr(str([*range(64)])))
";

/// Expressions that must not.
const EQUAL: &[&str] = &[
    "random.Random(42).random()",
    "random.seed(1) or random.random()",
    "__preinit__.seeded_by_value.random()",
    "uuid.uuid5(uuid.NAMESPACE_DNS, 'a')",
];

fn values(expressions: &[&str]) -> Vec<String> {
    let mut source = IMPORTS.to_owned();
    for expression in expressions {
        source += &format!("print(repr({expression}))\n");
    }
    let output = eryx_run(images::snapshot())
        .args(["-c", &source])
        .run()
        .ok();
    output.lines().map(str::to_owned).collect()
}

#[test]
fn two_runs_differ() {
    let (one, two) = (values(DIFFERENT), values(DIFFERENT));
    assert_eq!(one.len(), DIFFERENT.len());
    let same: Vec<_> = DIFFERENT
        .iter()
        .zip(one.iter().zip(&two))
        .filter(|(_, (one, two))| one == two)
        .map(|(expression, _)| expression)
        .collect();
    assert!(same.is_empty(), "the same in two runs: {same:?}");
}

/// Of more runs than two, no two share a value of any source.
#[test]
fn many_runs_differ() {
    let runs = std::env::var("ERYX_RANDOM_RUNS").ok();
    let runs = runs.map_or(RUNS, |runs| runs.parse().unwrap());
    let mut seen = HashSet::new();
    for _ in 0..runs {
        for value in DIFFERENT.iter().zip(values(DIFFERENT)) {
            assert!(!seen.contains(&value), "twice: {value:?}");
            seen.insert(value);
        }
    }
    assert_eq!(seen.len(), runs * DIFFERENT.len());
}

#[test]
fn what_was_seeded_with_a_value_stays() {
    assert_eq!(values(EQUAL), values(EQUAL));
    assert_eq!(values(&EQUAL[..1]), ["0.6394267984578837"]);
    // The generator of the snapshot goes on where the bake left it.
    assert_eq!(values(&EQUAL[2..3]), ["0.6394267984578837"]);
}

/// Modules that were not baked draw on the run's own randomness, too.
#[test]
fn without_the_modules_in_the_snapshot() {
    let run = || {
        eryx_run(images::bare())
            .args([
                "-c",
                "import secrets, random; print(secrets.token_hex(), random.random())",
            ])
            .run()
            .ok()
    };
    assert_ne!(run(), run());
}
