//! The way from safe code to kernels that need instructions of the CPU.

/// Writes a type whose values prove that the CPU has these features, and safe methods to the kernels that need them.
///
/// Each kernel may be compiled for these features alone. The condition after `if` is one more that has to hold.
macro_rules! doors {
    (
        $(#[$doc:meta])*
        $proof:ident($($feature:tt),+) $(if $also:expr)?;
        $(fn $door:ident($($name:ident: $type:ty),*) $(-> $found:ty)? = $kernel:path;)+
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(in crate::arch) struct $proof(());

        impl $proof {
            pub(in crate::arch) fn detect() -> Option<Self> {
                ($($also &&)? $crate::arch::detect::detected!($($feature),+)).then_some(Self(()))
            }

            $(
                #[inline]
                pub(in crate::arch) fn $door(self, $($name: $type),*) $(-> $found)? {
                    // SAFETY: only `detect` makes a `self`, and only if the CPU has what the kernel is compiled for.
                    unsafe { $kernel($($name),*) }
                }
            )+
        }
    };
}

pub(super) use doors;
