//! What a program can ask of valgrind's memcheck while it runs under it.
#![allow(unsafe_code)] // a request is a sequence of instructions

const RUNNING_ON_VALGRIND: u64 = 0x1001;
const COUNT_ERRORS: u64 = 0x1201;
/// `'M' << 24 | 'C' << 16`.
const MEMCHECK: u64 = 0x4d43_0000;
const MAKE_MEM_UNDEFINED: u64 = MEMCHECK + 1;
const MAKE_MEM_DEFINED: u64 = MEMCHECK + 2;

/// A request of `valgrind.h`, version 3: on a bare processor it does nothing and answers 0.
#[cfg(target_arch = "x86_64")]
fn request(code: u64, first: u64, second: u64) -> u64 {
    let arguments = [code, first, second, 0, 0, 0];
    let mut answer = 0_u64;
    // SAFETY: four rotations by 128 bits in all leave `rdi` as it was, and `xchg rbx, rbx` leaves everything as it was.
    // Valgrind knows the sequence, reads `arguments`, and writes `rdx` alone. No bit of memory changes.
    unsafe {
        std::arch::asm!(
            "rol rdi, 3",
            "rol rdi, 13",
            "rol rdi, 61",
            "rol rdi, 51",
            "xchg rbx, rbx",
            in("rax") arguments.as_ptr(),
            inout("rdx") answer,
            out("rdi") _,
        );
    }
    answer
}

/// Elsewhere nobody listens.
#[cfg(not(target_arch = "x86_64"))]
fn request(_: u64, _: u64, _: u64) -> u64 {
    0
}

fn range<T: ?Sized>(value: &T) -> [u64; 2] {
    [std::ptr::from_ref(value).cast::<u8>().expose_provenance() as u64, size_of_val(value) as u64]
}

/// Whether this program runs under valgrind.
pub(crate) fn is_watching() -> bool {
    request(RUNNING_ON_VALGRIND, 0, 0) > 0
}

/// From here on these bytes are secret: a branch on what is computed from them, or an address, is an error.
pub(crate) fn make_secret<T: ?Sized>(value: &T) {
    let [address, len] = range(value);
    request(MAKE_MEM_UNDEFINED, address, len);
}

/// From here on these bytes are public.
pub(crate) fn make_public<T: ?Sized>(value: &T) {
    let [address, len] = range(value);
    request(MAKE_MEM_DEFINED, address, len);
}

/// Errors so far.
pub(crate) fn errors() -> u64 {
    request(COUNT_ERRORS, 0, 0)
}
