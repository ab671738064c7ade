//! Forms with a file (`multipart/form-data`, RFC 7578): the file is a field like the others, of text.

use super::fields::Field;
use crate::http::{failure::Told, refusal::Refusal};
use bytes::Bytes;
use http::{HeaderMap, header};
use model::Failure;
use std::convert::Infallible;

pub(super) const KIND: &str = "multipart/form-data";

/// The fields of a body that has been read whole.
pub(super) async fn decode(headers: &HeaderMap, body: Bytes) -> Result<Vec<Field>, Told> {
    let no_form = |_| Told::Refusal(Refusal::NotAForm);
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let boundary = multer::parse_boundary(kind.unwrap_or_default()).map_err(no_form)?;
    let whole = futures::stream::once(async { Ok::<_, Infallible>(body) });
    let mut parts = multer::Multipart::new(whole, boundary);
    let mut fields = Vec::new();
    while let Some(part) = parts.next_field().await.map_err(no_form)? {
        let name = part.name().unwrap_or_default().to_owned();
        let bytes = part.bytes().await.map_err(no_form)?;
        let Ok(text) = String::from_utf8(bytes.into()) else {
            let said = "This is not UTF-8 text. Save it as CSV UTF-8 and choose it again.";
            return Err(Told::Failure(Failure::field(&name, said)));
        };
        fields.push((name, text));
    }
    Ok(fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    async fn read(body: &'static [u8]) -> Result<Vec<Field>, Told> {
        let kind = HeaderValue::from_static("multipart/form-data; boundary=x");
        let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, kind)]);
        decode(&headers, Bytes::from_static(body)).await
    }

    #[tokio::test]
    async fn a_file_is_a_field_of_text() {
        let fields = read(
            b"--x\r\nContent-Disposition: form-data; name=\"team\"\r\n\r\nhalden\r\n\
              --x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"r.csv\"\r\n\
              Content-Type: text/csv\r\n\r\nkeyword,url\r\nsk\xc3\xb8,https://x.example\r\n--x--\r\n",
        )
        .await
        .expect("a form");
        let file = "keyword,url\r\nskø,https://x.example";
        assert_eq!(fields, [("team".into(), "halden".into()), ("file".into(), file.to_owned())]);
    }

    #[tokio::test]
    async fn what_is_no_form_or_no_text_is_refused() {
        let cut = read(b"--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nkey").await;
        assert!(matches!(cut, Err(Told::Refusal(Refusal::NotAForm))), "{cut:?}");
        let latin =
            b"--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n\xff\r\n--x--\r\n";
        let Err(Told::Failure(Failure::Invalid(errors))) = read(latin).await else {
            panic!("it was read")
        };
        assert_eq!(errors[0].field, "file");
        assert!(decode(&HeaderMap::new(), Bytes::new()).await.is_err());
    }
}
