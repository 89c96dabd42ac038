//! What several test files share.

use proptest::test_runner::Config;

/// So many cases, unless the environment variable `PROPTEST_CASES` asks for another number: a literal number of cases
/// would not listen to it, and under an emulator there is time for few.
pub(crate) fn cases(number: u32) -> Config {
    let default = Config::default();
    let asked = std::env::var_os("PROPTEST_CASES").is_some();
    let cases = if asked { default.cases } else { number };
    // A property that passes over some of its cases passes over more of many.
    Config { cases, max_global_rejects: default.max_global_rejects.max(cases), ..default }
}
