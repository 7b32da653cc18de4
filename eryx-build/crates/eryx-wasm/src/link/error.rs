//! Why libraries are not linked.

/// Why the libraries cannot be linked.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The runtime's world is not valid WIT.
    #[error("the runtime's world cannot be read")]
    World(#[source] anyhow::Error),
    /// A library needs another one that is not there.
    #[error(
        "the native library {library} needs {needed}, which is neither in the runtime nor in a package: \
         add the package that has it"
    )]
    Missing {
        /// The library that needs it.
        library: String,
        /// The library that is not there.
        needed: String,
    },
    /// One library could not be taken.
    #[error("the native library {library} cannot be linked")]
    Library {
        /// The library.
        library: String,
        /// What the linker said.
        source: anyhow::Error,
    },
    /// A native library has the name of one that is in every image.
    #[error(
        "the native library {path} has the name of a library of the runtime, which it would replace: \
         use a wheel without it"
    )]
    RuntimeName {
        /// Its sandbox path.
        path: String,
    },
    /// Two native libraries that differ have one name.
    #[error(
        "the native libraries {first} and {second} have one name and differ, and only one of a name can \
         be linked: leave out one of the packages"
    )]
    TwoOfAName {
        /// The sandbox path of one.
        first: String,
        /// The sandbox path of the other.
        second: String,
    },
    /// Two libraries export one name with different types.
    #[error(
        "the native libraries {first} and {second} both export `{name}`, with different types: compile \
         one of them so that it hides the name"
    )]
    ExportTypes {
        /// The name.
        name: String,
        /// One library.
        first: String,
        /// The other.
        second: String,
    },
    /// A library uses a part of WebAssembly that the engine does not have.
    #[error(
        "the native library {library} cannot run in the sandbox, whose engine refuses it: \
         {refusal}{advice}"
    )]
    Engine {
        /// The library.
        library: String,
        /// What the engine said.
        refusal: String,
        /// What to do about it, as the rest of the sentence, or nothing.
        advice: &'static str,
    },
    /// Each library stays a module, and a component cannot have so many.
    #[error(
        "{libraries} libraries are more than an image can have that is not fused: take \
         `fuse = false` out of the manifest, or some of the packages"
    )]
    TooMany {
        /// How many there are, with those of the runtime.
        libraries: usize,
    },
    /// Libraries share the tag of an exception, for which preinit has no place between modules.
    #[error(
        "native libraries throw exceptions, which an image that is not fused does not have: take \
         `fuse = false` out of the manifest, or build the libraries without exceptions"
    )]
    Exceptions,
    /// Two libraries know an exception by one name and different types.
    #[error(
        "the native libraries {first} and {second} throw exceptions of different types under one name, \
         `{name}`: build both with one compiler"
    )]
    ExceptionTypes {
        /// The name.
        name: String,
        /// One library.
        first: String,
        /// The other.
        second: String,
    },
    /// A library keeps references where a snapshot cannot hold them.
    #[error(
        "the native library {library} keeps references in {place}, which a snapshot cannot hold: build it \
         for memory alone, as compilers for C, C++ and Rust do"
    )]
    References {
        /// The library.
        library: String,
        /// Where it keeps them.
        place: &'static str,
    },
    /// The whole could not be linked.
    #[error("the libraries cannot be linked into one component: {0}")]
    Encode(String),
    /// The linker gave up.
    #[error(
        "the libraries cannot be linked into one component: the linker found them contradictory"
    )]
    Panic,
}
