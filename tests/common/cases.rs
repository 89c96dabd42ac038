//! What several test files share.

use proptest::test_runner::Config;

/// So many cases, unless the environment variable `PROPTEST_CASES` asks for another number: a literal number of cases
/// would not listen to it, and under an emulator there is time for few.
pub(crate) fn cases(number: u32) -> Config {
    let default = Config::default();
    let asked = std::env::var_os("PROPTEST_CASES").is_some();
    Config { cases: if asked { default.cases } else { number }, ..default }
}
