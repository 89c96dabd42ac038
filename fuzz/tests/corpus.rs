//! What was found by fuzzing, or once broke something, holds without a fuzzer.

use std::fs;
use std::path::Path;

/// Every input of the corpus runs, and every target has one.
#[test]
fn every_input_of_the_corpus_holds() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut failed = Vec::new();
    for (name, target) in gaen_fuzz::TARGETS {
        let mut inputs: Vec<_> = fs::read_dir(corpus.join(name)).unwrap().map(|entry| entry.unwrap().path()).collect();
        inputs.sort();
        assert!(!inputs.is_empty(), "{name}");
        for input in inputs {
            let bytes = fs::read(&input).unwrap();
            if std::panic::catch_unwind(|| target(&bytes)).is_err() {
                failed.push(input);
            }
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
    assert_eq!(fs::read_dir(corpus).unwrap().count(), gaen_fuzz::TARGETS.len(), "a corpus without a target");
}
