//! What the ledger spares: no file is searched twice for the same, and none is opened without a reason.

use gaen::{DiagnosisKey, ReportType};

use crate::world::{Folder, MIDNIGHT, key, scan, zip};

const NOW: u64 = MIDNIGHT as u64 * 600;

fn keys(numbers: core::ops::Range<u32>) -> Vec<DiagnosisKey> {
    numbers.map(|number| key(number, MIDNIGHT, 144, ReportType::ConfirmedTest)).collect()
}

/// Not every time, as that costs a write.
#[test]
fn when_a_file_was_last_offered_is_kept_to_the_day_whichever_way_the_clock_goes() {
    let folder = Folder::new();
    let mut store = folder.store();
    let zip = zip(&keys(0..1), &[]);
    let latest = i64::MAX.unsigned_abs();
    for (now, offered) in [
        (NOW, NOW),
        (NOW + 86_399, NOW),
        (NOW + 86_400, NOW + 86_400),
        (NOW + 1, NOW + 86_400),
        (NOW, NOW),
        (u64::MAX, latest),
        (NOW, NOW),
    ] {
        scan(&mut store, &zip, now).unwrap();
        let file = &store.files().unwrap()[0];
        assert_eq!((file.first_offered, file.last_offered), (NOW, offered), "at {now}");
    }
    let folder = Folder::new();
    store = folder.store();
    scan(&mut store, &zip, u64::MAX).unwrap();
    assert_eq!(store.files().unwrap()[0].first_offered, latest);
}
