//! What the guest's functions are called, for those who look into native code.

use eryx_image::{Image, Symbol};
use std::{
    collections::HashMap,
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::PathBuf,
    sync::{Mutex, PoisonError},
};
use wasmtime::{FrameInfo, component::Component};

/// The names of the functions of an image, read when there is a frame to name.
pub(crate) struct Names<'a> {
    image: Option<&'a Image>,
    by_index: Option<HashMap<u32, String>>,
}

impl Names<'_> {
    pub(crate) fn of(image: Option<&Image>) -> Names<'_> {
        Names {
            image,
            by_index: None,
        }
    }

    /// What a frame's function is called: its own name, or its number.
    pub(crate) fn name(&mut self, frame: &FrameInfo) -> String {
        let index = frame.func_index();
        let known = frame.func_name().map(str::to_owned);
        known
            .or_else(|| self.by_index().get(&index).cloned())
            .unwrap_or_else(|| format!("function {index}"))
    }

    fn by_index(&mut self) -> &HashMap<u32, String> {
        self.by_index.get_or_insert_with(|| {
            // Without names a frame has its number; what happened is more important.
            let symbols = self.image.and_then(|image| image.symbols().ok());
            let symbols = symbols.unwrap_or_default();
            let functions = symbols.iter().filter_map(Symbol::function);
            functions
                .map(|(index, name)| (index, name.to_owned()))
                .collect()
        })
    }
}

/// Where Linux's `perf` looks for the names of machine code that a process has made.
pub(crate) fn perf_map_path() -> PathBuf {
    PathBuf::from(format!("/tmp/perf-{}.map", std::process::id()))
}

/// The map of this process, which is made once: other images that it loads are added.
static PERF_MAP: Mutex<Option<File>> = Mutex::new(None);

/// Makes the map. Everybody may write to its directory: what stands at its path already, a link of
/// somebody else's or the map of a process that is gone, is neither followed nor written to.
fn make_perf_map() -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let path = perf_map_path();
    match options.open(&path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            // Removes the name alone, and fails where it is not this user's.
            fs::remove_file(&path)?;
            options.open(&path)
        }
        made => made,
    }
}

/// Adds the functions of an image to the map that `perf` reads: a line each, with address and length in
/// hexadecimal digits and a name.
pub(crate) fn write_perf_map(image: &Image, component: &Component) -> io::Result<()> {
    let symbols = image.symbols().map_err(io::Error::other)?;
    let start = component.image_range().start as u64;
    let mut lines = String::new();
    for symbol in symbols {
        let address = start.wrapping_add(symbol.offset);
        let name = symbol.name.replace(char::is_control, "_");
        lines.push_str(&format!("{address:x} {:x} {name}\n", symbol.length));
    }
    let mut map = PERF_MAP.lock().unwrap_or_else(PoisonError::into_inner);
    let map = match &mut *map {
        Some(map) => map,
        none => none.insert(make_perf_map()?),
    };
    map.write_all(lines.as_bytes())
}
