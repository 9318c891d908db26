//! What the templates say of roles, without a platform.

use libtest_mimic::Trial;

pub fn trials() -> Vec<Trial> {
    crate::trials![]
}
