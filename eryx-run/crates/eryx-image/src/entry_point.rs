//! Entry points: names of scripts, and what they call.

/// The form in which an image keeps what an entry point calls: `package.module:attribute` without
/// spaces; nothing when it is not of this form.
///
/// Both sides are dotted names in the sense of Python: letters, digits and underscores of any
/// script, no digit first. See the [entry points
/// specification](https://packaging.python.org/en/latest/specifications/entry-points/).
///
/// ```
/// use eryx_image::entry_point_value;
///
/// assert_eq!(entry_point_value("shop.cli : main").as_deref(), Some("shop.cli:main"));
/// assert_eq!(entry_point_value("shop.cli"), None);
/// assert_eq!(entry_point_value("os:system('x')"), None);
/// ```
pub fn entry_point_value(text: &str) -> Option<String> {
    let (module, attribute) = text.split_once(':')?;
    let (module, attribute) = (module.trim(), attribute.trim());
    (is_dotted_name(module) && is_dotted_name(attribute)).then(|| format!("{module}:{attribute}"))
}

fn is_dotted_name(text: &str) -> bool {
    text.split('.').all(|part| {
        let first = part.chars().next();
        first.is_some_and(|first| first == '_' || first.is_alphabetic())
            && part.chars().all(|one| one == '_' || one.is_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_are_taken() {
        for good in ["a:b", "a.b_c.d1:E.f", "grüße:welt"] {
            assert_eq!(entry_point_value(good).as_deref(), Some(good));
        }
        for bad in [
            "",
            ":",
            "a:",
            ":b",
            "a.:b",
            "a:b.",
            "1a:b",
            "a-b:c",
            "a:b:c",
            "a:b\nimport os",
        ] {
            assert_eq!(entry_point_value(bad), None, "{bad}");
        }
    }
}
