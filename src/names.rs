//! Enums whose values have a name each: one to print, and to read again.

#[cfg(feature = "alloc")]
use core::fmt;

/// A value of a fixed set, each with a name for programs: lower case, words joined by `_` or `-`.
///
/// The types that have it also have `ALL` and `name` as their own, `Display` and [`FromStr`](core::str::FromStr):
///
/// ```
/// use gaen::Profile;
///
/// for profile in Profile::ALL {
///     assert_eq!(profile.to_string(), profile.name());
///     assert_eq!(profile.name().parse::<Profile>()?, profile);
/// }
/// let error = "nokia".parse::<Profile>().unwrap_err();
/// assert_eq!(error.to_string(), r#"no profile "nokia": there are google, apple_v1, documented_v2 and google_guarded"#);
/// # Ok::<(), gaen::names::UnknownName>(())
/// ```
pub trait Named: Copy + 'static {
    /// What the values are, in the singular, such as `profile`.
    const KIND: &'static str;
    /// Every value, in order.
    const VALUES: &'static [Self];

    /// The name of this value.
    fn name(self) -> &'static str;
}

/// A text that is not the name of any value.
#[cfg(feature = "alloc")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownName {
    /// The text that names nothing.
    pub found: alloc::string::String,
    /// What it should name, such as `profile`.
    pub kind: &'static str,
    /// The names that exist.
    pub names: alloc::vec::Vec<&'static str>,
}

#[cfg(feature = "alloc")]
impl UnknownName {
    /// The value of this name.
    pub(crate) fn find<T: Named>(text: &str) -> Result<T, Self> {
        let unknown =
            || Self { found: text.into(), kind: T::KIND, names: T::VALUES.iter().map(|value| value.name()).collect() };
        T::VALUES.iter().copied().find(|value| value.name() == text).ok_or_else(unknown)
    }
}

#[cfg(feature = "alloc")]
impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { found, kind, names } = self;
        write!(f, "no {kind} {found:?}: there are ")?;
        match names.split_last() {
            Some((last, [])) => f.write_str(last),
            Some((last, others)) => write!(f, "{} and {last}", others.join(", ")),
            None => f.write_str("none"),
        }
    }
}

#[cfg(feature = "alloc")]
impl core::error::Error for UnknownName {}

/// Gives an enum its names: `ALL`, `name`, `Display`, `FromStr` and [`Named`].
macro_rules! named {
    ($type:ident, $kind:literal: $($value:ident => $name:literal),+ $(,)?) => {
        impl $type {
            /// Every value, in order.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$value),+];

            /// The name for programs.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$value => $name),+
                }
            }
        }

        $crate::names::named!(@read $type, $kind);
    };
    // For an enum that has `ALL` and `name` already.
    (@read $type:ident, $kind:literal) => {
        impl $crate::names::Named for $type {
            const KIND: &'static str = $kind;
            const VALUES: &'static [Self] = &Self::ALL;

            fn name(self) -> &'static str {
                Self::name(self)
            }
        }

        /// Writes the name.
        impl core::fmt::Display for $type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(self.name())
            }
        }

        /// Reads the name.
        #[cfg(feature = "alloc")]
        impl core::str::FromStr for $type {
            type Err = $crate::names::UnknownName;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::names::UnknownName::find(text)
            }
        }
    };
}
pub(crate) use named;
