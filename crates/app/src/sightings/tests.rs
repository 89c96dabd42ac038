use gaen::Sighting;
use gaen::matching::HeardMetadata;
use proptest::prelude::*;

use super::*;

/// The columns of a caller.
#[derive(Clone, Debug, Default)]
struct Owned {
    identifiers: Vec<u8>,
    metadata: Vec<u8>,
    lengths: Vec<u8>,
    rssi: Vec<i8>,
    times: Vec<i64>,
    scans: Vec<i64>,
}

impl Owned {
    fn of(sightings: &[Sighting]) -> Self {
        let mut columns = Self::default();
        for sighting in sightings {
            let (metadata, length) = match sighting.aem {
                HeardMetadata::Encrypted(metadata) => (*metadata.as_bytes(), 4),
                HeardMetadata::WrongLength(length) => ([0; 4], u8::try_from(length).unwrap()),
            };
            columns.identifiers.extend(sighting.rpi.as_bytes());
            columns.metadata.extend(metadata);
            columns.lengths.push(length);
            columns.rssi.push(sighting.rssi);
            columns.times.push(sighting.time.cast_signed());
            columns.scans.push(sighting.previous_scan.map_or(NO_PREVIOUS_SCAN, u64::cast_signed));
        }
        columns
    }

    fn columns(&self) -> Columns<'_> {
        Columns {
            identifiers: &self.identifiers,
            metadata: &self.metadata,
            metadata_lengths: Some(&self.lengths),
            rssi: &self.rssi,
            times: &self.times,
            previous_scans: Some(&self.scans),
        }
    }

    fn rows(&self) -> Vec<u8> {
        let mut rows = Vec::new();
        for row in 0..self.times.len() {
            rows.extend(&self.identifiers[16 * row..][..16]);
            rows.extend(&self.metadata[4 * row..][..4]);
            rows.extend([self.lengths[row], self.rssi[row].cast_unsigned(), 0, 0]);
            rows.extend(self.times[row].to_le_bytes());
            rows.extend(self.scans[row].to_le_bytes());
        }
        rows
    }
}

fn heard(sightings: Result<Sightings, Error>) -> Vec<Sighting> {
    sightings.unwrap().index.sightings().to_vec()
}

fn demo() -> Vec<Sighting> {
    let file = include_bytes!("../../../../demo/sightings.jsonl");
    gaen_report::read::sightings("demo", file.as_slice(), usize::MAX).unwrap()
}

fn told(sightings: Result<Sightings, Error>) -> (String, String) {
    let error = sightings.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Sightings);
    (error.code().to_owned(), error.to_string())
}

/// One of its sightings has three bytes of metadata, most have a scan before.
#[test]
fn rows_and_columns_are_what_the_command_reads() {
    let (read, columns) = (demo(), Owned::of(&demo()));
    assert!(read.iter().any(|sighting| matches!(sighting.aem, HeardMetadata::WrongLength(3))));
    assert!(read.iter().any(|sighting| sighting.previous_scan.is_some()));
    assert_eq!(heard(Sightings::from_rows(&columns.rows())), read);
    assert_eq!(heard(Sightings::from_columns(&columns.columns())), read);
}

#[test]
fn columns_that_nobody_has() {
    let columns = Owned::of(&demo()[..1]);
    let fewer = Columns { metadata_lengths: None, previous_scans: None, ..columns.columns() };
    let [sighting] = heard(Sightings::from_columns(&fewer)).try_into().unwrap();
    assert_eq!(sighting, Sighting { previous_scan: None, ..demo()[0] });
}

#[test]
fn what_cannot_be_is_named_by_its_row() {
    let whole = Owned::of(&demo()[..3]);
    let with = |change: fn(&mut Owned)| {
        let mut columns = whole.clone();
        change(&mut columns);
        let (rows, columns) = (Sightings::from_rows(&columns.rows()), Sightings::from_columns(&columns.columns()));
        let told_of_rows = told(rows);
        assert_eq!(told_of_rows, told(columns));
        assert_eq!(told_of_rows.0, "row");
        told_of_rows.1
    };
    assert_eq!(with(|columns| columns.times[2] = -1), "row 2: time -1 is before 1970");
    assert_eq!(with(|columns| columns.scans[1] = -2), "row 1: previous_scan -2 is before 1970");
    assert!(with(|columns| columns.times[0] = 1_606_989_605_000).ends_with("milliseconds?"));
    assert!(with(|columns| columns.rssi[1] = 127).starts_with("row 1: rssi 127 is "));
    assert_eq!(
        with(|columns| (columns.lengths[0], columns.metadata[3]) = (3, 1)),
        "row 0: what follows the metadata is not zero"
    );
}

#[test]
fn buffers_of_a_wrong_length() {
    let whole = Owned::of(&demo()[..2]);
    assert_eq!(told(Sightings::from_rows(&[])).0, "no_rows");
    assert_eq!(told(Sightings::from_columns(&Owned::default().columns())).0, "no_rows");
    let mut rows = whole.rows();
    rows.push(0);
    let expected = ("row_length".to_owned(), "81 bytes are no whole number of rows of 40 bytes".to_owned());
    assert_eq!(told(Sightings::from_rows(&rows)), expected);
    rows[22] = 5;
    assert_eq!(told(Sightings::from_rows(&rows[..80])).1, "row 0: bytes 22 and 23 are [5, 0], not zero");

    let columns = whole.columns();
    for (found, wanted) in [
        (
            Columns { identifiers: &whole.identifiers[1..], ..columns },
            "identifiers ends within a row: 15 bytes are left over",
        ),
        (Columns { metadata: &whole.metadata[4..], ..columns }, "metadata has 1 rows, and the column times has 2"),
        (Columns { rssi: &[], ..columns }, "rssi has 0 rows, and the column times has 2"),
        (Columns { metadata_lengths: Some(&[]), ..columns }, "metadata_lengths has 0 rows, and the column times has 2"),
        (Columns { previous_scans: Some(&[1]), ..columns }, "previous_scans has 1 rows, and the column times has 2"),
        (Columns { times: &[], ..columns }, "identifiers has 2 rows, and the column times has 0"),
    ] {
        assert_eq!(told(Sightings::from_columns(&found)), ("column_length".to_owned(), format!("the column {wanted}")));
    }
}

#[test]
fn a_device_that_heard_nobody_says_so() {
    assert!(Sightings::none().unwrap().is_empty());
}

proptest! {
    /// Whatever the bytes are: each row is what its columns are, or both are refused in the same words.
    #[test]
    fn rows_are_columns(
        rows in prop::collection::vec((any::<[u8; 16]>(), any::<[u8; 4]>(), 0_u8..8, any::<i8>(), -2_i64..4_000_000_000, -2_i64..4_000_000_000), 1..5),
    ) {
        let mut columns = Owned::default();
        for (identifier, metadata, length, rssi, time, scan) in rows {
            columns.identifiers.extend(identifier);
            columns.metadata.extend(metadata);
            columns.lengths.push(length);
            columns.rssi.push(rssi);
            columns.times.push(time);
            columns.scans.push(scan);
        }
        let [from_rows, from_columns] = [Sightings::from_rows(&columns.rows()), Sightings::from_columns(&columns.columns())]
            .map(|read| read.map(|sightings| sightings.index.sightings().to_vec()));
        prop_assert_eq!(from_rows, from_columns);
    }
}

/// Rows of several batches count on, and a batch with a fault leaves nothing of itself.
#[test]
fn batches_are_added_whole() {
    let mut rows = HeardRows::default();
    let batch = |times| Columns {
        identifiers: &[7; 32],
        metadata: &[1; 8],
        metadata_lengths: None,
        rssi: &[-60; 2],
        times,
        previous_scans: None,
    };
    rows.add_columns(&batch(&[1_601_121_592, 1_601_121_892])).unwrap();
    let error = rows.add_columns(&batch(&[1_601_121_592, -5])).unwrap_err();
    assert_eq!(error.to_string(), "row 3: time -5 is before 1970");
    rows.add_columns(&batch(&[1_601_122_192, 1_601_122_492])).unwrap();
    assert_eq!(Sightings::from_heard(rows).unwrap().len(), 4);
    assert_eq!(Sightings::from_heard(HeardRows::default()).unwrap_err().code(), "no_rows");
}
