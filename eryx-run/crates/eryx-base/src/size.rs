//! Numbers of bytes, as people read them.

/// A number of bytes in decimal units with one digit after the point: `999 B`, `3.1 MB`.
///
/// ```
/// assert_eq!(eryx_base::size::human_bytes(3_141_592), "3.1 MB");
/// ```
#[must_use]
pub fn human_bytes(bytes: u64) -> String {
    const UNITS: [(&str, u64); 4] = [
        ("TB", 1_000_000_000_000),
        ("GB", 1_000_000_000),
        ("MB", 1_000_000),
        ("kB", 1_000),
    ];
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    for (unit, size) in UNITS {
        // Rounded before the unit is chosen, so that 999 999 is 1.0 MB and not 1000.0 kB.
        let tenths = (u128::from(bytes) * 10 + u128::from(size) / 2) / u128::from(size);
        if tenths >= 10 {
            return format!("{}.{} {unit}", tenths / 10, tenths % 10);
        }
    }
    format!("{bytes} B")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_rounded_before_their_unit_is_chosen() {
        for (bytes, shown) in [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.0 kB"),
            (1_536, "1.5 kB"),
            (949_000, "949.0 kB"),
            (999_999, "1.0 MB"),
            (20_199_999, "20.2 MB"),
            (u64::MAX, "18446744.1 TB"),
        ] {
            assert_eq!(human_bytes(bytes), shown, "{bytes}");
        }
    }
}
