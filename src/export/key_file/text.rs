//! From the bytes of a file to DER: PEM, base64, hexadecimal, or as they are.

use base64ct::{Base64Unpadded, Encoding};
use zeroize::Zeroizing;

use super::super::error::shown;
use super::{FoundKey, KeyError, der};

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";

/// All keys of a file.
pub(super) fn keys(file: &[u8]) -> Result<Vec<FoundKey>, KeyError> {
    let utf8 = of_utf16(file);
    let file = utf8.as_ref().map_or(file, |utf8| utf8.as_slice());
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    if find(file, BEGIN).is_some() {
        return pem(file);
    }
    let is_sign = |byte: &u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
    if !file.iter().all(is_sign) {
        return Ok(vec![der::key_or_point(file)?]);
    }
    let bytes = text(file.trim_ascii())?;
    // Some places keep PEM in base64.
    if find(&bytes, BEGIN).is_some() { pem(&bytes) } else { Ok(vec![der::key_or_point(&bytes)?]) }
}

/// Text of two bytes a sign, as Windows writes it, if its byte order mark says so. Other signs than ASCII's are `?`.
fn of_utf16(file: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (units, of_bytes): (_, fn([u8; 2]) -> u16) = match file {
        [0xff, 0xfe, units @ ..] => (units, u16::from_le_bytes),
        [0xfe, 0xff, units @ ..] => (units, u16::from_be_bytes),
        _ => return None,
    };
    let mut text = Zeroizing::new(Vec::with_capacity(units.len()));
    let (units, _) = units.as_chunks();
    text.extend(units.iter().map(|unit| u8::try_from(of_bytes(*unit)).unwrap_or(b'?')));
    Some(text)
}

/// The keys of all PEM blocks. What stands around them is no matter.
fn pem(mut file: &[u8]) -> Result<Vec<FoundKey>, KeyError> {
    let mut found = Vec::new();
    while let Some(start) = find(file, BEGIN) {
        let after = file.get(start.saturating_add(BEGIN.len())..).unwrap_or_default();
        let label_end = find(after, DASHES).unwrap_or(after.len());
        let label = after.get(..label_end).unwrap_or_default();
        let body = after.get(label_end.saturating_add(DASHES.len())..).unwrap_or_default();
        let unfinished = || KeyError::PemUnfinished { label: told(label) };
        let end = find(body, END).ok_or_else(unfinished)?;
        let next = body.get(end..).unwrap_or_default();
        let body = body.get(..end).unwrap_or_default();
        if find(body, BEGIN).is_some() {
            return Err(unfinished());
        }
        found.extend(block(label, body)?);
        file = next;
    }
    Ok(found)
}

/// The label of a block as an error tells it.
///
/// The dashes that should end a label may be damaged. It then runs into the lines of the key, which no error may tell.
/// Labels are words in capitals (RFC 7468), and a piece of a key hardly ever is.
fn told(label: &[u8]) -> String {
    const LONGEST: usize = 32;
    let is_of_words = label.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b' ');
    if is_of_words && label.len() <= LONGEST { shown(label) } else { "with a damaged first line".to_owned() }
}

/// The key of a PEM block; `None` for one that only names a curve.
fn block(label: &[u8], body: &[u8]) -> Result<Option<FoundKey>, KeyError> {
    let other = |form, remedy| Err(KeyError::OtherForm { form, remedy });
    match label {
        b"OPENSSH PRIVATE KEY" => {
            return other("an OpenSSH private key", "`ssh-keygen -p -m PKCS8 -f COPY` rewrites a copy of it as PEM");
        }
        b"TRUSTED CERTIFICATE" => {
            return other("a certificate of OpenSSL's own form", "`openssl x509 -in FILE -out CERT.pem` converts it");
        }
        b"PKCS7" | b"CMS" => return other(der::PKCS7, "`openssl pkcs7 -in FILE -print_certs` prints its certificates"),
        _ if label.starts_with(b"PGP ") => return other("an OpenPGP key", "export files are not signed by OpenPGP"),
        _ => {}
    }
    if find(body, b"ENCRYPTED").is_some() {
        return Err(KeyError::Encrypted);
    }
    // Headers have a colon, which base64 has not.
    let mut lines = Zeroizing::new(Vec::with_capacity(body.len()));
    for line in body.split(|byte| *byte == b'\n').filter(|line| !line.contains(&b':')) {
        lines.extend_from_slice(line);
    }
    let bytes = base64(&lines).ok_or_else(|| KeyError::PemNotBase64 { label: told(label) })?;
    if label == b"EC PARAMETERS" { der::parameters(&bytes).map(|_| None) } else { der::key(&bytes).map(Some) }
}

/// The bytes of a text that is not PEM.
fn text(text: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let other = |form, remedy| Err(KeyError::OtherForm { form, remedy });
    match text {
        b"" => return Err(KeyError::Empty),
        [b'{' | b'[', ..] => {
            return other(
                "JSON, perhaps a JSON Web Key",
                "write the key that it holds as PEM or as one line of base64",
            );
        }
        _ if text.starts_with(b"ecdsa-sha2-") || text.starts_with(b"ssh-") => {
            return other("an OpenSSH public key", "`ssh-keygen -e -m PKCS8 -f FILE` writes it as PEM");
        }
        _ if text.starts_with(b"---- BEGIN SSH2") => {
            return other(
                "an SSH public key",
                "`ssh-keygen -i -f FILE > KEY.pub`, `ssh-keygen -e -m PKCS8 -f KEY.pub`",
            );
        }
        _ => {}
    }
    let text = text.strip_prefix(b"\"").and_then(|text| text.strip_suffix(b"\"")).unwrap_or(text);
    hexadecimal(text).or_else(|| base64(text)).ok_or(KeyError::Unknown { bytes: text.len() })
}

/// The bytes of hexadecimal digits, which colons, commas, blanks and `0x` may divide.
fn hexadecimal(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let text = text.strip_prefix(b"0x").unwrap_or(text);
    let mut digits = Zeroizing::new(Vec::with_capacity(text.len()));
    digits.extend(text.iter().filter(|byte| !byte.is_ascii_whitespace() && !b":,".contains(byte)));
    let mut bytes = Zeroizing::new(vec![0; digits.len() / 2]);
    base16ct::mixed::decode(&digits, &mut bytes).is_ok().then_some(bytes)
}

/// The bytes of base64, standard or for URLs, with or without padding and blanks. A line end may be written `\n`.
fn base64(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut signs = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut rest = text.iter();
    while let Some(&byte) = rest.next() {
        match byte {
            b'\\' => drop(rest.next()),
            b'-' => signs.push(b'+'),
            b'_' => signs.push(b'/'),
            _ if byte.is_ascii_whitespace() => {}
            _ => signs.push(byte),
        }
    }
    let padding = signs.iter().rev().take_while(|byte| **byte == b'=').count().min(2);
    let length = signs.len().saturating_sub(padding);
    signs.truncate(length);
    let mut bytes = Zeroizing::new(vec![0; signs.len()]);
    let length = Base64Unpadded::decode(signs.as_slice(), &mut bytes).ok()?.len();
    bytes.truncate(length);
    Some(bytes)
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}
