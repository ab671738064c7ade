//! What the HTTP layer itself refuses: the one table of status, title and sentence.

use super::failure::PAUSE;
use http::StatusCode;

macro_rules! refusals {
    ($($variant:ident = $status:ident, $title:literal, $sentence:literal;)*) => {
        /// A request that never reached an operation, or whose operation never answered.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Refusal {
            $(#[doc = $title] $variant,)*
        }

        impl Refusal {
            /// Every refusal.
            #[cfg(test)]
            pub(super) const ALL: &[Self] = &[$(Self::$variant,)*];

            pub(super) const fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status,)* }
            }

            /// A heading of a few words.
            pub(super) const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }

            /// What is wrong, then what to do.
            pub(super) const fn sentence(self) -> &'static str {
                match self { $(Self::$variant => $sentence,)* }
            }
        }
    };
}

refusals! {
    NoPage = NOT_FOUND, "Not found",
        "There is nothing here, or you may not see it.";
    NoEndpoint = NOT_FOUND, "No such endpoint",
        "The API has nothing at this path. /v1/openapi.json lists what there is.";
    NoFile = NOT_FOUND, "No such file",
        "There is no such file. Load the page again: a new version may have been installed.";
    Method = METHOD_NOT_ALLOWED, "Wrong method",
        "This address does not take that method. The Allow header names what it takes.";
    NotAForm = UNSUPPORTED_MEDIA_TYPE, "Not a form",
        "Forms are sent as application/x-www-form-urlencoded. Set that Content-Type.";
    NotJsonType = UNSUPPORTED_MEDIA_TYPE, "Not JSON",
        "The API takes JSON. Set the header Content-Type: application/json.";
    NotJson = BAD_REQUEST, "Not JSON",
        "The body is not JSON. Look in /v1/openapi.json for what this takes.";
    NotUtf8 = BAD_REQUEST, "Not UTF-8",
        "The body is not UTF-8 text. Encode it as UTF-8 and send it again.";
    CutShort = BAD_REQUEST, "Cut short",
        "The body ended before it was complete. Send it again.";
    TooLarge = PAYLOAD_TOO_LARGE, "Too large",
        "The body is larger than 64 kB. Send less.";
    BatchTooLarge = PAYLOAD_TOO_LARGE, "Too large",
        "The body is larger than 1 MB. Send fewer keys at once.";
    TextTooLarge = PAYLOAD_TOO_LARGE, "Too large",
        "The body is larger than 1 MB. Send the text in parts.";
    EventsTooLarge = PAYLOAD_TOO_LARGE, "Too large",
        "The body is larger than 4 MB. Send fewer events at once.";
    FileTooLarge = PAYLOAD_TOO_LARGE, "Too large",
        "The file is larger than 16 MB. Split it, and send one part after the other.";
    ManyFiles = SERVICE_UNAVAILABLE, "Too many files",
        "Other files are being read, so this one was not taken. Send it again in a few seconds.";
    NoKey = UNAUTHORIZED, "No API key",
        "No API key came with this. Send yours in Authorization: Bearer … or in X-Api-Key.";
    KeyRefused = UNAUTHORIZED, "API key refused",
        "This API key does not work. The header X-Probity-Code says why.";
    KeyForbidden = FORBIDDEN, "Not with this API key",
        "This API key may not do this, or not from here. The header X-Probity-Code says why.";
    KeyLimited = TOO_MANY_REQUESTS, "API key used up",
        "This API key was used too often. The header Retry-After says when to come again.";
    ForwardQuery = UNPROCESSABLE_ENTITY, "Not understood",
        "The address takes scopes, resource and cost, and nothing else. Look at how the proxy is \
         set up.";
    CrossSite = FORBIDDEN, "Sent from another site",
        "This came from a page that is not part of this Probity, so nothing was done. \
         Open the page here and try again.";
    Starting = SERVICE_UNAVAILABLE, "Starting",
        "Probity is starting and will be ready in a few seconds. Try again.";
    NoDatabase = SERVICE_UNAVAILABLE, "Not ready",
        "The database does not answer. Try again; if it stays so, look at the log.";
    Slow = SERVICE_UNAVAILABLE, "Took too long",
        "This took longer than 30 seconds and was given up. Look whether it was done, then try \
         again.";
    Broken = INTERNAL_SERVER_ERROR, "Something broke",
        "Probity failed while doing this, and the log says why. Tell your operator the request id.";
}

impl Refusal {
    /// Seconds after which another try makes sense.
    pub(super) const fn retry_after(self) -> Option<u32> {
        match self {
            Self::Starting => Some(2),
            Self::NoDatabase | Self::Slow | Self::ManyFiles => Some(PAUSE),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_says_what_is_wrong_and_what_to_do() {
        for refusal in Refusal::ALL {
            let sentence = refusal.sentence();
            assert!(sentence.ends_with('.'), "{refusal:?}");
            assert!(sentence.split(['.', ';', ',']).count() > 2, "{refusal:?}: {sentence}");
        }
    }

    #[test]
    fn what_may_pass_says_when_to_come_back() {
        for refusal in Refusal::ALL {
            let unavailable = refusal.status() == StatusCode::SERVICE_UNAVAILABLE;
            assert_eq!(refusal.retry_after().is_some(), unavailable, "{refusal:?}");
        }
    }
}
