//! Who requires a package, all the way up to what the user asks for.

use std::collections::{BTreeMap, VecDeque};

/// The shortest way from what the user asks for to a package: `["jupyter", "ipykernel", "psutil"]`.
/// `is_asked` tells what the user asks for, `requirers` which packages directly require another one.
/// It is the package alone when the user asks for it, or nobody is known who requires it.
///
/// ```
/// use eryx_packaging::chain::to;
///
/// let requirers = |name: &str| match name {
///     "psutil" => vec!["ipykernel"],
///     "ipykernel" => vec!["jupyter"],
///     _ => vec![],
/// };
/// let chain = to("psutil", |name| name == "jupyter", requirers);
/// assert_eq!(chain, ["jupyter", "ipykernel", "psutil"]);
/// ```
#[must_use]
pub fn to<'a>(
    package: &'a str,
    is_asked: impl Fn(&str) -> bool,
    requirers: impl Fn(&'a str) -> Vec<&'a str>,
) -> Vec<&'a str> {
    // The next step towards the package, from each one that was met.
    let mut next = BTreeMap::from([(package, None)]);
    let mut due = VecDeque::from([package]);
    let mut furthest = package;
    while let Some(name) = due.pop_front() {
        furthest = name;
        if is_asked(name) {
            break;
        }
        for requirer in requirers(name) {
            next.entry(requirer).or_insert_with(|| {
                due.push_back(requirer);
                Some(name)
            });
        }
    }
    let mut chain = vec![furthest];
    while let Some(Some(step)) = chain.last().and_then(|name| next.get(name)) {
        chain.push(step);
    }
    chain
}

/// A chain as a part of a sentence, with a space before it; nothing for a package that stands alone.
///
/// ```
/// use eryx_packaging::chain::words;
///
/// assert_eq!(
///     words(&["jupyter", "ipykernel", "psutil"]),
///     " (`jupyter` requires `ipykernel`, which requires `psutil`)"
/// );
/// assert_eq!(words(&["psutil"]), "");
/// ```
#[must_use]
pub fn words<T: AsRef<str>>(chain: &[T]) -> String {
    let mut text = String::new();
    for (index, name) in chain.iter().enumerate() {
        let before = match index {
            0 => " (",
            1 => " requires ",
            _ => ", which requires ",
        };
        text.push_str(&format!("{before}`{}`", name.as_ref()));
    }
    if chain.len() < 2 {
        return String::new();
    }
    text.push(')');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_end_and_what_nobody_asks_for_stands_as_far_up_as_is_known() {
        let circle = |name: &str| match name {
            "a" => vec!["b"],
            "b" => vec!["a", "c"],
            _ => vec![],
        };
        assert_eq!(to("a", |name| name == "c", circle), ["c", "b", "a"]);
        assert_eq!(to("a", |_| false, circle), ["c", "b", "a"]);
        assert_eq!(to("a", |name| name == "a", circle), ["a"]);
    }
}
