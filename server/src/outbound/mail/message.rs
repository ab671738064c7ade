//! A letter as RFC 5322 and MIME have it.

use domain::mail::{Mail, MailError};
use lettre::{
    Address, Message,
    error::Error,
    message::{
        Body, Mailbox, MultiPart, SinglePart,
        header::{ContentTransferEncoding, ContentType, Header, HeaderName, HeaderValue},
    },
};
use secrecy::ExposeSecret;
use std::time::SystemTime;

/// The whole message, plain text and HTML side by side.
pub(super) fn message(mail: &Mail, from: &Mailbox) -> Result<Message, MailError> {
    let address: Address = mail
        .to
        .parse()
        .map_err(|_| MailError::permanent("The address is none that mail can be sent to."))?;
    let name = (!mail.to_name.is_empty()).then(|| mail.to_name.clone());
    let both = MultiPart::alternative()
        .singlepart(text(mail.text.expose_secret()))
        .singlepart(SinglePart::html(mail.html.expose_secret().to_owned()));
    Message::builder()
        .from(from.clone())
        .to(Mailbox::new(name, address))
        .subject(mail.subject.as_str())
        .date(SystemTime::from(mail.at))
        .message_id(Some(format!("<{}@{}>", mail.id, from.email.domain())))
        .header(AutoSubmitted)
        .multipart(both)
        .map_err(|_: Error| MailError::permanent("The letter cannot be written as a mail."))
}

/// Plain text as it is, where it is ASCII: a long link then stays in one piece, also for whoever
/// reads the file. lettre itself would break lines of more than 76 characters; RFC 5322 allows 998,
/// and no letter has as many.
fn text(text: &str) -> SinglePart {
    let part = SinglePart::builder().header(ContentType::TEXT_PLAIN);
    if !text.is_ascii() {
        return part.body(text.to_owned());
    }
    let lines = text.replace('\n', "\r\n").into_bytes();
    part.body(Body::dangerous_pre_encoded(lines, ContentTransferEncoding::SevenBit))
}

/// RFC 3834: keeps out-of-office answers away.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}
