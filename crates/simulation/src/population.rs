//! Many people, of whom one at a time is asked what their phone heard.

use gaen::export::{PublicKey, TrustedKey};

use crate::attacker::{Attacker, Relay};
use crate::diagnosis::{Diagnosis, diagnoses};
use crate::error::SimulationError;
use crate::exports::{PublishedKey, SimulatedExport, exports, trusted_key};
use crate::meeting::{Guests, Meeting};
use crate::options::Options;
use crate::person::Person;
use crate::phone::Phone;
use crate::resident::{Resident, town};
use crate::scanner::Surroundings;
use crate::schedule::{Visit, visits};
use crate::server::{self, Published, Report};
use crate::truth::{self, KeyTruth, Senders};

/// A key server at work: [`server::report_and_publish`].
pub(crate) type ByServer = fn(&mut [Phone], &[Diagnosis], u64, &Options) -> Result<Published, SimulationError>;

/// A world that is over, before anybody asks what a phone heard.
///
/// It holds what people did and what their phones sent, some 100 kB a person for a fortnight. What a phone heard takes
/// ten times that, so [`hear`](Self::hear) computes it for one person at a time.
///
/// ```
/// use gaen_simulation::{Options, Population, World};
///
/// let options = Options { people: 12, days: 2, ..Options::new(7) };
/// let population = Population::simulate(&options)?;
/// let (person, matches) = population.hear(3).ok_or("there are twelve people")?;
/// let world = World::simulate(&options, |_| {})?;
/// assert_eq!((&world.people[3], &world.truth.matches[3]), (&person, &matches));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Population {
    /// The options that it was made from.
    pub options: Options,
    /// The diagnoses, by person.
    pub diagnoses: Vec<Diagnosis>,
    /// What was reported by processing number, by person; none unless [`Options::revised`] is set.
    pub reports: Vec<Report>,
    /// All keys that were published, by person.
    pub keys: Vec<PublishedKey>,
    /// The signed files, by day of keys; none without keys.
    pub exports: Vec<SimulatedExport>,
    /// The public key that verifies the files.
    pub public_key: PublicKey,
    /// The places of the attacker; `None` if there was no attacker.
    pub attacker: Option<Attacker>,
    pub(crate) phones: Vec<Phone>,
    residents: Vec<Resident>,
    lived: Vec<Vec<Visit>>,
    guests: Guests,
    relays: Vec<Relay>,
    senders: Senders,
}

impl Population {
    /// Lets a population live and die.
    ///
    /// # Errors
    /// [`SimulationError`]: of options that are good, none is known.
    pub fn simulate(options: &Options) -> Result<Self, SimulationError> {
        Self::live(options, Some(server::report_and_publish))
    }

    /// What [`simulate`](Self::simulate) does, with this key server or without one.
    pub(crate) fn live(options: &Options, server: Option<ByServer>) -> Result<Self, SimulationError> {
        options.check_with(&Options::POPULATION)?;
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
        let keys = truth::published(&phones);
        let appeared = || exports(&keys, options).map(|(exports, public_key)| (Vec::new(), exports, public_key));
        let (reports, exports, public_key) = by_server.map_or_else(appeared, Ok)?;

        let attacker = Attacker::choose(&lived, &diagnoses).filter(|_| options.attacker);
        let relays = attacker.map(|attacker| attacker.relays(&lived, &phones, options)).unwrap_or_default();
        Ok(Self {
            options: options.clone(),
            diagnoses,
            reports,
            keys,
            exports,
            public_key,
            attacker,
            guests: Guests::of(&lived),
            senders: Senders::of(&phones),
            phones,
            residents,
            lived,
            relays,
        })
    }

    /// Returns the key to trust: the public key by the name that the signatures give it, `440-v1`.
    #[must_use]
    pub fn trusted_key(&self) -> TrustedKey {
        trusted_key(&self.public_key)
    }

    /// The person of this number with what their phone heard, and what a correct matcher finds of it. `None` if nobody
    /// has this number.
    #[must_use]
    pub fn hear(&self, number: usize) -> Option<(Person, Vec<KeyTruth>)> {
        self.listen(number, &self.meetings(number))
    }

    /// The meetings during each visit of this person.
    pub(crate) fn meetings(&self, number: usize) -> Vec<Vec<Meeting>> {
        self.guests.meetings(number, self.lived.get(number).map(Vec::as_slice).unwrap_or_default())
    }

    /// What [`hear`](Self::hear) does, with the meetings of this person.
    pub(crate) fn listen(&self, number: usize, meetings: &[Vec<Meeting>]) -> Option<(Person, Vec<KeyTruth>)> {
        let (resident, visits) = (self.residents.get(number)?, self.lived.get(number)?);
        let phone = self.phones.get(number)?;
        let surroundings = Surroundings { phones: &self.phones, relays: &self.relays };
        let heard = surroundings.hear(number, visits, meetings, &self.options);
        let matches = self.senders.matches(&self.phones, &heard);
        let person = Person {
            number,
            home: resident.home,
            office: resident.job.as_ref().map(|job| job.office),
            phone: phone.model,
            clock: phone.clock.clone(),
            sightings: heard.sightings,
        };
        Some((person, matches))
    }
}
