//! All sightings of a device, arranged for finding those of one identifier.

use alloc::vec::Vec;

use super::filter::Filter;
use super::sighting::Sighting;

/// Stored sightings, arranged once and searched many times.
///
/// Building sorts them; the sightings themselves stay in the order in which they were given, and a [`Match`] refers to
/// them by their position there. An attacker who broadcasts chosen identifiers can slow a search down no further than
/// to a binary search in each lookup.
///
/// ```
/// use gaen::{RollingProximityIdentifier, Sighting, SightingIndex};
///
/// let rpi: RollingProximityIdentifier = "8be6cd371c5c891604bfbe49df845096".parse()?;
/// let index = SightingIndex::new(vec![Sighting::new(rpi, &[0x72, 0x03, 0x38, 0x74], -60, 1_585_785_600)])?;
/// assert_eq!(index.sightings().len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [`Match`]: crate::Match
#[derive(Clone, Debug)]
pub struct SightingIndex {
    sightings: Vec<Sighting>,
    filter: Filter,
    /// Distinct identifiers as big-endian numbers, ascending.
    identifiers: Vec<u128>,
    /// Where the identifiers with each value of their top bits begin, and the end: `2^radix_bits + 1` positions.
    buckets: Vec<u32>,
    radix_bits: u32,
    /// Where the sightings of each identifier begin in `order`, and the end.
    groups: Vec<u32>,
    /// Positions of sightings, by identifier, then time, then position.
    order: Vec<u32>,
}

impl SightingIndex {
    /// Arranges the sightings.
    ///
    /// # Errors
    /// [`TooManySightings`] from 2^32 on.
    pub fn new(sightings: Vec<Sighting>) -> Result<Self, TooManySightings> {
        let count = u32::try_from(sightings.len()).map_err(|_| TooManySightings { found: sightings.len() })?;
        let mut sorted: Vec<(u128, u64, u32)> = (0..count)
            .zip(&sightings)
            .map(|(position, sighting)| (u128::from_be_bytes(*sighting.rpi.as_bytes()), sighting.time, position))
            .collect();
        sorted.sort_unstable();

        let mut identifiers: Vec<u128> = Vec::new();
        let mut groups = Vec::new();
        for (position, (identifier, ..)) in (0..count).zip(&sorted) {
            if identifiers.last() != Some(identifier) {
                identifiers.push(*identifier);
                groups.push(position);
            }
        }
        groups.push(count);

        let radix_bits = identifiers.len().next_power_of_two().trailing_zeros().max(1);
        let mut buckets = alloc::vec![0_u32; (1 << radix_bits) + 1];
        for identifier in &identifiers {
            if let Some(bucket) = buckets.get_mut(top_bits(*identifier, radix_bits) + 1) {
                *bucket += 1;
            }
        }
        let mut end = 0;
        for bucket in &mut buckets {
            end += *bucket;
            *bucket = end;
        }

        let filter = Filter::new(identifiers.iter().map(|identifier| identifier.to_be_bytes()));
        let order = sorted.iter().map(|(_, _, position)| *position).collect();
        Ok(Self { sightings, filter, identifiers, buckets, radix_bits, groups, order })
    }

    /// The sightings, in the order in which they were given.
    #[must_use]
    pub fn sightings(&self) -> &[Sighting] {
        &self.sightings
    }

    pub(super) fn filter(&self) -> &Filter {
        &self.filter
    }

    /// The group of an identifier's sightings, if it was heard.
    pub(super) fn find(&self, identifier: &[u8; 16]) -> Option<u32> {
        let identifier = u128::from_be_bytes(*identifier);
        let bucket = top_bits(identifier, self.radix_bits);
        let (start, end) = (*self.buckets.get(bucket)?, *self.buckets.get(bucket + 1)?);
        let candidates = self.identifiers.get(start as usize..end as usize)?;
        let position = candidates.binary_search(&identifier).ok()?;
        u32::try_from(position).ok()?.checked_add(start)
    }

    /// The sightings of a group with their positions, in the order of time.
    pub(super) fn group(&self, group: u32) -> impl Iterator<Item = (usize, &Sighting)> {
        let bound = |group: usize| self.groups.get(group).map_or(0, |position| *position as usize);
        let (start, end) = (bound(group as usize), bound(group as usize + 1));
        let positions = self.order.get(start..end).unwrap_or_default();
        positions.iter().filter_map(|position| Some((*position as usize, self.sightings.get(*position as usize)?)))
    }
}

fn top_bits(identifier: u128, bits: u32) -> usize {
    #[allow(clippy::cast_possible_truncation)] // at most 32 bits are left
    let top = (identifier >> (128 - bits)) as usize;
    top
}

/// An index refers to sightings by 32-bit positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{found} sightings; an index holds fewer than 2^32")]
pub struct TooManySightings {
    /// How many there were.
    pub found: usize,
}
