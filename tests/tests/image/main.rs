//! Understanding images: what people see of `eryx inspect`, `eryx diff` and entry points.

mod diff;
mod entry_points;
mod inspect;
mod sbom;
mod shop;
