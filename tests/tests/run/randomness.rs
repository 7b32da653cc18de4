//! Two runs of one image share no randomness, except what was seeded with a value.

use eryx_tests::{eryx_run, images};

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
];

/// Expressions that must not.
const EQUAL: &[&str] = &[
    "random.Random(42).random()",
    "random.seed(1) or random.random()",
    "__preinit__.seeded_by_value.random()",
    "uuid.uuid5(uuid.NAMESPACE_DNS, 'a')",
];

fn values(expressions: &[&str]) -> Vec<String> {
    let mut source = "import __preinit__, os, random, secrets, tempfile, time, uuid\n".to_owned();
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
