//! [`section!`] and [`choice!`], which declare what a manifest can have in it.
//!
//! A declaration is all there is to say about a key: its name, its type, its default, an example, a
//! line about it, and what its value must be like. Reading, messages, the schema for editors and the
//! reference in the documentation go by it.

/// Declares a section of the manifest: the struct that it is read into, and its keys.
///
/// ```text
/// section! {
///     /// How Python behaves in the sandbox
///     #[derive(Debug, Clone, Copy, PartialEq, Eq)]
///     pub struct PythonSection ["python"] {
///         /// What pools of threads do
///         threads: Threads { example: r#"threads = "inline""# }
///     }
/// }
/// ```
///
/// The first line of each doc comment is what the schema and the reference say. A field is the key of
/// its name, with hyphens. Behind `=`, a field has its default, when it is not that of its type. What
/// stands in braces are fields of [`Key`](crate::key::Key).
macro_rules! section {
    (
        #[doc = $about:literal]
        $(#[$meta:meta])*
        $visibility:vis struct $name:ident [$header:literal] {
            $(
                #[doc = $line:literal]
                $field:ident: $type:ty $(= $default:literal)? {
                    $($option:ident: $value:expr),* $(,)?
                }
            )*
        }
    ) => {
        #[doc = $about]
        $(#[$meta])*
        $visibility struct $name {
            $(
                #[doc = $line]
                $visibility $field: $type,
            )*
        }

        impl Default for $name {
            fn default() -> Self {
                Self {
                    $($field: $crate::declare::section!(@default $type $(= $default)?),)*
                }
            }
        }

        impl $name {
            $(
                #[doc = concat!("The key of `", stringify!($field), "`.")]
                pub(crate) const fn $field() -> &'static $crate::key::Key {
                    const NAME: [u8; stringify!($field).len()] =
                        $crate::key::kebab(stringify!($field));
                    const KEY: $crate::key::Key = $crate::key::Key {
                        $($option: $value,)*
                        ..$crate::key::Key::new(
                            match std::str::from_utf8(&NAME) {
                                Ok(name) => name,
                                Err(_) => stringify!($field),
                            },
                            <$type as $crate::reader::RawValue>::SHAPE,
                            || {
                                let default: $type =
                                    $crate::declare::section!(@default $type $(= $default)?);
                                $crate::reader::RawValue::json(&default)
                            },
                            $line,
                        )
                    };
                    &KEY
                }
            )*
        }

        impl $crate::reader::RawSection for $name {
            const SECTION: &'static $crate::key::SectionKeys = &$crate::key::SectionKeys {
                name: $header,
                about: $about.trim_ascii_start(),
                keys: &[$(Self::$field()),*],
            };

            fn read(reader: &mut $crate::reader::SectionReader<'_, '_, '_>) -> Self {
                let mut section = Self::default();
                $(
                    let value = $crate::reader::RawValue::read(reader, Self::$field());
                    if let Some(value) = value {
                        section.$field = value;
                    }
                )*
                section
            }
        }

        impl $crate::reader::RawValue for $name {
            const SHAPE: $crate::key::Shape = $crate::key::Shape::Section(
                <Self as $crate::reader::RawSection>::SECTION,
            );

            fn read(
                reader: &mut $crate::reader::SectionReader<'_, '_, '_>,
                _: &'static $crate::key::Key,
            ) -> Option<Self> {
                Some(reader.section())
            }
        }
    };
    (@default $type:ty = $default:literal) => { $default };
    (@default $type:ty) => { <$type>::default() };
}

/// Declares an enum whose values are words in a manifest.
macro_rules! choice {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($(#[$variant_meta:meta])* $variant:ident = $word:literal,)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
        pub enum $name {
            $(
                $(#[$variant_meta])*
                #[doc = concat!("Written as `", $word, "`.")]
                $variant,
            )*
        }

        impl $crate::choice::Choice for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),*];

            fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }

        /// The word in the manifest.
        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str($crate::choice::Choice::word(*self))
            }
        }

        impl $crate::reader::RawValue for $name {
            const SHAPE: $crate::key::Shape =
                $crate::key::Shape::Word(<Self as $crate::choice::Choice>::words);

            fn read(
                reader: &mut $crate::reader::SectionReader<'_, '_, '_>,
                key: &'static $crate::key::Key,
            ) -> Option<Self> {
                Some(reader.choice(key)?.into_inner())
            }

            fn json(&self) -> Option<serde_json::Value> {
                Some($crate::choice::Choice::word(*self).into())
            }
        }
    };
}

pub(crate) use {choice, section};
