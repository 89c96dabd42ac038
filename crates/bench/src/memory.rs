//! How much memory the process holds, as Linux counts it.

use std::fs;

/// What the process holds now, bytes; `None` where the system does not tell.
#[must_use]
pub fn resident() -> Option<u64> {
    status("VmRSS:")
}

/// The most that the process has held at a time, bytes, since it began or since [`reset_peak`]; `None` where the system
/// does not tell.
#[must_use]
pub fn peak() -> Option<u64> {
    status("VmHWM:")
}

/// Makes what is held now the peak. Whether the system can do that.
pub fn reset_peak() -> bool {
    fs::write("/proc/self/clear_refs", "5").is_ok()
}

/// What is held at most while this runs, beyond what is held before it; and what it returns. What was freed before and
/// is used again does not count as new: run it early.
pub fn peak_of<T>(work: impl FnOnce() -> T) -> (Option<u64>, T) {
    let before = reset_peak().then(resident).flatten();
    let result = work();
    let growth = before.and_then(|before| Some(peak()?.saturating_sub(before)));
    (growth, result)
}

/// A line of `/proc/self/status`, in bytes.
fn status(name: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn a_large_buffer_is_noticed() {
        let (growth, sum) = peak_of(|| vec![1_u8; 64 << 20].iter().map(|byte| u64::from(*byte)).sum::<u64>());
        assert_eq!(sum, 64 << 20);
        // Where the peak cannot be reset there is nothing to check.
        assert!(growth.is_none_or(|growth| growth > 60 << 20), "{growth:?}");
    }
}
