//! The world as a whole.

use gaen::export::{PublicKey, TrustedKey};

use crate::error::SimulationError;
use crate::exports::{SimulatedExport, trusted_key};
use crate::meeting::encounters;
use crate::options::Options;
use crate::person::Person;
use crate::population::{ByServer, Population};
use crate::server;
use crate::truth::{self, Truth};

/// A world that is over: what everybody's phone has heard, what was published, and what really happened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct World {
    /// The options that it was made from.
    pub options: Options,
    /// The people, by number from 0.
    pub people: Vec<Person>,
    /// The signed files, by day of keys; none without keys.
    pub exports: Vec<SimulatedExport>,
    /// The public key that verifies the files.
    pub public_key: PublicKey,
    /// What really happened.
    pub truth: Truth,
}

impl World {
    /// Lets a world live and die. `progress` is told how many people's days are done.
    ///
    /// # Errors
    /// [`SimulationError`]: of options that are good, none is known.
    pub fn simulate(options: &Options, mut progress: impl FnMut(usize)) -> Result<Self, SimulationError> {
        Self::live(options, Some(server::report_and_publish), &mut progress)
    }

    /// Does what [`simulate`](Self::simulate) does, in a world without a key server. A program that calls only this
    /// function is linked without one.
    ///
    /// # Errors
    /// Those of [`simulate`](Self::simulate), and [`SimulationError::NoServer`] if [`Options::revised`] is set.
    pub fn simulate_without_server(
        options: &Options,
        mut progress: impl FnMut(usize),
    ) -> Result<Self, SimulationError> {
        Self::live(options, None, &mut progress)
    }

    fn live(
        options: &Options,
        server: Option<ByServer>,
        progress: &mut dyn FnMut(usize),
    ) -> Result<Self, SimulationError> {
        options.check()?;
        let population = Population::live(options, server)?;
        let (mut people, mut matches, mut meetings) = (Vec::new(), Vec::new(), Vec::new());
        for number in 0..options.people {
            let met = population.meetings(number);
            let Some((person, found)) = population.listen(number, &met) else { break };
            people.push(person);
            matches.push(found);
            meetings.push(met);
            progress(number + 1);
        }
        let truth = Truth {
            encounters: encounters(&meetings),
            contacts: truth::contacts(&population.phones, &population.diagnoses, &meetings),
            matches,
            diagnoses: population.diagnoses,
            reports: population.reports,
            keys: population.keys,
            attacker: population.attacker,
        };
        let Population { options, exports, public_key, .. } = population;
        Ok(Self { options, people, exports, public_key, truth })
    }

    /// Returns the key to trust: the public key by the name that the signatures give it, `440-v1`.
    #[must_use]
    pub fn trusted_key(&self) -> TrustedKey {
        trusted_key(&self.public_key)
    }
}
