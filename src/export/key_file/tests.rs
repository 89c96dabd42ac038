//! Keys as OpenSSL 3.0 writes them: one test key in every form, and keys that are none of ours.

use base64ct::{Base64, Base64Url, Base64UrlUnpadded, Encoding};
use proptest::prelude::*;

use super::*;
use crate::export::{PublicKey, Signer};

/// `openssl ecparam -name prime256v1 -genkey`
const SEC1: &str = "\
-----BEGIN EC PARAMETERS-----
BggqhkjOPQMBBw==
-----END EC PARAMETERS-----
-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIJE4Ige09lcf/M2rzpgdg6gFk17GcSxrjpgRaTWgjFYroAoGCCqGSM49
AwEHoUQDQgAEPQtg73jAqdXL3mmdhzXZYTMhydQlxsiTv89ze5fcav9EBemeeNlC
FOx/BMizYwDOx1xCvTVGjMhMUA5juLXZsw==
-----END EC PRIVATE KEY-----
";
const PKCS8: &str = "\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgkTgiB7T2Vx/8zavO
mB2DqAWTXsZxLGuOmBFpNaCMViuhRANCAAQ9C2DveMCp1cveaZ2HNdlhMyHJ1CXG
yJO/z3N7l9xq/0QF6Z542UIU7H8EyLNjAM7HXEK9NUaMyExQDmO4tdmz
-----END PRIVATE KEY-----
";
/// `openssl pkey -pubout`, and so on.
const PUBLIC: &str = "\
-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEPQtg73jAqdXL3mmdhzXZYTMhydQl
xsiTv89ze5fcav9EBemeeNlCFOx/BMizYwDOx1xCvTVGjMhMUA5juLXZsw==
-----END PUBLIC KEY-----
";
/// `-ec_conv_form hybrid`
const HYBRID: &str = "\
-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAHPQtg73jAqdXL3mmdhzXZYTMhydQl
xsiTv89ze5fcav9EBemeeNlCFOx/BMizYwDOx1xCvTVGjMhMUA5juLXZsw==
-----END PUBLIC KEY-----
";
/// `-ec_conv_form compressed`
const COMPRESSED: &str = "\
-----BEGIN PUBLIC KEY-----
MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgADPQtg73jAqdXL3mmdhzXZYTMhydQl
xsiTv89ze5fcav8=
-----END PUBLIC KEY-----
";
/// `-ec_param_enc explicit`
const EXPLICIT: &str = "\
-----BEGIN PUBLIC KEY-----
MIIBSzCCAQMGByqGSM49AgEwgfcCAQEwLAYHKoZIzj0BAQIhAP////8AAAABAAAA
AAAAAAAAAAAA////////////////MFsEIP////8AAAABAAAAAAAAAAAAAAAA////
///////////8BCBaxjXYqjqT57PrvVV2mIa8ZR0GsMxTsPY7zjw+J9JgSwMVAMSd
NgiG5wSTamZ44ROdJreBn36QBEEEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5
RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9QIhAP////8AAAAA
//////////+85vqtpxeehPO5ysL8YyVRAgEBA0IABD0LYO94wKnVy95pnYc12WEz
IcnUJcbIk7/Pc3uX3Gr/RAXpnnjZQhTsfwTIs2MAzsdcQr01RozITFAOY7i12bM=
-----END PUBLIC KEY-----
";
/// The same, with compressed points.
const EXPLICIT_COMPRESSED: &str = "\
-----BEGIN PUBLIC KEY-----
MIIBCjCB4wYHKoZIzj0CATCB1wIBATAsBgcqhkjOPQEBAiEA/////wAAAAEAAAAA
AAAAAAAAAAD///////////////8wWwQg/////wAAAAEAAAAAAAAAAAAAAAD/////
//////////wEIFrGNdiqOpPns+u9VXaYhrxlHQawzFOw9jvOPD4n0mBLAxUAxJ02
CIbnBJNqZnjhE50mt4GffpAEIQNrF9Hy4SxCR/i85uVjpEDydwN9gS3rM6D0oTlF
2JjClgIhAP////8AAAAA//////////+85vqtpxeehPO5ysL8YyVRAgEBAyIAAz0L
YO94wKnVy95pnYc12WEzIcnUJcbIk7/Pc3uX3Gr/
-----END PUBLIC KEY-----
";
const EXPLICIT_SEC1: &str = "\
-----BEGIN EC PRIVATE KEY-----
MIIBaAIBAQQgkTgiB7T2Vx/8zavOmB2DqAWTXsZxLGuOmBFpNaCMViuggfowgfcC
AQEwLAYHKoZIzj0BAQIhAP////8AAAABAAAAAAAAAAAAAAAA////////////////
MFsEIP////8AAAABAAAAAAAAAAAAAAAA///////////////8BCBaxjXYqjqT57Pr
vVV2mIa8ZR0GsMxTsPY7zjw+J9JgSwMVAMSdNgiG5wSTamZ44ROdJreBn36QBEEE
axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54W
K84zV2sxXs7LtkBoN79R9QIhAP////8AAAAA//////////+85vqtpxeehPO5ysL8
YyVRAgEBoUQDQgAEPQtg73jAqdXL3mmdhzXZYTMhydQlxsiTv89ze5fcav9EBeme
eNlCFOx/BMizYwDOx1xCvTVGjMhMUA5juLXZsw==
-----END EC PRIVATE KEY-----
";
const EXPLICIT_PKCS8: &str = "\
-----BEGIN PRIVATE KEY-----
MIIBeQIBADCCAQMGByqGSM49AgEwgfcCAQEwLAYHKoZIzj0BAQIhAP////8AAAAB
AAAAAAAAAAAAAAAA////////////////MFsEIP////8AAAABAAAAAAAAAAAAAAAA
///////////////8BCBaxjXYqjqT57PrvVV2mIa8ZR0GsMxTsPY7zjw+J9JgSwMV
AMSdNgiG5wSTamZ44ROdJreBn36QBEEEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg
9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9QIhAP////8A
AAAA//////////+85vqtpxeehPO5ysL8YyVRAgEBBG0wawIBAQQgkTgiB7T2Vx/8
zavOmB2DqAWTXsZxLGuOmBFpNaCMViuhRANCAAQ9C2DveMCp1cveaZ2HNdlhMyHJ
1CXGyJO/z3N7l9xq/0QF6Z542UIU7H8EyLNjAM7HXEK9NUaMyExQDmO4tdmz
-----END PRIVATE KEY-----
";
/// `openssl req -x509`
const CERTIFICATE: &str = "\
-----BEGIN CERTIFICATE-----
MIIBbjCCAROgAwIBAgIUV0IoKcPtj5l1+6TDWqcG3S3OiMQwCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBdDAeFw0yNjExMjgyMzI1MDZaFw0yNjExMjkyMzI1MDZaMAwx
CjAIBgNVBAMMAXQwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQ9C2DveMCp1cve
aZ2HNdlhMyHJ1CXGyJO/z3N7l9xq/0QF6Z542UIU7H8EyLNjAM7HXEK9NUaMyExQ
DmO4tdmzo1MwUTAdBgNVHQ4EFgQUH7rqz9jIRV2nc+1wzmSwQ8ACgMYwHwYDVR0j
BBgwFoAUH7rqz9jIRV2nc+1wzmSwQ8ACgMYwDwYDVR0TAQH/BAUwAwEB/zAKBggq
hkjOPQQDAgNJADBGAiEA1xGyccwVC8fuGfje6MIHKw7d4tyY+Imy33ruILFSAYgC
IQCpF86eUvtwN/rahaSqoYlwsr1vnvc4AluRYQUv8v90GA==
-----END CERTIFICATE-----
";
/// `openssl req`
const REQUEST: &str = "\
-----BEGIN CERTIFICATE REQUEST-----
MIHGMG4CAQAwDDEKMAgGA1UEAwwBdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IA
BD0LYO94wKnVy95pnYc12WEzIcnUJcbIk7/Pc3uX3Gr/RAXpnnjZQhTsfwTIs2MA
zsdcQr01RozITFAOY7i12bOgADAKBggqhkjOPQQDAgNIADBFAiAQAYcM+MdpXvBl
a1bXLppgMxZ3fVUaUalioKuhejo7TwIhAJzAPbzLZHWWHsx3U30AfePlo233SIO3
/98PXd8u1JpT
-----END CERTIFICATE REQUEST-----
";
/// `openssl pkcs8 -topk8`
const ENCRYPTED: &str = "\
-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHrMFYGCSqGSIb3DQEFDTBJMCgGCSqGSIb3DQEFDDAbBAjzWCoWMYoezQIBATAM
BggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQPap4MDs7Uqh2aWFweLIRbgSBkLW3
ndW7RmA0S23Ydzi/ZR/3tKlUTUBHnXSzFhR78ZEpK7dHnYa9J/xCVBh+Sjy48Dk/
hkF6Ly6S9IHUIc5mSsMyWSTjmJW3wRPVNEWo9i4LVphbuiPeUc52tuNozVynOlWM
cHoh0mmqFO5wgyGFnlWxbLUDlROkUnQIHXT43g2Y1ZO2Co7kPeib588lGAfT2A==
-----END ENCRYPTED PRIVATE KEY-----
";
/// `openssl ec -aes128`
const ENCRYPTED_SEC1: &str = "\
-----BEGIN EC PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: AES-128-CBC,CC9D5DCBEACD3E1E65E60A9FC5A38093

t2Y1hgyDoa06Qsp7AvIAH6jmnathOddiyz+LDiP6jaWuNtd1TMgb8JDnPiDDlprJ
g7qVqksg32pDHjO6Qov8tRFJAVshf7kLlMX4j8CNJg4uIpdJpyOyAfPXNieIQSk7
aJ2bbGsD+Ovm7tBDpYPRDlVNOWpiaegKErw50ZiZBP4=
-----END EC PRIVATE KEY-----
";
const SECP256K1: &str = "\
-----BEGIN EC PARAMETERS-----
BgUrgQQACg==
-----END EC PARAMETERS-----
-----BEGIN EC PRIVATE KEY-----
MHQCAQEEIA0hFsbgNYGGirD0b1B7R1PL2mbm6l3Ccsy0U1B8Ci+FoAcGBSuBBAAK
oUQDQgAEDW1wO/gpnYXzSfInaUsxTVALeHMSo97jntTDEs73oYH/eW+LyhXQjP/u
nDnpmUgtHbDOrtWHGETSiUdW9aHKXg==
-----END EC PRIVATE KEY-----
";
const SECP256K1_PUBLIC: &str = "\
-----BEGIN PUBLIC KEY-----
MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAEDW1wO/gpnYXzSfInaUsxTVALeHMSo97j
ntTDEs73oYH/eW+LyhXQjP/unDnpmUgtHbDOrtWHGETSiUdW9aHKXg==
-----END PUBLIC KEY-----
";
const P384: &str = "\
-----BEGIN PUBLIC KEY-----
MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEn8ENYEpSgGzebjrF5BhuGL6+aA81HAVL
CZpQ3a+AfM9LIybJtXCSnEFHnV3lH2c6UkjO6w02ql1hndFxnSWGQuT4UN9mDYjh
UivFXQwhdQubQM6IhQhnkW27S/lHrawK
-----END PUBLIC KEY-----
";
const RSA: &str = "\
-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDObTb6lCu/4G607IPnjPmiQI3F
Vut534WDgvHJcun3OVsQ4IFl4xm5ogq/7i590VHPOw21h/7gwUyydNJiJVEAuvO9
giPIXwQXf5dA5Ofo/p9NcMvA/YTUvXs/AZzl55OX3wlgi7Gh1MLs3IryDqIP0l+l
LM7WJG0Xc1AiJ9oCowIDAQAB
-----END PUBLIC KEY-----
";
const ED25519: &str = "\
-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAVjnSlPbMpN2TU6h6GOeNU8G/hTTXc1NoukW9U7ltzMU=
-----END PUBLIC KEY-----
";
/// `openssl x509 -trustout`
const TRUSTED: &str = "\
-----BEGIN TRUSTED CERTIFICATE-----
MIIBbjCCAROgAwIBAgIUV0IoKcPtj5l1+6TDWqcG3S3OiMQwCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBdDAeFw0yNjExMjgyMzI1MDZaFw0yNjExMjkyMzI1MDZaMAwx
CjAIBgNVBAMMAXQwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQ9C2DveMCp1cve
aZ2HNdlhMyHJ1CXGyJO/z3N7l9xq/0QF6Z542UIU7H8EyLNjAM7HXEK9NUaMyExQ
DmO4tdmzo1MwUTAdBgNVHQ4EFgQUH7rqz9jIRV2nc+1wzmSwQ8ACgMYwHwYDVR0j
BBgwFoAUH7rqz9jIRV2nc+1wzmSwQ8ACgMYwDwYDVR0TAQH/BAUwAwEB/zAKBggq
hkjOPQQDAgNJADBGAiEA1xGyccwVC8fuGfje6MIHKw7d4tyY+Imy33ruILFSAYgC
IQCpF86eUvtwN/rahaSqoYlwsr1vnvc4AluRYQUv8v90GA==
-----END TRUSTED CERTIFICATE-----
";
/// `openssl crl2pkcs7`
const PKCS7: &str = "\
-----BEGIN PKCS7-----
MIIBnQYJKoZIhvcNAQcCoIIBjjCCAYoCAQExADALBgkqhkiG9w0BBwGgggFyMIIB
bjCCAROgAwIBAgIUV0IoKcPtj5l1+6TDWqcG3S3OiMQwCgYIKoZIzj0EAwIwDDEK
MAgGA1UEAwwBdDAeFw0yNjExMjgyMzI1MDZaFw0yNjExMjkyMzI1MDZaMAwxCjAI
BgNVBAMMAXQwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQ9C2DveMCp1cveaZ2H
NdlhMyHJ1CXGyJO/z3N7l9xq/0QF6Z542UIU7H8EyLNjAM7HXEK9NUaMyExQDmO4
tdmzo1MwUTAdBgNVHQ4EFgQUH7rqz9jIRV2nc+1wzmSwQ8ACgMYwHwYDVR0jBBgw
FoAUH7rqz9jIRV2nc+1wzmSwQ8ACgMYwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjO
PQQDAgNJADBGAiEA1xGyccwVC8fuGfje6MIHKw7d4tyY+Imy33ruILFSAYgCIQCp
F86eUvtwN/rahaSqoYlwsr1vnvc4AluRYQUv8v90GDEA
-----END PKCS7-----
";
/// `openssl pkcs12 -export`, in base64.
const PKCS12: &str = "\
    MIID/AIBAzCCA7IGCSqGSIb3DQEHAaCCA6MEggOfMIIDmzCCAlIGCSqGSIb3DQEHBqCCAkMwggI/AgEAMIICOAYJKoZIhvcNAQcB\
    MFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAiUD7QULx/WDAICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEED3U\
    Qodh58PvQChEKa8k3RyAggHQgo+VW1weaTxKXpSugQ1aC6JLOI/Yz1p345Q7GGRH9jpR5tYKH5mRf8V3sIUngZSd6LqJ8+Iisv9c\
    lQuTjm2HdcQFEkovUGzQ1q2Z00ISHLopSckj4JZ7QWTaGdMsSfWkXqiD7n4x33KjH159NaoMojLqGogDyGqyb8tGvIETPjtMHGmU\
    DrXc52TTT1T+8TNM/6IF35dbH1BL2vyRcNlvLv1HPtU+HZOfaJP/m2kntNEjXA8MdpYxP+FZaAOO1xKjziOBo4n1xBYbAyYOA4Og\
    8XlMtQK09xxJDS6sm3UW31C2pb+jc5QmmtU1kcrHkvgGnnnB19tuTmeiNMYd9FBDO7qVLNVyVZKbM4Tc4VSjt3ulDPo62Tf/D+dp\
    gyQNZJ5jFl5DJVdX6SpqaAYHcvzx5Rxf9/Ebf1HlT16AklSjNAs0OG5nl0XbC30vrZwSxK93ExC3cJC6MZ+LUcnP+MGZX3ArElGL\
    WUMvtgJ6OdqNi3tmNKvASLScKDRnICwaZoIS57ALpRq++IUoe1+8cyOv5FRVqOf4u3qhacVxzsOENufYQLG42O+Ie2271GPPl9oO\
    lLxeJpgEO7XCuyC9GVHOj+P65IohrFw0PVbB2ei99VMwggFBBgkqhkiG9w0BBwGgggEyBIIBLjCCASowggEmBgsqhkiG9w0BDAoB\
    AqCB7zCB7DBXBgkqhkiG9w0BBQ0wSjApBgkqhkiG9w0BBQwwHAQI8defN0C8RcgCAggAMAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUD\
    BAEqBBApKyjPQ4/Lj5LJeTgQZFmKBIGQLFYdvb6G5ifyoRMB+ngjg3zOohFCkFUu32kckdOvE2qQZG/aO7oi34NJy1I1OpAwBBDJ\
    gSRcwvjhWtbJK58bZ1CqSbWOx4Bad7QZdWfaEkta8ANzgzny+UrxXve7I028UIzbt3njEn7mWFBovASZCtZssqjKqT4Pxn+FEIlb\
    tHnincWPnxGccTtl9TTgtyZ0MSUwIwYJKoZIhvcNAQkVMRYEFLFInk9x/Po7oaPHO9KkNyQcWP9DMEEwMTANBglghkgBZQMEAgEF\
    AAQg6mn8vBkfFTHJ7IDclAOI9c4fHGYgccxJJ870ppbfdlkECBgT2xhSuMLMAgIIAA==";
/// The private key, in hexadecimal.
const SCALAR: &str = "91382207b4f6571ffccdabce981d83a805935ec6712c6b8e98116935a08c562b";

type Bytes = Vec<u8>;

fn public(file: &[u8]) -> Result<ReadKey<PublicKey>, KeyError> {
    PublicKey::read(file)
}

fn private(file: &[u8]) -> Result<ReadKey<Signer>, KeyError> {
    Signer::read("440", "v1", file)
}

/// The public key that all forms hold.
fn key() -> PublicKey {
    PublicKey(*SigningKey::from_slice(&base16ct::lower::decode_vec(SCALAR).unwrap()).unwrap().verifying_key())
}

fn point() -> Bytes {
    key().0.to_sec1_bytes().to_vec()
}

/// What a PEM text holds, its last block.
fn der(pem: &str) -> Bytes {
    let body = pem.rsplit("-----BEGIN ").next().unwrap().split("-----").nth(1).unwrap();
    Base64::decode_vec(&body.replace('\n', "")).unwrap()
}

fn body(pem: &str) -> String {
    Base64::encode_string(&der(pem))
}

fn pem(label: &str, body: &str) -> String {
    format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
}

/// Every way in which a PEM text is found.
fn ways(pem_text: &str) -> Vec<Bytes> {
    let (label, one_line) = (pem_text.split("-----").nth(1).unwrap(), body(pem_text));
    let label =
        if label.contains("PARAMETERS") { "BEGIN EC PRIVATE KEY" } else { label }.strip_prefix("BEGIN ").unwrap();
    let lines = |width: usize| {
        let lines: Vec<_> = one_line.as_bytes().chunks(width).map(|line| str::from_utf8(line).unwrap()).collect();
        pem(label, &lines.join("\n"))
    };
    let utf16 = |bytes: fn(u16) -> [u8; 2]| format!("\u{feff}{pem_text}").encode_utf16().flat_map(bytes).collect();
    let texts = [
        pem_text.to_owned(),
        pem(label, &one_line),
        lines(76),
        lines(19),
        format!("\n\n{pem_text}\n\n \n"),
        format!("The key of the server, \u{9375}:\nBag Attributes\n    localKeyID: 01\n{pem_text}And so on.\n"),
        format!("\u{feff}{pem_text}"),
        pem_text.replace('\n', "\r\n"),
        pem_text.replace('\n', "\r"),
        pem_text.replace('\n', " \t\n"),
        pem_text.replace('\n', "\n\n"),
        pem_text.trim_end().to_owned(),
        pem_text.replace('\n', " "),
        pem_text.replace('\n', ""),
        format!("\"{}\"", pem_text.replace('\n', "\\n")),
        pem_text.replace('=', ""),
        format!("{pem_text}{pem_text}"),
        Base64::encode_string(pem_text.as_bytes()),
    ];
    let latin1 = [b"# cl\xe9 publique\n".as_slice(), pem_text.as_bytes()].concat();
    let mut ways: Vec<Bytes> = texts.into_iter().map(String::into_bytes).collect();
    ways.extend([latin1, utf16(u16::to_le_bytes), utf16(u16::to_be_bytes)]);
    ways
}

/// Every way in which bytes are written as text, and as they are.
fn texts(bytes: &[u8]) -> Vec<Bytes> {
    let hex = base16ct::lower::encode_string(bytes);
    let pairs: Vec<&str> = hex.as_bytes().chunks(2).map(|pair| str::from_utf8(pair).unwrap()).collect();
    let base64 = Base64::encode_string(bytes);
    let texts = [
        base64.replace('=', ""),
        Base64Url::encode_string(bytes),
        Base64UrlUnpadded::encode_string(bytes),
        format!("\u{feff}{base64}\r\n"),
        format!("\"{base64}\""),
        base64.as_bytes().chunks(64).map(|line| format!("{}\n", str::from_utf8(line).unwrap())).collect(),
        hex.to_uppercase(),
        format!("0x{hex}\n"),
        pairs.join(":"),
        format!(" {} ", pairs.join(" ")),
        pairs.join("\n"),
        base64,
        hex,
    ];
    texts.into_iter().map(String::into_bytes).chain([bytes.to_vec()]).collect()
}

#[test]
fn every_form_of_a_public_key_is_the_same_key() {
    let (point, compressed) = (point(), key().0.to_sec1_point(true).as_bytes().to_vec());
    let hybrid = [&[6 | point[64] & 1], &point[1..]].concat();
    let forms = [
        (PUBLIC, &[][..]),
        (COMPRESSED, &[]),
        (HYBRID, &[KeyNote::HybridPoint]),
        (EXPLICIT, &[KeyNote::ExplicitParameters]),
        (EXPLICIT_COMPRESSED, &[KeyNote::ExplicitParameters]),
        (CERTIFICATE, &[KeyNote::Certificate]),
        (REQUEST, &[KeyNote::CertificateRequest]),
    ];
    let of_pem = forms.iter().flat_map(|(form, notes)| ways(form).into_iter().map(|way| (way, *notes)));
    let of_der = forms.iter().flat_map(|(form, notes)| texts(&der(form)).into_iter().map(|way| (way, *notes)));
    let bare = [(&point, &[][..]), (&point[1..].to_vec(), &[]), (&compressed, &[]), (&hybrid, &[KeyNote::HybridPoint])];
    let of_point = bare.iter().flat_map(|(form, notes)| texts(form).into_iter().map(|way| (way, *notes)));
    let mut ways = 0;
    for (way, notes) in of_pem.chain(of_der).chain(of_point) {
        let expected = ReadKey { key: key(), notes: notes.to_vec() };
        assert_eq!(public(&way).as_ref(), Ok(&expected), "{}", String::from_utf8_lossy(&way));
        assert_eq!(private(&way).err(), Some(KeyError::Public));
        ways += 1;
    }
    assert_eq!(ways, 7 * (21 + 14) + 4 * 14);
    // Whatever the label says, the contents decide.
    for label in ["X509 CERTIFICATE", "EC PUBLIC KEY", "ANY KEY"] {
        assert_eq!(public(pem(label, &body(PUBLIC)).as_bytes()).map(|found| found.key), Ok(key()), "{label}");
    }
}

#[test]
fn every_form_of_a_private_key_is_the_same_key() {
    let mut ways_there_are = 0;
    for (form, notes) in [
        (SEC1, &[][..]),
        (PKCS8, &[]),
        (EXPLICIT_SEC1, &[KeyNote::ExplicitParameters]),
        (EXPLICIT_PKCS8, &[KeyNote::ExplicitParameters]),
    ] {
        for way in ways(form).into_iter().chain(texts(&der(form))) {
            let found = private(&way).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&way)));
            assert_eq!((found.key.public_key(), &*found.notes), (key(), notes));
            assert_eq!(public(&way), Err(KeyError::Private));
            ways_there_are += 1;
        }
    }
    assert_eq!(ways_there_are, 4 * (21 + 14));
    // The public key or the certificate of the same key may stand beside it.
    for (beside, notes) in [(PUBLIC, &[][..]), (CERTIFICATE, &[KeyNote::Certificate])] {
        for file in [format!("{SEC1}{beside}"), format!("{beside}{PKCS8}")] {
            let found = private(file.as_bytes()).unwrap();
            assert_eq!((found.key.public_key(), &*found.notes), (key(), notes));
            assert_eq!(public(file.as_bytes()), Err(KeyError::Private), "trusting needs no private key");
        }
    }
}

#[test]
fn what_is_no_key_of_ours_is_named() {
    let other_key = pem(
        "PUBLIC KEY",
        &Base64::encode_string(&{
            let other = SigningKey::from_slice(&[7; 32]).unwrap();
            [&der(PUBLIC)[..26], &*other.verifying_key().to_sec1_bytes()].concat()
        }),
    );
    let cut = |pem: &str, at: usize| pem[..at].to_owned();
    let parameters = &SEC1[..SEC1.find("-----BEGIN EC PRIVATE").unwrap()];
    let k1_parameters = &SECP256K1[..SECP256K1.find("-----BEGIN EC PRIVATE").unwrap()];
    let sec1 = &SEC1[parameters.len()..];
    for (file, expected) in [
        (String::new(), "it is empty"),
        ("\r\n \n".to_owned(), "it is empty"),
        ("hello".to_owned(), "5 bytes that are no key"),
        ("It was a dark night.".to_owned(), "20 bytes that are no key"),
        (SECP256K1.to_owned(), "curve secp256k1;"),
        (SECP256K1_PUBLIC.to_owned(), "curve secp256k1;"),
        (body(SECP256K1_PUBLIC), "curve secp256k1;"),
        (format!("{k1_parameters}{sec1}"), "curve secp256k1;"),
        (P384.to_owned(), "curve P-384 (secp384r1);"),
        (RSA.to_owned(), "a key for RSA;"),
        (ED25519.to_owned(), "a key for Ed25519;"),
        (ENCRYPTED.to_owned(), "passphrase"),
        (body(ENCRYPTED), "passphrase"),
        (ENCRYPTED_SEC1.to_owned(), "passphrase"),
        (TRUSTED.to_owned(), "`openssl x509 -in FILE"),
        (PKCS7.to_owned(), "PKCS#7"),
        (body(PKCS7), "PKCS#7"),
        (PKCS12.to_owned(), "PKCS#12"),
        (r#"{"kty":"EC","crv":"P-256"}"#.to_owned(), "JSON Web Key"),
        ("ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTY= me".to_owned(), "`ssh-keygen -e -m PKCS8"),
        (pem("OPENSSH PRIVATE KEY", "AAAA"), "OpenSSH private key"),
        (pem("PGP PUBLIC KEY BLOCK", "AAAA"), "OpenPGP"),
        (format!("{PUBLIC}{other_key}"), "2 different keys"),
        (format!("{other_key}{CERTIFICATE}"), "2 different keys"),
        (format!("{PUBLIC}{other_key}{SECP256K1_PUBLIC}"), "curve secp256k1;"),
        (parameters.to_owned(), "EC PARAMETERS alone"),
        (cut(PUBLIC, 100), "the PEM block \"PUBLIC KEY\" has no line -----END"),
        (cut(PUBLIC, 100) + &other_key, "the PEM block \"PUBLIC KEY\" has no line -----END"),
        (PUBLIC.replace("MFk", "MF*"), "the PEM block \"PUBLIC KEY\" holds something else than base64"),
        (pem("PUBLIC KEY", ""), "not a well-formed DER"),
        (pem("PUBLIC KEY", &body(PUBLIC)[..80]), "not a well-formed DER"),
        (pem("PUBLIC KEY", "MAA="), "DER of something else"),
    ] {
        let found = [public(file.as_bytes()).map(drop).unwrap_err(), private(file.as_bytes()).map(drop).unwrap_err()];
        // Of a private key of another curve, that it is of another curve.
        assert!(found.iter().all(|error| error.to_string().contains(expected)), "{file}\n{found:?}");
    }
    assert_eq!(
        public(&[0xfe, 0xed, 0xfe, 0xed, 0, 0]).unwrap_err().to_string().split(',').next(),
        Some("a Java key store")
    );
    for bytes in [&point()[..40], &[4; 65], &[0; 64]] {
        assert!(public(bytes).is_err(), "{bytes:?}");
    }
    let mut hybrid = der(HYBRID);
    hybrid[26] ^= 1;
    assert_eq!(public(&hybrid), Err(KeyError::NotAPoint { bytes: 65 }), "a hybrid point that contradicts itself");
}

/// Under parameters of one's own choice everybody has a private key to every public one.
#[test]
fn parameters_that_are_not_all_of_p256_are_refused() {
    let explicit = der(EXPLICIT);
    let hex = base16ct::lower::encode_string(&explicit);
    let generator = hex.find("046b17d1f2").unwrap() / 2;
    let mut curveball = explicit.clone();
    curveball[generator..generator + 65].copy_from_slice(&point());
    assert_eq!(public(&curveball), Err(KeyError::OtherParameters));
    let key_start = explicit.len() - 65;
    // Past the heads and the algorithm's name: every byte of the parameters but the version and the seed, which
    // say nothing.
    let (version, seed) = (20..23, hex.find("c49d3608").unwrap() / 2);
    for at in (17..key_start).filter(|at| !version.contains(at) && !(seed - 3..seed + 20).contains(at)) {
        let mut bent = explicit.clone();
        bent[at] ^= 1;
        assert!(public(&bent).is_err(), "byte {at}");
    }
}

#[test]
fn a_label_that_runs_into_the_key_is_not_told() {
    let damaged = SEC1.replacen("-----\n", "----\0\n", 1);
    for file in [damaged.replace("-----END", "-----BEGIN"), damaged] {
        let error = private(file.as_bytes()).map(drop).unwrap_err();
        assert_eq!(error, KeyError::PemUnfinished { label: "with a damaged first line".to_owned() }, "{file}");
    }
}

#[test]
fn a_file_has_a_limit_and_an_error_of_its_reader_is_told() {
    let padded = |length: usize| [PUBLIC.as_bytes(), &vec![b'\n'; length - PUBLIC.len()]].concat();
    assert!(public(&padded(MAX_KEY_FILE_BYTES)).is_ok());
    assert_eq!(public(&padded(MAX_KEY_FILE_BYTES + 1)), Err(KeyError::TooLong));
    assert_eq!(PublicKey::read(std::io::repeat(0)), Err(KeyError::TooLong));
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the disk is gone"))
        }
    }
    assert_eq!(PublicKey::read(Broken), Err(KeyError::Unreadable { detail: "the disk is gone".to_owned() }));
}

proptest! {
    #[test]
    fn no_file_panics_and_no_error_tells_of_a_private_key(
        form in prop::sample::select(vec![SEC1, PKCS8, EXPLICIT_SEC1, EXPLICIT, CERTIFICATE, REQUEST, ENCRYPTED]),
        is_der in any::<bool>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut file = if is_der { der(form) } else { form.as_bytes().to_vec() };
        let length = file.len();
        for (at, byte) in changes {
            file[at.index(length)] = byte;
        }
        file.truncate(cut.index(length * 2));
        if let Ok(found) = public(&file) {
            // What is read is a point of the curve, and reads again.
            prop_assert_eq!(found.key.to_pem().unwrap().parse(), Ok(found.key));
        }
        for error in [public(&file).map(drop), private(&file).map(drop)].into_iter().filter_map(Result::err) {
            let told = format!("{error} {error:?}");
            prop_assert!(!told.contains("kTgi") && !told.contains("913822") && !told.contains("145, 56"), "{}", told);
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(file in prop::collection::vec(any::<u8>(), 0..200), marks in any::<bool>()) {
        let file = if marks { [b"-----BEGIN X-----".as_slice(), &file, b"-----END X-----"].concat() } else { file };
        let _ = public(&file);
        let _ = private(&file);
    }
}
