//! A signer of files, and whoever believes it.

use gaen::export::{Signer, Trust};
use rand::SeedableRng;
use rand::rngs::StdRng;

/// The same numbers each time.
pub(crate) fn rng() -> StdRng {
    StdRng::seed_from_u64(20_200_724)
}

/// The key `440-v1`.
pub(crate) fn signer() -> Signer {
    Signer::generate("440", "v1", &mut rng())
}

/// Whose signature is enough.
pub(crate) fn trust() -> Trust {
    Trust::new(signer().trusted_key())
}
