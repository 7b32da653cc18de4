//! Progress of a bake: which module is imported now.

/// Is told at bake time which module is imported now.
pub type ImportListener = Box<dyn Fn(&str) + Send>;
