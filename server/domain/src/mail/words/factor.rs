//! Letters about second factors.

use super::{Button, IF_NOT_YOU, Words};

pub(super) fn factor_added(what: &str, at: &str) -> Words {
    Words {
        subject: "A second factor was added to your account",
        paragraphs: vec![
            format!("On {at} a second factor was added to your account: {what}."),
            "If it was you, there is nothing to do. If it was not you, remove it and choose a new \
             password."
                .into(),
        ],
        button: Button::to("Look at your security", "/account/security"),
    }
}

pub(super) fn factor_removed(what: &str, at: &str) -> Words {
    Words {
        subject: "A second factor was removed from your account",
        paragraphs: vec![
            format!("On {at} a second factor was removed from your account: {what}."),
            IF_NOT_YOU.into(),
        ],
        button: Button::to("Look at your security", "/account/security"),
    }
}

pub(super) fn recovery_code_used(left: u32, at: &str) -> Words {
    let left = match left {
        0 => "None is left: make new ones before you need one.".to_owned(),
        1 => "One is left: make new ones soon.".to_owned(),
        more => format!("{more} are left."),
    };
    Words {
        subject: "A recovery code was used",
        paragraphs: vec![
            format!("On {at} somebody used one of your recovery codes. {left}"),
            IF_NOT_YOU.into(),
        ],
        button: Button::to("Look at your security", "/account/security"),
    }
}

pub(super) fn recovery_codes_renewed(at: &str) -> Words {
    Words {
        subject: "Your recovery codes were replaced",
        paragraphs: vec![
            format!("On {at} new recovery codes were made for your account. The old ones ended."),
            IF_NOT_YOU.into(),
        ],
        button: Button::to("Look at your security", "/account/security"),
    }
}
