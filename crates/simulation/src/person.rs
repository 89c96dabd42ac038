//! The people of a world.

use gaen::Sighting;
use serde::Serialize;

use crate::clock::Clock;
use crate::phone::Model;
use crate::place::Place;

/// A person and their phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Person {
    /// The number of the person.
    pub number: usize,
    /// The place where the person lives.
    pub home: Place,
    /// The place where the person works; `None` if the person works nowhere.
    pub office: Option<Place>,
    /// The model of the phone.
    pub phone: Model,
    /// The clock of the phone.
    pub clock: Clock,
    /// What the phone has heard, in the order of true time; each time is that of the phone's clock.
    #[serde(skip)]
    pub sightings: Vec<Sighting>,
}
