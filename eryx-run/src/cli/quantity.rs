//! Sizes and durations as people write them on a command line.

use eryx_base::escape::escape;
use std::time::Duration;

/// Why a text is no quantity.
#[derive(Debug, thiserror::Error)]
pub(super) enum QuantityError {
    /// It is no size.
    #[error("`{}` is not a size: write a number of bytes with an optional unit, as in `256MiB`", escape(.0))]
    Bytes(String),
    /// It is no duration.
    #[error("`{}` is not a duration: write a number with a unit, as in `500ms`, `5s` or `2m`", escape(.0))]
    Duration(String),
}

/// Reads a size: a whole number with an optional unit, `kB`, `MB`, `GB` (powers of 1000) or `KiB`, `MiB`,
/// `GiB` (powers of 1024), in any case.
///
/// # Errors
/// When it is not written so, or does not fit 64 bits.
pub(super) fn parse_bytes(text: &str) -> Result<u64, QuantityError> {
    let (number, unit) = split(text);
    let factor: u64 = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kib" => 1 << 10,
        "kb" => 1_000,
        "m" | "mib" => 1 << 20,
        "mb" => 1_000_000,
        "g" | "gib" => 1 << 30,
        "gb" => 1_000_000_000,
        _ => return Err(QuantityError::Bytes(text.to_owned())),
    };
    number
        .parse::<u64>()
        .ok()
        .and_then(|number| number.checked_mul(factor))
        .ok_or_else(|| QuantityError::Bytes(text.to_owned()))
}

/// Reads a duration: a number with a unit, `ms`, `s`, `m` or `h`; seconds when there is none.
///
/// # Errors
/// When it is not written so, is zero, or is longer than a hundred years.
pub(super) fn parse_duration(text: &str) -> Result<Duration, QuantityError> {
    let wrong = || QuantityError::Duration(text.to_owned());
    let (number, unit) = split(text);
    let seconds = match unit.to_ascii_lowercase().as_str() {
        "ms" => 0.001,
        "" | "s" | "sec" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        _ => return Err(wrong()),
    };
    let number: f64 = number.parse().map_err(|_| wrong())?;
    let most = 100.0 * 366.0 * 86_400.0;
    let total = number * seconds;
    if !(total > 0.0 && total <= most) {
        return Err(wrong());
    }
    Duration::try_from_secs_f64(total).map_err(|_| wrong())
}

fn split(text: &str) -> (&str, &str) {
    let text = text.trim();
    let end = text.find(|letter: char| letter != '.' && !letter.is_ascii_digit());
    let (number, unit) = text.split_at(end.unwrap_or(text.len()));
    (number, unit.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (text, bytes) in [
            ("0", 0),
            ("512", 512),
            ("1k", 1024),
            ("256MiB", 256 << 20),
            ("2 GB", 2_000_000_000),
        ] {
            assert_eq!(parse_bytes(text).unwrap(), bytes, "{text}");
        }
        for text in ["", "x", "-1", "1.5G", "1QiB", "99999999999GiB"] {
            assert!(parse_bytes(text).is_err(), "{text}");
        }
    }

    #[test]
    fn durations() {
        for (text, milliseconds) in [
            ("500ms", 500),
            ("5s", 5_000),
            ("5", 5_000),
            ("1.5m", 90_000),
            ("1h", 3_600_000),
        ] {
            assert_eq!(
                parse_duration(text).unwrap().as_millis(),
                milliseconds,
                "{text}"
            );
        }
        for text in ["", "s", "0", "-1s", "1d", "nan", "1e400s", "99999999999h"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }
}
