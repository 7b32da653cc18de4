//! What the standards of Python packaging say, and what the sandbox is in their terms.
//!
//! | module | |
//! | --- | --- |
//! | [`name`] | package names and their normal form (PEP 503, PEP 508) |
//! | [`version`] | whether two spellings are one version (PEP 440) |
//! | [`requirement`] | requirements and markers (PEP 508), read with a guard |
//! | [`extras`] | extras that a package does not have |
//! | [`environment`] | the sandbox: values of its markers, its platforms |
//! | [`wheel_name`] | file names of wheels |
//! | [`tags`] | whether a wheel fits the sandbox (PEP 425) |
//! | [`url`] | addresses without users, relative to a directory |
//! | [`chain`] | who requires a package, up to what the user asks for |
//! | [`distribution`] | a wheel on this machine, and where it comes from |
//!
//! Start with [`requirement`]. This crate reads no file and knows no manifest, lock or index.
//!
//! ```
//! use eryx_packaging::{Fit, WheelName, normalize_package_name, fit};
//!
//! let name = WheelName::parse("Charset_Normalizer-3.4.0-py3-none-any.whl")?;
//! assert_eq!(name.name, normalize_package_name("charset.normalizer"));
//! assert_eq!(fit(&name), Fit::Fits);
//! # Ok::<(), eryx_packaging::WheelNameError>(())
//! ```

pub mod chain;
pub mod distribution;
pub mod environment;
pub mod extras;
pub mod name;
pub mod requirement;
pub mod tags;
pub mod url;
pub mod version;
pub mod wheel_name;

pub use distribution::{Distribution, Origin, SourceFile};
pub use name::{MAX_PACKAGE_NAME, is_package_name, normalize_package_name};
pub use tags::{Fit, describe_platform, fit, fit_with};
pub use version::same_version;
pub use wheel_name::{WheelName, WheelNameError};
