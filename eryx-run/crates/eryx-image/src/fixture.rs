//! Images for tests, made by code.

#![expect(clippy::unwrap_used, reason = "a test that has no image has failed")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::{
    CpuMetadata, EncodedTree, EngineMetadata, EntryPointMetadata, FORMAT_VERSION, ImageParts,
    ImageSummary, InterfaceMetadata, Metadata, PackageMetadata, PreinitMetadata, RuntimeMetadata,
    SizeMetadata, SourceMetadata, TreeBuilder, WASMTIME_VERSION, cpu, write,
};

/// A directory that is gone when the test is over.
pub struct TemporaryDirectory(PathBuf);

impl TemporaryDirectory {
    /// A new one.
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("eryx-image-test-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The path of a file in it.
    pub fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The names of what is in it, sorted.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(&self.0)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

impl Default for TemporaryDirectory {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for TemporaryDirectory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The machine number of ELF for this machine.
pub fn host_machine() -> u16 {
    if cfg!(target_arch = "aarch64") {
        183
    } else {
        62
    }
}

/// The target triple of this machine.
pub fn host_target() -> String {
    let (architecture, system) = cpu::host_platform();
    format!("{architecture}-unknown-{system}")
}

/// An ELF file of the shape that wasmtime writes, with nothing that could run.
pub fn code_for(machine: u16) -> Vec<u8> {
    let names = [
        ".text",
        ".rodata.wasm",
        ".wasmtime.engine",
        ".wasmtime.info",
        ".shstrtab",
    ];
    let mut strings = vec![0];
    let name_offsets = names.map(|name| {
        let offset = u32::try_from(strings.len()).unwrap();
        strings.extend_from_slice(name.as_bytes());
        strings.push(0);
        offset
    });
    let contents: [&[u8]; 5] = [
        &[0xcc; 5000],
        &[7; 3000],
        b"\x00\x0248",
        &[9; 200],
        &strings,
    ];

    let mut file = vec![0; 64];
    let mut table = vec![0; 64];
    for (number, (name, bytes)) in name_offsets.iter().zip(contents).enumerate() {
        let kind: u32 = if names[number] == ".shstrtab" { 3 } else { 1 };
        table.extend_from_slice(&name.to_le_bytes());
        table.extend_from_slice(&kind.to_le_bytes());
        table.extend_from_slice(&[0; 16]);
        table.extend_from_slice(&(file.len() as u64).to_le_bytes());
        table.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
        table.extend_from_slice(&[0; 8]);
        table.extend_from_slice(&1_u64.to_le_bytes());
        table.extend_from_slice(&[0; 8]);
        file.extend_from_slice(bytes);
    }
    let table_offset = file.len() as u64;
    file.extend_from_slice(&table);

    file[..8].copy_from_slice(&[0x7f, b'E', b'L', b'F', 2, 1, 1, 200]);
    file[16..18].copy_from_slice(&1_u16.to_le_bytes());
    file[18..20].copy_from_slice(&machine.to_le_bytes());
    file[20..24].copy_from_slice(&1_u32.to_le_bytes());
    file[40..48].copy_from_slice(&table_offset.to_le_bytes());
    file[48..52].copy_from_slice(&2_u32.to_le_bytes());
    file[52..54].copy_from_slice(&64_u16.to_le_bytes());
    file[58..60].copy_from_slice(&64_u16.to_le_bytes());
    file[60..62].copy_from_slice(&6_u16.to_le_bytes());
    file[62..64].copy_from_slice(&5_u16.to_le_bytes());
    file
}

/// The same for this machine.
pub fn code() -> Vec<u8> {
    code_for(host_machine())
}

/// A small tree.
pub fn tree() -> EncodedTree {
    let mut builder = TreeBuilder::new();
    builder
        .add_file("/usr/lib/python3.14/os.py", "import sys\n")
        .unwrap();
    builder
        .add_file("/site-packages/six.py", "moves = None\n")
        .unwrap();
    builder
        .add_file(
            "/site-packages/six-1.17.0.dist-info/METADATA",
            "Name: six\n",
        )
        .unwrap();
    builder.add_directory("/tmp").unwrap();
    builder.build().unwrap()
}

/// Metadata of one package.
pub fn metadata() -> Metadata {
    Metadata {
        format: FORMAT_VERSION,
        name: "sample".to_owned(),
        version: Some("1.2".to_owned()),
        description: Some("A sample".to_owned()),
        entrypoint: Some("six:main".to_owned()),
        target: host_target(),
        cpu: CpuMetadata {
            baseline: "portable".to_owned(),
            features: Vec::new(),
        },
        engine: EngineMetadata {
            wasmtime: WASMTIME_VERSION.to_owned(),
            settings: [("epoch".to_owned(), "false".to_owned())].into(),
        },
        interfaces: InterfaceMetadata {
            world: "eryx:sandbox@0.1.0".to_owned(),
            imports: vec!["eryx:process/exit@0.1.0".to_owned()],
        },
        runtime: RuntimeMetadata {
            name: "cpython-wasi".to_owned(),
            python: "3.14.0".to_owned(),
            identity: "ab".repeat(32),
            parts: Vec::new(),
        },
        packages: vec![PackageMetadata {
            name: "six".to_owned(),
            version: "1.17.0".to_owned(),
            license: Some("MIT".to_owned()),
            summary: Some("Compatibility".to_owned()),
            sha256: "cd".repeat(32),
            origin: "six-1.17.0-py2.py3-none-any.whl".to_owned(),
            source: Some(SourceMetadata {
                kind: "index".to_owned(),
                ..SourceMetadata::default()
            }),
            requested: true,
            entry_points: vec![EntryPointMetadata {
                group: "console_scripts".to_owned(),
                name: "six-demo".to_owned(),
                value: "six:main".to_owned(),
            }],
            roots: vec![
                "/site-packages/six-1.17.0.dist-info".to_owned(),
                "/site-packages/six.py".to_owned(),
            ],
            files: 2,
            bytes: 23,
            ..PackageMetadata::default()
        }],
        imports: vec!["six".to_owned()],
        preinit: PreinitMetadata { script: false },
        threads: None,
        native_libraries: Vec::new(),
        sizes: SizeMetadata {
            heap: 3000,
            code: 5000,
        },
        toolchain: "eryx-build 0.1.0".to_owned(),
    }
}

/// Writes an image with this metadata.
pub fn write_image(path: &Path, metadata: &Metadata) -> ImageSummary {
    let (code, tree) = (code(), tree());
    write(
        path,
        &ImageParts {
            code: &code,
            tree: &tree,
            metadata,
        },
    )
    .unwrap()
}

/// The bytes of a sound image.
pub fn image_bytes() -> Vec<u8> {
    let folder = TemporaryDirectory::new();
    let path = folder.join("sample.cwasm");
    write_image(&path, &metadata());
    fs::read(path).unwrap()
}
