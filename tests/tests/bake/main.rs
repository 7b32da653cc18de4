//! Baking images: what people see of `eryx build`.

mod manifests;
mod wheels;
