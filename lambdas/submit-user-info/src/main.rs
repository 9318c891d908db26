//! Function.

fn main() {}
