//! The header of `gaen-c` is held against its source by the tests of this crate. They stand apart from `gaen-c`: what generates
//! the header would otherwise change the features of its dependencies, and the library would be built once more for its tests.
