use std::fmt::Write as _;

use gaen::Sighting;
use gaen::matching::HeardMetadata;

/// A file of sightings, as the command reads it: what is read is read again from JSON lines and from CSV that say it,
/// and an error is short, whatever the file. Control characters are escaped when it is printed.
pub fn sightings_file(data: &[u8]) {
    match read(data) {
        Ok(sightings) => {
            // The length of metadata is kept, of whatever length; the rest may be long.
            let is_short =
                |sighting: &&Sighting| !matches!(sighting.aem, HeardMetadata::WrongLength(length) if length > 100);
            let sightings: Vec<_> = sightings.iter().filter(is_short).copied().collect();
            assert_eq!(read(json_lines(&sightings).as_bytes()).unwrap(), sightings);
            assert_eq!(read(csv(&sightings).as_bytes()).unwrap(), sightings);
        }
        Err(error) => assert!(error.chars().count() < 500, "{error:?}"),
    }
}

fn read(data: &[u8]) -> Result<Vec<Sighting>, String> {
    gaen_report::read::sightings("a file", data, usize::MAX).map_err(|error| error.to_string())
}

/// The fields as texts, those of bytes in hexadecimal.
fn fields(sighting: &Sighting) -> (String, String, String, String) {
    let aem = match sighting.aem {
        HeardMetadata::Encrypted(aem) => aem.to_string(),
        HeardMetadata::WrongLength(length) => "5a".repeat(length),
    };
    (sighting.rpi.to_string(), aem, sighting.rssi.to_string(), sighting.time.to_string())
}

fn json_lines(sightings: &[Sighting]) -> String {
    sightings.iter().fold(String::new(), |mut text, sighting| {
        let (rpi, aem, rssi, time) = fields(sighting);
        let previous = sighting.previous_scan.map_or("null".to_owned(), |scan| scan.to_string());
        let fields = format!(r#""rpi":"{rpi}","aem":"{aem}","rssi":{rssi},"time":{time},"previous_scan":{previous}"#);
        writeln!(text, "{{{fields}}}").unwrap();
        text
    })
}

fn csv(sightings: &[Sighting]) -> String {
    sightings.iter().fold("previous_scan,rpi,aem,rssi,time\n".to_owned(), |mut text, sighting| {
        let (rpi, aem, rssi, time) = fields(sighting);
        let previous = sighting.previous_scan.map_or(String::new(), |scan| scan.to_string());
        writeln!(text, "{previous},{rpi},{aem},{rssi},{time}").unwrap();
        text
    })
}
