//! The number by which a health authority lets a positive person publish.

use core::fmt;
use core::str::FromStr;

use subtle::{Choice, ConstantTimeEq};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A processing number: eight digits for one upload. A health authority gives it to a person with a positive test.
///
/// Anyone who has the number can publish in that person's name. It is never printed, compared in constant time, and
/// wiped when dropped.
///
/// Source: COCOA's client, `\A[0-9]{8}\z`. Its first versions took eight digits anywhere in a longer text.
///
/// ```
/// use gaen::publish::ProcessingNumber;
///
/// let number: ProcessingNumber = "01234567".parse()?;
/// assert_eq!(format!("{number:?}"), "ProcessingNumber(redacted)");
/// assert_eq!(number.expose_secret(), "01234567");
/// # Ok::<(), gaen::publish::ProcessingNumberError>(())
/// ```
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct ProcessingNumber([u8; Self::DIGITS]);

impl ProcessingNumber {
    const DIGITS: usize = 8;

    /// The digits, for the upload. Never log them.
    #[must_use]
    pub fn expose_secret(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or_default() // digits
    }
}

impl FromStr for ProcessingNumber {
    type Err = ProcessingNumberError;

    /// Reads eight ASCII digits and nothing else.
    fn from_str(text: &str) -> Result<Self, ProcessingNumberError> {
        let found = text.chars().count();
        if found != Self::DIGITS {
            return Err(ProcessingNumberError::Length { found });
        }
        let mut number = Self([0; Self::DIGITS]);
        for (position, (sign, digit)) in text.chars().zip(&mut number.0).enumerate() {
            match u8::try_from(sign) {
                Ok(sign) if sign.is_ascii_digit() => *digit = sign,
                _ => return Err(ProcessingNumberError::NotADigit { position }),
            }
        }
        Ok(number)
    }
}

impl fmt::Debug for ProcessingNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProcessingNumber(redacted)")
    }
}

impl ConstantTimeEq for ProcessingNumber {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.0.ct_eq(&other.0)
    }
}

impl PartialEq for ProcessingNumber {
    /// In constant time.
    fn eq(&self, other: &Self) -> bool {
        self.ct_eq(other).into()
    }
}

impl Eq for ProcessingNumber {}

/// Why a text is not a processing number. The error shows nothing of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProcessingNumberError {
    /// The text does not have eight characters.
    #[error("a processing number has 8 digits, and this text has {found} characters")]
    Length {
        /// The number of characters of the text.
        found: usize,
    },
    /// A character is not an ASCII digit. The full-width digits of a Japanese keyboard are not allowed either.
    #[error("a processing number has the digits 0 to 9 alone, and character {} is another", position.saturating_add(1))]
    NotADigit {
        /// The position of the first such character, from 0.
        position: usize,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_digits_and_nothing_else() {
        let number: ProcessingNumber = "00000009".parse().unwrap();
        assert_eq!(number.expose_secret(), "00000009");
        assert!(number != "00000008".parse().unwrap());
        for (text, error) in [
            ("", ProcessingNumberError::Length { found: 0 }),
            ("1234567", ProcessingNumberError::Length { found: 7 }),
            ("12345678\n", ProcessingNumberError::Length { found: 9 }),
            ("no. 12345678", ProcessingNumberError::Length { found: 12 }),
            ("1234567x", ProcessingNumberError::NotADigit { position: 7 }),
            ("１２３４５６７８", ProcessingNumberError::NotADigit { position: 0 }),
        ] {
            let found = text.parse::<ProcessingNumber>().unwrap_err();
            assert_eq!(found, error, "{text}");
            assert!(text.len() < 3 || !found.to_string().contains(text), "{found}");
        }
    }
}
