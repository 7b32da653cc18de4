//! The host's side of `wasi:sockets/ip-name-lookup`.
//!
//! Names come from programs, who may put any bytes there. What is not UTF-8 is the name of nothing:
//! the program is told so, as by any resolver.

use wasmtime::{
    StoreContextMut,
    component::{Linker, Resource, WasmStr},
};
use wasmtime_wasi::{
    p2::bindings::sockets::{
        ip_name_lookup::{self, Host, ResolveAddressStream},
        network::{ErrorCode, Network},
    },
    sockets::{WasiSockets, WasiSocketsCtxView},
};

/// The interface, at the version that the engine has.
const INTERFACE: &str = "wasi:sockets/ip-name-lookup@0.2.12";

/// The longest name that is looked up, in bytes: DNS has none longer.
const MAX_NAME: usize = 255;

/// Adds `wasi:sockets/ip-name-lookup`.
pub(crate) fn add_to_linker<T: Send + 'static>(
    linker: &mut Linker<T>,
    wasi: fn(&mut T) -> WasiSocketsCtxView<'_>,
) -> wasmtime::Result<()> {
    ip_name_lookup::add_to_linker::<T, WasiSockets>(linker, wasi)?;
    linker.allow_shadowing(true);
    let mut lookup = linker.instance(INTERFACE)?;
    lookup.func_wrap(
        "resolve-addresses",
        move |mut store: StoreContextMut<'_, T>, parameters: (Resource<Network>, WasmStr)| {
            let (network, name) = parameters;
            let name = match name.to_str(&store) {
                Ok(name) if name.len() <= MAX_NAME => Some(name.into_owned()),
                _ => None,
            };
            let Some(name) = name else {
                return Ok((Err(ErrorCode::NameUnresolvable),));
            };
            let found = Host::resolve_addresses(&mut wasi(store.data_mut()), network, name);
            let found: Result<Resource<ResolveAddressStream>, ErrorCode> = match found {
                Ok(stream) => Ok(stream),
                Err(error) => Err(error.downcast()?),
            };
            Ok((found,))
        },
    )?;
    linker.allow_shadowing(false);
    Ok(())
}
