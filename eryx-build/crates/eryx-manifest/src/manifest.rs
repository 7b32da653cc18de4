//! The whole manifest: its sections, read and validated.

use std::path::PathBuf;

use crate::checks::Checks;
use crate::diagnostic::SpannedDiagnostic;
use crate::key::SectionKeys;
use crate::reader::{Context, Document, RawSection};
use crate::sections::compile::{self, CompileSection, RawCompile};
use crate::sections::image::{self, ImageSection, RawImage};
use crate::sections::packages::{self, PackagesSection, RawPackages};
use crate::sections::preinit::{self, PreinitSection, RawPreinit};
use crate::sections::python::PythonSection;
use crate::sections::runtime::{self, RawRuntime, RuntimeSection};

/// A manifest whose every value was checked and whose every path is absolute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// The manifest file itself, as an absolute path.
    pub path: PathBuf,
    /// The directory that relative paths of the manifest start from, as an absolute path.
    pub directory: PathBuf,
    /// `[image]`: what the image is.
    pub image: ImageSection,
    /// `[packages]`: which packages go into it.
    pub packages: PackagesSection,
    /// `[preinit]`: what runs at bake time.
    pub preinit: PreinitSection,
    /// `[python]`: how Python behaves in the sandbox.
    pub python: PythonSection,
    /// `[compile]`: which machine the code is for.
    pub compile: CompileSection,
    /// `[runtime]`: which runtime the image is built on.
    pub runtime: RuntimeSection,
}

/// Lists the sections of a manifest.
macro_rules! sections {
    ($($field:ident: $type:ty,)*) => {
        /// A manifest as it is written: right in shape, not validated.
        #[derive(Debug)]
        pub(crate) struct RawManifest {
            $($field: $type,)*
        }

        /// Every section at the top level, in the order in which messages list them.
        pub(crate) const SECTIONS: &[&SectionKeys] = &[$(<$type as RawSection>::SECTION),*];

        impl RawManifest {
            fn of(document: &Document<'_>, context: &mut Context) -> Self {
                Self {
                    $($field: document.section(context),)*
                }
            }
        }
    };
}

sections! {
    image: RawImage,
    packages: RawPackages,
    preinit: RawPreinit,
    python: PythonSection,
    compile: RawCompile,
    runtime: RawRuntime,
}

impl RawManifest {
    /// Reads the text, and finds what is wrong with its shape.
    ///
    /// # Errors
    /// It is not TOML: the first reason why.
    pub(crate) fn read(
        text: &str,
    ) -> Result<(Self, Vec<SpannedDiagnostic>), Box<SpannedDiagnostic>> {
        let mut context = Context {
            sections: SECTIONS,
            diagnostics: Vec::new(),
        };
        let document = Document::parse(text, &mut context)?;
        let raw = Self::of(&document, &mut context);
        Ok((raw, context.diagnostics))
    }

    /// Validates what was read. The result is only right when nothing is reported.
    pub(crate) fn validate(self, path: PathBuf, checks: &mut Checks<'_>) -> Manifest {
        Manifest {
            path,
            directory: checks.directory.clone(),
            image: image::validate(self.image, checks),
            packages: packages::validate(self.packages, checks),
            preinit: preinit::validate(self.preinit, checks),
            python: self.python,
            compile: compile::validate(self.compile, checks),
            runtime: runtime::validate(self.runtime, checks),
        }
    }
}
