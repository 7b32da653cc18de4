//! Values that are written as one word out of a fixed list, and [`choice!`], which declares them.

/// A value that is written as one word out of a fixed list.
pub(crate) trait Choice: Copy + Default + 'static {
    /// Every value, the default first, in the order in which messages list them.
    const ALL: &'static [Self];
    /// The word in the manifest.
    fn word(self) -> &'static str;

    /// Every word.
    fn words() -> Vec<&'static str> {
        Self::ALL.iter().map(|choice| choice.word()).collect()
    }
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

pub(crate) use choice;
