//! Which kernels this CPU can run, and which to choose.

use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

#[cfg(target_arch = "aarch64")]
use super::aarch64::{Aes, Sha2};
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use super::wasm32;
#[cfg(target_arch = "x86_64")]
use super::x86_64::{AesAvx2, AesNi, Avx2, Avx512, ShaNi, State, Vaes256, gather_is_slow};
use super::{Candidate, Job, Part, Probe, TILE, portable};

/// How the matcher derives and probes: a set of instructions that this CPU has.
///
/// A value is proof that the CPU has them. All tiers find the same; they differ in speed alone.
///
/// ```
/// use gaen::matching::Tier;
///
/// println!("{} of {:?}", Tier::best(), Tier::available());
/// assert!(Tier::available().contains(&"portable".parse()?));
/// # Ok::<(), gaen::matching::UnknownTier>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Tier(Way);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Safe,
    Kernels(Kernels),
}

/// A way to hash and a way to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Kernels {
    hash: Hashing,
    search: Searching,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hashing {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx512(Avx512),
    #[cfg(target_arch = "x86_64")]
    ShaNi(ShaNi),
    #[cfg(target_arch = "x86_64")]
    Avx2(Avx2),
    #[cfg(target_arch = "aarch64")]
    Armv8(Sha2),
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    Simd128,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Searching {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx512(Avx512, Probe),
    #[cfg(target_arch = "x86_64")]
    Vaes256(Vaes256),
    #[cfg(target_arch = "x86_64")]
    AesAvx2(AesAvx2),
    #[cfg(target_arch = "x86_64")]
    AesNi(AesNi),
    #[cfg(target_arch = "aarch64")]
    Armv8(Aes),
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    Simd128,
}

/// Rows whose identifiers have the same bytes above the lowest of their number, as bit planes see them.
pub(crate) const PLANE_ROWS: u32 = 16;

impl Tier {
    /// The plain path: `aes` and `sha2`, which use what the CPU has by themselves, one key after the other.
    pub const SAFE: Self = Self(Way::Safe);

    /// Arithmetic on plain numbers, for CPUs without instructions for AES.
    pub const PORTABLE: Self = Self(Way::Kernels(Kernels { hash: Hashing::Portable, search: Searching::Portable }));

    /// The tiers of this CPU, from the fastest to the slowest in this build.
    ///
    /// The CPU is asked with and without the feature `std`. Without `std`, bare metal and some systems on aarch64 give
    /// no answer: there, the instructions that the crate was compiled for count. They do on WebAssembly as well: the
    /// tier `simd128` is there if the crate was compiled with `-C target-feature=+simd128`.
    #[must_use]
    pub fn available() -> Vec<Self> {
        let mut tiers = Vec::new();
        #[cfg(target_arch = "x86_64")]
        {
            let probe = if gather_is_slow() { Probe::Scalar } else { Probe::Gather };
            let mut add = |hash, search| tiers.push(Self(Way::Kernels(Kernels { hash, search })));
            if let Some(avx512) = Avx512::detect() {
                add(Hashing::Avx512(avx512), Searching::Avx512(avx512, probe));
            }
            let hashes = [ShaNi::detect().map(Hashing::ShaNi), Avx2::detect().map(Hashing::Avx2)];
            let aes_ni = AesNi::detect().map(Searching::AesNi);
            let searches =
                [Vaes256::detect().map(Searching::Vaes256), AesAvx2::detect().map(Searching::AesAvx2).or(aes_ni)];
            for search in searches.into_iter().flatten() {
                for hash in hashes.into_iter().flatten() {
                    add(hash, search);
                }
            }
            if let Some(aes_ni) = aes_ni {
                add(Hashing::Portable, aes_ni);
            }
        }
        #[cfg(target_arch = "aarch64")]
        if let Some(aes) = Aes::detect() {
            let hashes = [Sha2::detect().map(Hashing::Armv8), Some(Hashing::Portable)];
            let search = Searching::Armv8(aes);
            tiers.extend(hashes.into_iter().flatten().map(|hash| Self(Way::Kernels(Kernels { hash, search }))));
        }
        #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
        tiers.push(Self(Way::Kernels(Kernels { hash: Hashing::Simd128, search: Searching::Simd128 })));
        // Without instructions for AES, bit planes are faster than `aes`, which has one key at a time to fill them
        // with.
        tiers.extend(if aes_is_fast() { [Self::SAFE, Self::PORTABLE] } else { [Self::PORTABLE, Self::SAFE] });
        tiers
    }

    /// The fastest tier of this CPU.
    #[must_use]
    pub fn best() -> Self {
        let best = || Self::available().first().copied().unwrap_or(Self::PORTABLE);
        #[cfg(feature = "std")]
        {
            // Asking a virtual machine's CPU takes microseconds, and every matcher wants to know.
            static BEST: std::sync::OnceLock<Tier> = std::sync::OnceLock::new();
            *BEST.get_or_init(best)
        }
        #[cfg(not(feature = "std"))]
        best()
    }

    /// The same tier with another way to ask the filter. Those that have but one stay as they are.
    #[must_use]
    pub fn probe(self, probe: Probe) -> Self {
        #[cfg(not(target_arch = "x86_64"))]
        let _ = probe;
        let Way::Kernels(mut kernels) = self.0 else { return self };
        kernels.search = match kernels.search {
            #[cfg(target_arch = "x86_64")]
            Searching::Avx512(avx512, _) => Searching::Avx512(avx512, probe),
            other => other,
        };
        Self(Way::Kernels(kernels))
    }

    /// Its name, such as `avx512`: what it hashes and searches with. A probe that was chosen is not part of it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self.0 {
            Way::Safe => "safe",
            Way::Kernels(Kernels { hash, search }) => match (hash, search) {
                (_, Searching::Portable) => "portable",
                #[cfg(target_arch = "x86_64")]
                (_, Searching::Avx512(..)) => "avx512",
                #[cfg(target_arch = "x86_64")]
                (Hashing::ShaNi(_), Searching::Vaes256(..)) => "vaes256+sha",
                #[cfg(target_arch = "x86_64")]
                (_, Searching::Vaes256(..)) => "vaes256+avx2",
                #[cfg(target_arch = "x86_64")]
                (Hashing::ShaNi(_), Searching::AesAvx2(..) | Searching::AesNi(_)) => "aesni+sha",
                #[cfg(target_arch = "x86_64")]
                (Hashing::Avx2(_), Searching::AesAvx2(..) | Searching::AesNi(_)) => "aesni+avx2",
                #[cfg(target_arch = "x86_64")]
                (_, Searching::AesAvx2(..) | Searching::AesNi(_)) => "aesni",
                #[cfg(target_arch = "aarch64")]
                (Hashing::Portable, Searching::Armv8(_)) => "armv8-aes",
                #[cfg(target_arch = "aarch64")]
                (Hashing::Armv8(_), Searching::Armv8(_)) => "armv8",
                #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
                (_, Searching::Simd128) => "simd128",
            },
        }
    }

    /// Returns why this tier is as it is: its instructions, and how it probes a filter. The family of a CPU decides
    /// whether the best tier gathers. Nothing is ever chosen by a clock.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self.0 {
            Way::Safe => "one key after the other, by the crates `aes` and `sha2`",
            Way::Kernels(Kernels { search, .. }) => match search {
                Searching::Portable => "needs no instructions for AES",
                #[cfg(target_arch = "x86_64")]
                Searching::Avx512(_, Probe::Gather) => {
                    "four identifiers in a register, by AVX-512 and VAES, with gathers"
                }
                #[cfg(target_arch = "x86_64")]
                Searching::Avx512(_, Probe::Scalar) => {
                    "four identifiers in a register, by AVX-512 and VAES, with single loads instead of gathers"
                }
                #[cfg(target_arch = "x86_64")]
                Searching::Vaes256(_) => "two identifiers in a register, by VAES, AVX2 and BMI2",
                #[cfg(target_arch = "x86_64")]
                Searching::AesAvx2(_) => "one identifier in a register, by AES-NI, AVX2 and BMI2",
                #[cfg(target_arch = "x86_64")]
                Searching::AesNi(_) => "one identifier in a register, by AES-NI and SSE4.1",
                #[cfg(target_arch = "aarch64")]
                Searching::Armv8(_) => "sixteen identifiers in as many registers, by instructions for AES",
                #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
                Searching::Simd128 => "compiled for engines with `simd128`",
            },
        }
    }

    /// Its kernels, if it is not the plain path.
    pub(crate) fn kernels(self) -> Option<Kernels> {
        match self.0 {
            Way::Safe => None,
            Way::Kernels(kernels) => Some(kernels),
        }
    }
}

impl Kernels {
    /// The identifier keys of sixteen keys. Those after the first `count` may be anything.
    #[inline]
    pub(crate) fn rpiks(self, keys: &[[u8; 16]; TILE], count: usize) -> [[u8; 16]; TILE] {
        match self.hash {
            Hashing::Portable => portable::rpiks(keys),
            #[cfg(target_arch = "x86_64")]
            Hashing::Avx512(avx512) => avx512.rpiks(keys),
            #[cfg(target_arch = "x86_64")]
            Hashing::ShaNi(sha_ni) => sha_ni.rpiks(keys, count),
            #[cfg(target_arch = "x86_64")]
            Hashing::Avx2(avx2) => avx2.rpiks(keys, count),
            #[cfg(target_arch = "aarch64")]
            Hashing::Armv8(sha2) => sha2.rpiks(keys, count),
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            Hashing::Simd128 => wasm32::rpiks(keys, count),
        }
    }

    /// Whether a search works on bit planes of a whole tile, and prepares them anew wherever one of its keys passes a
    /// row whose number is a multiple of [`PLANE_ROWS`].
    pub(crate) fn in_planes(self) -> bool {
        match self.search {
            Searching::Portable => true,
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            Searching::Simd128 => true,
            #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
            _ => false,
        }
    }

    /// Searches the rows of any number of jobs, part by part. The identifier keys come in tiles, in the order of the
    /// jobs; the last tile may be longer than its jobs.
    pub(crate) fn search(
        self,
        #[cfg_attr(target_arch = "aarch64", allow(unused_variables))] // its kernels prepare no keys
        space: &mut Space,
        rpiks: &[[[u8; 16]; TILE]],
        jobs: &[Job],
        parts: &[Part<'_>],
        candidates: &mut Vec<Candidate>,
    ) {
        let keys = |part: &Part<'_>| jobs.iter().filter(|job| job.rows & part.rows != 0).count();
        let each = parts.iter().map(|part| (part, keys(part))).filter(|(_, keys)| *keys > 0);
        let each = each.inspect(|(part, keys)| part.filter.fetch_for(*keys)).map(|(part, _)| part);
        match self.search {
            Searching::Portable => in_tiles(rpiks, jobs, candidates, |rpiks, jobs, candidates| {
                portable::search(rpiks, jobs, parts, candidates);
            }),
            #[cfg(target_arch = "x86_64")]
            Searching::Avx512(avx512, probe) => {
                avx512.prepare(rpiks, jobs, &mut space.states);
                each.for_each(|part| match probe {
                    Probe::Gather => avx512.search_by_gathers(&space.states, *part, candidates),
                    Probe::Scalar => avx512.search_by_loads(&space.states, *part, candidates),
                });
            }
            #[cfg(target_arch = "x86_64")]
            Searching::Vaes256(vaes256) => {
                vaes256.prepare(rpiks, jobs, &mut space.states);
                each.for_each(|part| vaes256.search(&space.states, *part, candidates));
            }
            #[cfg(target_arch = "x86_64")]
            Searching::AesAvx2(aes_avx2) => {
                aes_avx2.prepare(rpiks, jobs, &mut space.states);
                each.for_each(|part| aes_avx2.search(&space.states, *part, candidates));
            }
            #[cfg(target_arch = "x86_64")]
            Searching::AesNi(aes_ni) => {
                aes_ni.prepare(rpiks, jobs, &mut space.states);
                each.for_each(|part| aes_ni.search(&space.states, *part, candidates));
            }
            #[cfg(target_arch = "aarch64")]
            Searching::Armv8(aes) => {
                each.for_each(|part| {
                    in_tiles(rpiks, jobs, candidates, |rpiks, jobs, candidates| {
                        if jobs.iter().any(|job| job.rows & part.rows != 0) {
                            aes.search(rpiks, jobs, *part, candidates);
                        }
                    });
                });
            }
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            Searching::Simd128 => in_tiles(rpiks, jobs, candidates, |rpiks, jobs, candidates| {
                wasm32::search(rpiks, jobs, parts, candidates);
            }),
        }
    }
}

/// Memory for a search. Kept from one search to the next.
#[derive(Debug, Default)]
pub(crate) struct Space {
    /// What the kernels for x86-64 prepare of each key.
    #[cfg(target_arch = "x86_64")]
    states: Vec<State>,
}

/// Searches one tile after the other, for kernels that take no more.
fn in_tiles(
    rpiks: &[[[u8; 16]; TILE]],
    jobs: &[Job],
    candidates: &mut Vec<Candidate>,
    search: impl Fn(&[[u8; 16]; TILE], &[Job], &mut Vec<Candidate>),
) {
    for ((first, rpiks), jobs) in (0..).step_by(TILE).zip(rpiks).zip(jobs.chunks(TILE)) {
        let before = candidates.len();
        search(rpiks, jobs, candidates);
        candidates.iter_mut().skip(before).for_each(|candidate| candidate.job += first);
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Debug for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tier({self})")
    }
}

/// `true` if the crate `aes`, and with it the plain path, uses instructions for AES here.
fn aes_is_fast() -> bool {
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    let has = !cfg!(aes_backend = "soft") && super::detect::detected!("aes");
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    let has = false;
    has
}

/// Finds an available tier by its name.
impl FromStr for Tier {
    type Err = UnknownTier;

    fn from_str(name: &str) -> Result<Self, UnknownTier> {
        let available = Self::available();
        match available.iter().find(|tier| tier.name() == name) {
            Some(tier) => Ok(*tier),
            None => Err(UnknownTier { available: available.into_iter().map(Self::name).collect() }),
        }
    }
}

/// A name that is none of this CPU's tiers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a tier of this CPU, which has {}", available.join(", "))]
pub struct UnknownTier {
    /// The names of those that it has.
    pub available: Vec<&'static str>,
}
