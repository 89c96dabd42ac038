//! What a configuration makes of keys without a report type.

use gaen::exposure::{Configuration, PlatformConfiguration};
use gaen::keys::ReportType;

use crate::gaen;
use crate::world::World;

#[test]
fn a_key_without_a_report_type_has_the_one_that_the_configuration_says() {
    let world = World::new("report_types");
    let mut configuration = Configuration::default();
    configuration.mapping.report_type_when_missing = ReportType::SelfReport;
    let document = serde_json::to_vec(&PlatformConfiguration::new(&configuration)).unwrap();
    world.write("configuration.json", &document);
    let args = ["exposures", "--sightings=heard.jsonl", "--trust=440-v1=440.pem", "--config=configuration.json"];
    let now = ["--now=1585872000", "--profile=google", "--json", "a.zip"];
    let document = gaen(&world.folder, &[args, now].concat()).ok().json();
    let windows = document["windows"].as_array().unwrap();
    assert!(!windows.is_empty());
    assert!(windows.iter().all(|window| window["report_type"] == "self_report"), "{windows:?}");
}
