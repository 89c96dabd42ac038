//! The world as a whole.

use gaen::Sighting;
use gaen::export::{PublicKey, TrustedKey};
use serde::Serialize;

use crate::attacker::Attacker;
use crate::clock::Clock;
use crate::diagnosis::{Diagnosis, diagnoses};
use crate::error::SimulationError;
use crate::exports::{REGION, SimulatedExport, VERSION, exports};
use crate::meeting::{encounters, meetings};
use crate::options::Options;
use crate::phone::{Model, Phone};
use crate::place::Place;
use crate::resident::{Resident, town};
use crate::scanner::{Heard, Surroundings};
use crate::schedule::{Visit, visits};
use crate::server::{self, Published};
use crate::truth::{self, Truth};

/// A key server at work: [`server::report_and_publish`].
type ByServer = fn(&mut [Phone], &[Diagnosis], u64, &Options) -> Result<Published, SimulationError>;

/// A world that is over: what everybody's phone has heard, what was published, and what really happened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct World {
    /// What it was made from.
    pub options: Options,
    /// The people, by number from 0.
    pub people: Vec<Person>,
    /// The signed files, by day of keys; none without keys.
    pub exports: Vec<SimulatedExport>,
    /// What verifies them.
    pub public_key: PublicKey,
    /// What really happened.
    pub truth: Truth,
}

/// A person and their phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Person {
    /// The number.
    pub number: usize,
    /// Where the person lives.
    pub home: Place,
    /// Where the person works, if at all.
    pub office: Option<Place>,
    /// The model of the phone.
    pub phone: Model,
    /// The clock of the phone.
    pub clock: Clock,
    /// What the phone has heard, in the order of true time; each time is that of the phone's clock.
    #[serde(skip)]
    pub sightings: Vec<Sighting>,
}

impl World {
    /// Lets a world live and die. `progress` is told how many people's days are done.
    ///
    /// # Errors
    /// [`SimulationError`]: of options that are good, none is known.
    pub fn simulate(options: &Options, mut progress: impl FnMut(usize)) -> Result<Self, SimulationError> {
        Self::live(options, Some(server::report_and_publish), &mut progress)
    }

    /// Does what [`simulate`](Self::simulate) does, in a world without a key server. A program that calls only this function is
    /// linked without one.
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
        let residents = town(options);
        let diagnoses = diagnoses(options);
        let diagnosis = |person| diagnoses.iter().find(|diagnosis| diagnosis.person == person);
        let lived = residents.iter().enumerate().map(|(person, resident)| {
            visits(person, resident, diagnosis(person).map(|diagnosis| diagnosis.at), options)
        });
        let lived: Vec<Vec<Visit>> = lived.collect();
        let phones = lived.iter().enumerate();
        let phones = phones.map(|(person, visits)| Phone::live(person, visits, diagnosis(person), options));
        let mut phones: Vec<Phone> = phones.collect::<Result<_, _>>()?;
        let by_server = match (options.revised, server) {
            (Some(percent), Some(server)) => Some(server(&mut phones, &diagnoses, percent, options)?),
            (Some(percent), None) => return Err(SimulationError::NoServer { percent }),
            (None, _) => None,
        };

        let meetings = meetings(&lived);
        let attacker = Attacker::choose(&lived, &diagnoses).filter(|_| options.attacker);
        let relays = attacker.map(|attacker| attacker.relays(&lived, &phones, options)).unwrap_or_default();
        let surroundings = Surroundings { phones: &phones, relays: &relays };
        let mut heard = Vec::with_capacity(lived.len());
        for (person, (visits, meetings)) in lived.iter().zip(&meetings).enumerate() {
            heard.push(surroundings.hear(person, visits, meetings, options));
            progress(person + 1);
        }

        let keys = truth::published(&phones);
        let appeared = || exports(&keys, options).map(|(exports, public_key)| (Vec::new(), exports, public_key));
        let (reports, exports, public_key) = by_server.map_or_else(appeared, Ok)?;
        let truth = Truth {
            keys,
            encounters: encounters(&meetings),
            contacts: truth::contacts(&phones, &diagnoses, &meetings),
            matches: truth::matches(&phones, &heard),
            diagnoses,
            reports,
            attacker,
        };
        Ok(Self { options: options.clone(), people: people(residents, phones, heard), exports, public_key, truth })
    }

    /// Whom to trust: the public key by the name that the signatures give it, `440-v1`.
    #[must_use]
    pub fn trusted_key(&self) -> TrustedKey {
        TrustedKey::new(REGION, VERSION, self.public_key.clone())
    }
}

fn people(residents: Vec<Resident>, phones: Vec<Phone>, heard: Vec<Heard>) -> Vec<Person> {
    let people = residents.into_iter().zip(phones).zip(heard).enumerate();
    let person = |(number, ((resident, phone), heard)): (usize, ((Resident, Phone), Heard))| Person {
        number,
        home: resident.home,
        office: resident.job.map(|job| job.office),
        phone: phone.model,
        clock: phone.clock,
        sightings: heard.sightings,
    };
    people.map(person).collect()
}
