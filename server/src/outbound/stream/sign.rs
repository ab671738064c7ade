//! AWS Signature Version 4, for requests of S3's form.

use hmac::{Hmac, KeyInit, Mac};
use model::hex::hex;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest, Sha256};
use time::{
    OffsetDateTime, format_description::StaticFormatDescription, macros::format_description,
};

const DAY: StaticFormatDescription = format_description!("[year][month][day]");
const MOMENT: StaticFormatDescription =
    format_description!("[year][month][day]T[hour][minute][second]Z");
/// What stands in a path as it is.
const PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'/');

/// HMAC-SHA-256.
pub(super) fn hmac(key: &[u8], text: impl AsRef<[u8]>) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("keys may have any length");
    mac.update(text.as_ref());
    mac.finalize().into_bytes().into()
}

/// Who signs, for where.
pub(super) struct Signer<'a> {
    pub(super) access_key: &'a str,
    pub(super) secret_key: &'a str,
    pub(super) region: &'a str,
}

/// A request without a query.
pub(super) struct Unsigned<'a> {
    pub(super) method: &'a str,
    /// Host, and port where it is not the usual one.
    pub(super) host: &'a str,
    /// As [`path`] writes it.
    pub(super) path: &'a str,
    /// Further headers that are signed: small letters.
    pub(super) headers: &'a [(&'a str, &'a str)],
    pub(super) body: &'a [u8],
    pub(super) at: OffsetDateTime,
}

/// A path as it is signed and sent.
pub(super) fn path(plain: &str) -> String {
    utf8_percent_encode(plain, PATH).to_string()
}

/// The headers that a request needs besides its own: date, sum of the body, and signature.
pub(super) fn headers(signer: &Signer<'_>, request: &Unsigned<'_>) -> [(&'static str, String); 3] {
    let moment = request.at.format(MOMENT).expect("a date has digits");
    let day = request.at.format(DAY).expect("a date has digits");
    let sum = hex(&Sha256::digest(request.body));
    let mut signed = vec![
        ("host", request.host),
        ("x-amz-content-sha256", sum.as_str()),
        ("x-amz-date", moment.as_str()),
    ];
    signed.extend_from_slice(request.headers);
    signed.sort_unstable();
    let names: Vec<&str> = signed.iter().map(|(name, _)| *name).collect();
    let names = names.join(";");
    let lines: String = signed.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let Unsigned { method, path, .. } = request;
    let canonical = format!("{method}\n{path}\n\n{lines}\n{names}\n{sum}");
    let scope = format!("{day}/{}/s3/aws4_request", signer.region);
    let digest = hex(&Sha256::digest(canonical));
    let text = format!("AWS4-HMAC-SHA256\n{moment}\n{scope}\n{digest}");
    let first = format!("AWS4{}", signer.secret_key);
    let steps = [day.as_str(), signer.region, "s3", "aws4_request"];
    let key = steps.iter().fold(first.into_bytes(), |key, step| hmac(&key, step).to_vec());
    let signature = hex(&hmac(&key, text));
    let access = signer.access_key;
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={access}/{scope},SignedHeaders={names},Signature={signature}"
    );
    [("x-amz-date", moment), ("x-amz-content-sha256", sum), ("authorization", authorization)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    /// From "Authenticating Requests: Using the Authorization Header" of the S3 API reference.
    fn signed(request: &Unsigned<'_>) -> String {
        let signer = Signer {
            access_key: "AKIAIOSFODNN7EXAMPLE",
            secret_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            region: "us-east-1",
        };
        let [_, _, (_, authorization)] = headers(&signer, request);
        authorization.split_once("Signature=").unwrap().1.to_owned()
    }

    #[test]
    fn the_examples_of_the_reference_are_signed_as_it_says() {
        let host = "examplebucket.s3.amazonaws.com";
        let at = datetime!(2013-05-24 00:00 UTC);
        let get = Unsigned {
            method: "GET",
            host,
            path: "/test.txt",
            headers: &[("range", "bytes=0-9")],
            body: b"",
            at,
        };
        let expected = "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41";
        assert_eq!(signed(&get), expected);
        let headers = [
            ("date", "Fri, 24 May 2013 00:00:00 GMT"),
            ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
        ];
        let path = path("/test$file.text");
        let body = b"Welcome to Amazon S3.";
        let put = Unsigned { method: "PUT", host, path: &path, headers: &headers, body, at };
        let expected = "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd";
        assert_eq!(signed(&put), expected);
    }

    #[test]
    fn hmac_is_that_of_rfc_4231() {
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(hex(&hmac(b"Jefe", "what do ya want for nothing?")), expected);
    }
}
