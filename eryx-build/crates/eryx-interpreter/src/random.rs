//! Random data that is the same for every bake.

use eryx_host::Random;
use eryx_vfs::RandomSource;

/// What `/dev/urandom` gives at bake time.
#[must_use]
pub fn fixed_device() -> RandomSource {
    Random::Fixed.device()
}
