//! A device's own keys are what they would be if its memory never ended.

use gaen::{DiagnosisKey, KeyRing};
use proptest::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::world::{Folder, MIDNIGHT};

const NOW: u64 = MIDNIGHT as u64 * 600;

#[derive(Clone, Copy, Debug)]
enum Step {
    Rotate,
    Release,
    ReleaseToday,
    Purge,
}

fn run(ring: &mut KeyRing, step: Step, now: u64, rng: &mut StdRng) -> (Vec<DiagnosisKey>, usize) {
    match step {
        Step::Rotate => drop(ring.rotate(now, rng).unwrap()),
        Step::Release => return (ring.release(now), 0),
        Step::ReleaseToday => return (ring.release_today(now).into_iter().collect(), 0),
        Step::Purge => return (Vec::new(), ring.purge(now)),
    }
    (Vec::new(), 0)
}

/// All of a ring: its clock and its keys, which it does not show itself.
fn all(ring: &KeyRing) -> (String, Vec<[u8; 16]>) {
    (format!("{ring:?}"), ring.keys().map(|key| *key.key().expose_secret()).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 30, ..ProptestConfig::default() })]

    #[test]
    fn a_ring_that_is_stored_after_each_step_is_one_that_never_was(
        steps in prop::collection::vec(
            (prop_oneof![4 => Just(Step::Rotate), 1 => Just(Step::Release), 1 => Just(Step::ReleaseToday),
                1 => Just(Step::Purge)], -20_000..150_000_i64),
            1..24,
        ),
    ) {
        let folder = Folder::new();
        let mut ring = KeyRing::new();
        let mut rngs = [StdRng::seed_from_u64(1), StdRng::seed_from_u64(1)];
        let mut now = NOW;
        for (step, later) in steps {
            now = now.saturating_add_signed(later);
            let kept = run(&mut ring, step, now, &mut rngs[0]);
            let mut store = folder.store();
            let stored = store.with_key_ring(|ring| run(ring, step, now, &mut rngs[1])).unwrap();
            prop_assert_eq!(stored, kept);
            prop_assert_eq!(folder.store().with_key_ring(|ring| all(ring)).unwrap(), all(&ring));
        }
    }
}
