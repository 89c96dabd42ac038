//! Searching files.

use std::ffi::{c_int, c_void};
use std::mem::MaybeUninit;

use gaen_app::{ContainerRule, FallibleObserver, Next, Progress, SearchRules, search};

use crate::border::{Failure, hand_out_handle, some};
use crate::configuration::{profile, unknown};
use crate::error::{GaenError, GaenStatus};
use crate::files::GaenFiles;
use crate::report::GaenReport;
use crate::sightings::GaenSightings;
use crate::trust::GaenTrust;

/// What a zip may hold beside the two entries of the format.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GaenContainer {
    /// A zip has no other entry, as Google's client demands.
    Strict = 1,
    /// A zip may have other entries, which are not read. Some servers add a signature for their own apps.
    Tolerant = 2,
}

pub(crate) fn container(number: c_int) -> Result<ContainerRule, Failure> {
    match number {
        _ if number == GaenContainer::Strict as c_int => Ok(ContainerRule::Strict),
        _ if number == GaenContainer::Tolerant as c_int => Ok(ContainerRule::Tolerant),
        _ => Err(unknown("container rule", number)),
    }
}

/// How far a search is.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct GaenProgress {
    /// The position of the file among those given.
    pub file: usize,
    /// The number of files given.
    pub files: usize,
    /// Bytes of this file's `export.bin` that were read.
    pub bytes: u64,
    /// Bytes of this file's `export.bin` in all, as the file says.
    pub total_bytes: u64,
    /// Keys that were found in this file.
    pub keys: u64,
}

/// What an observer answers.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GaenNext {
    /// The search goes on.
    Continue = 1,
    /// The search stops. The report then says that it is partial.
    Stop = 2,
}

/// Is called at least at every MiB of a file and at its end, on the thread of the search, with the pointer that was given with
/// it. It answers a `GaenNext`. Any other number, such as 0, ends the search with the code observer_answer: a function that
/// forgot to answer stops nothing in silence. It must not unwind or jump out, and must not call the store that is searched.
pub type GaenObserver = Option<unsafe extern "C" fn(progress: *const GaenProgress, user: *mut c_void) -> c_int>;

/// Asks an observer of a caller. An answer that is no `GaenNext` is a failure.
///
/// # Safety
/// `observer` may be called with `user` until the search ends.
pub(crate) unsafe fn asking(
    observer: GaenObserver,
    user: *mut c_void,
) -> FallibleObserver<impl FnMut(Progress) -> Result<Next, Failure>, Failure> {
    FallibleObserver::new(move |progress| {
        let Some(observer) = observer else { return Ok(Next::Continue) };
        let Progress { file, files, bytes, total_bytes, keys } = progress;
        let progress = GaenProgress { file, files, bytes, total_bytes, keys };
        // SAFETY: the caller of `asking` vouches for the function and its pointer; `progress` lives until it returns.
        let answer = unsafe { observer(&raw const progress, user) };
        match answer {
            _ if answer == GaenNext::Continue as c_int => Ok(Next::Continue),
            _ if answer == GaenNext::Stop as c_int => Ok(Next::Stop),
            _ => Err(Failure::Argument(
                "observer_answer",
                format!("the observer answered {answer}, which is neither GAEN_NEXT_CONTINUE nor GAEN_NEXT_STOP"),
            )),
        }
    })
}

/// Searches files one after the other, on this thread. `profile` is a `GaenProfile`, `container` a `GaenContainer`. `observer`
/// may be null; it is called with `user`. The list of files stays as it is.
///
/// A file that is broken, or that nobody trusted has signed, contributes nothing, and the report says why. Free `*out` with
/// `gaen_report_free`.
///
/// Codes: changed_file if a file is not the same when its revised keys are read; observer_answer, unknown_value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn gaen_search(
    files: Option<&GaenFiles>,
    sightings: Option<&GaenSightings>,
    trust: Option<&GaenTrust>,
    profile: c_int,
    container: c_int,
    observer: GaenObserver,
    user: *mut c_void,
    out: Option<&mut MaybeUninit<*mut GaenReport>>,
    error: Option<&mut MaybeUninit<*mut GaenError>>,
) -> GaenStatus {
    hand_out_handle(out, error, || {
        let (files, sightings) = (some(files, "files")?.to_search(), some(sightings, "sightings")?);
        let rules = SearchRules {
            profile: self::profile(profile)?,
            container: self::container(container)?,
            authenticity: some(trust, "trust")?.authenticity(),
        };
        // SAFETY: the caller vouches for the observer until this function returns.
        let mut observer = unsafe { asking(observer, user) };
        let report = search(files, &sightings.inner, &rules, &mut observer);
        Ok(GaenReport::new(observer.outcome(report)??))
    })
}
