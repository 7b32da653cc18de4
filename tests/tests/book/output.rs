//! Expected output: `…` stands for any text, and as a line of its own for any lines.

use similar::TextDiff;

/// Compares output with what is expected.
pub(crate) fn compare(expected: &str, actual: &str) -> Result<(), String> {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    if matches(&lines(expected), &lines(actual)) {
        return Ok(());
    }
    let diff = TextDiff::from_lines(expected, actual);
    Err(diff.unified_diff().header("expected", "actual").to_string())
}

fn matches(expected: &[String], actual: &[String]) -> bool {
    let Some((first, others)) = expected.split_first() else {
        return actual.is_empty();
    };
    if first == "…" {
        return (0..=actual.len()).any(|skipped| matches(others, &actual[skipped..]));
    }
    actual
        .split_first()
        .is_some_and(|(line, rest)| line_matches(first, line) && matches(others, rest))
}

fn line_matches(pattern: &str, line: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('…') else {
        return pattern == line;
    };
    let (middle, end) = rest.rsplit_once('…').unwrap_or(("", rest));
    let inside = line
        .strip_prefix(start)
        .and_then(|line| line.strip_suffix(end));
    let Some(mut inside) = inside else {
        return false;
    };
    for part in middle.split('…') {
        match inside.find(part) {
            Some(place) => inside = &inside[place + part.len()..],
            None => return false,
        }
    }
    true
}

/// What the pattern stands for, and what it does not.
pub(crate) fn patterns() -> Result<(), String> {
    for (expected, actual, equal) in [
        ("a\nb\n", "a\nb\n", true),
        ("a\n", "a\nb\n", false),
        ("a\n…\n", "a\n", true),
        ("…\nc\n", "a\nb\nc\n", true),
        ("a … c\n", "a bb c\n", true),
        ("… MB, … s\n", "51.8 MB, 3 s\n", true),
        ("a … c\n", "a c\n", false),
        ("x…x\n", "x\n", false),
    ] {
        if compare(expected, actual).is_ok() != equal {
            return Err(format!("{expected:?} against {actual:?} is not {equal}"));
        }
    }
    Ok(())
}
