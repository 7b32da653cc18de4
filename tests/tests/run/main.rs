//! Running programs: what people see of `eryx-run` and `eryx`.

mod exit;
