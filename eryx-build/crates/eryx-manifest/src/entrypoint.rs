//! What an image runs when it is started without a program.

use std::fmt;

use crate::python_name::is_dotted_name;
use crate::sandbox_path::{BadSandboxPath, check_form};

/// What an image runs when it is started without a program.
///
/// [`Display`](fmt::Display) gives the form that manifests are written in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entrypoint {
    /// `package.module:function`: import the module, call the attribute without arguments.
    Function {
        /// The dotted module name.
        module: String,
        /// The dotted path of the callable inside the module.
        attribute: String,
    },
    /// The absolute path of a `.py` file in the sandbox, run as `__main__`.
    Script(String),
}

impl fmt::Display for Entrypoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Function { module, attribute } => write!(formatter, "{module}:{attribute}"),
            Self::Script(path) => formatter.write_str(path),
        }
    }
}

/// Why a text is no entrypoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotAnEntrypoint {
    /// It starts with `/` and is not a path of the sandbox.
    Path(BadSandboxPath),
    /// It is a path that does not end in `.py`.
    NotPython,
    /// It has no `:`.
    NoFunction,
    /// What stands before the `:` is not a dotted module name.
    Module,
    /// What stands behind the `:` is not a dotted name.
    Attribute,
}

/// Reads `pkg.mod:func` or the absolute sandbox path of a `.py` file.
pub(crate) fn parse_entrypoint(text: &str) -> Result<Entrypoint, NotAnEntrypoint> {
    if text.starts_with('/') {
        check_form(text).map_err(NotAnEntrypoint::Path)?;
        return match text.rsplit_once('/') {
            Some((_, name)) if name.len() > ".py".len() && name.ends_with(".py") => {
                Ok(Entrypoint::Script(text.to_owned()))
            }
            _ => Err(NotAnEntrypoint::NotPython),
        };
    }
    let (module, attribute) = text.split_once(':').ok_or(NotAnEntrypoint::NoFunction)?;
    if !is_dotted_name(module) {
        return Err(NotAnEntrypoint::Module);
    }
    if !is_dotted_name(attribute) {
        return Err(NotAnEntrypoint::Attribute);
    }
    Ok(Entrypoint::Function {
        module: module.to_owned(),
        attribute: attribute.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entrypoints_are_functions_or_scripts() {
        for written in ["app:main", "pkg.mod:Cls.run", "/app/main.py", "/main.py"] {
            assert_eq!(parse_entrypoint(written).unwrap().to_string(), written);
        }
        for (text, reason) in [
            ("", NotAnEntrypoint::NoFunction),
            ("main.py", NotAnEntrypoint::NoFunction),
            ("app", NotAnEntrypoint::NoFunction),
            ("my-app:main", NotAnEntrypoint::Module),
            (":main", NotAnEntrypoint::Module),
            ("app:", NotAnEntrypoint::Attribute),
            ("app:main()", NotAnEntrypoint::Attribute),
            ("a:b:c", NotAnEntrypoint::Attribute),
            ("/app/main", NotAnEntrypoint::NotPython),
            ("/app/.py", NotAnEntrypoint::NotPython),
            (
                "/app/../x.py",
                NotAnEntrypoint::Path(BadSandboxPath::ParentDirectory),
            ),
            ("/", NotAnEntrypoint::Path(BadSandboxPath::Root)),
        ] {
            assert_eq!(parse_entrypoint(text), Err(reason), "{text:?}");
        }
    }
}
