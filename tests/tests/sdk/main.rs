//! The SDK: what people see of `eryx sdk`, and real native packages in the sandbox.

mod build_systems;
mod by_name;
mod calls;
mod compile;
mod cxx;
mod exceptions;
mod install;
mod link;
mod packages;
mod retag;
mod rust;
