//! Icons: a few of Lucide's, drawn inline.
//!
//! Lucide (lucide.dev) is under the ISC licence, Copyright (c) Lucide Icons and Contributors;
//! parts are derived from Feather, under the MIT licence, Copyright (c) 2013-present Cole Bemis.
//! Both texts are in `public/licences/Lucide-ISC.txt`.

use leptos::prelude::*;

/// One picture, always beside words or an `aria-label`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    Alert,
    Book,
    Chart,
    Check,
    ChevronLeft,
    ChevronRight,
    Clock,
    Contrast,
    Copy,
    Dots,
    Download,
    Eye,
    Key,
    Lock,
    Menu,
    Plus,
    Print,
    Scroll,
    Select,
    Shield,
    Tag,
    Terminal,
    Users,
}

impl Icon {
    /// The drawing on a 24 x 24 ground.
    const fn drawing(self) -> &'static str {
        match self {
            Self::Alert => concat!(
                r#"<path d="m21.73 18-8-14a2 2 0 0 0-3.48 0l-8 14A2 2 0 0 0 4 21h16a2 2 0 0 0 "#,
                r#"1.73-3"/><path d="M12 9v4"/><path d="M12 17h.01"/>"#
            ),
            Self::Book => concat!(
                r#"<path d="M12 5v16"/><path d="M16 13h2"/><path d="M16 9h2"/><path d="M20.001 "#,
                r#"19A2 2 0 0022 17V5a2 2 0 00-1.999-2L16 3.002A5 5 0 0012 5a5 5 0 00-4-2H4a2 2 "#,
                r#"0 00-2 2v12a2 2 0 001.999 2H8a5 5 0 014 2 5 5 0 014-2z"/><path d="M6 13h2"/>"#,
                r#"<path d="M6 9h2"/>"#
            ),
            Self::Chart => {
                r#"<path d="M3 3v16a2 2 0 0 0 2 2h16"/><path d="M18 17V9"/><path d="M13 17V5"/><path d="M8 17v-3"/>"#
            }
            Self::Check => r#"<path d="M20 6 9 17l-5-5"/>"#,
            Self::ChevronLeft => r#"<path d="m15 18-6-6 6-6"/>"#,
            Self::ChevronRight => r#"<path d="m9 18 6-6-6-6"/>"#,
            Self::Clock => r#"<circle cx="12" cy="12" r="10"/><path d="M12 6v6l4 2"/>"#,
            Self::Contrast => {
                r#"<circle cx="12" cy="12" r="10"/><path d="M12 18a6 6 0 0 0 0-12v12z"/>"#
            }
            Self::Copy => concat!(
                r#"<rect width="14" height="14" x="8" y="8" rx="2" ry="2"/><path d="M4 16c-1.1 "#,
                r#"0-2-.9-2-2V4c0-1.1.9-2 2-2h10c1.1 0 2 .9 2 2"/>"#
            ),
            Self::Dots => concat!(
                r#"<circle cx="12" cy="12" r="1"/><circle cx="19" cy="12" r="1"/>"#,
                r#"<circle cx="5" cy="12" r="1"/>"#
            ),
            Self::Download => concat!(
                r#"<path d="M12 15V3"/><path d="M21 15v4a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-4"/>"#,
                r#"<path d="m7 10 5 5 5-5"/>"#
            ),
            Self::Eye => concat!(
                r#"<path d="M2.062 12.348a1 1 0 0 1 0-.696 10.75 10.75 0 0 1 19.876 0 1 1 0 0 1 "#,
                r#"0 .696 10.75 10.75 0 0 1-19.876 0"/><circle cx="12" cy="12" r="3"/>"#
            ),
            Self::Key => concat!(
                r#"<path d="M2.586 17.414A2 2 0 0 0 2 18.828V21a1 1 0 0 0 1 1h3a1 1 0 0 0 1-1v-1"#,
                r#"a1 1 0 0 1 1-1h1a1 1 0 0 0 1-1v-1a1 1 0 0 1 1-1h.172a2 2 0 0 0 1.414-.586"#,
                r#"l.814-.814a6.5 6.5 0 1 0-4-4z"/>"#,
                r#"<circle cx="16.5" cy="7.5" r=".5" fill="currentColor"/>"#
            ),
            Self::Lock => concat!(
                r#"<rect width="18" height="11" x="3" y="11" rx="2" ry="2"/>"#,
                r#"<path d="M7 11V7a5 5 0 0 1 10 0v4"/>"#
            ),
            Self::Menu => r#"<path d="M4 5h16"/><path d="M4 12h16"/><path d="M4 19h16"/>"#,
            Self::Plus => r#"<path d="M5 12h14"/><path d="M12 5v14"/>"#,
            Self::Print => concat!(
                r#"<path d="M6 18H4a2 2 0 0 1-2-2v-5a2 2 0 0 1 2-2h16a2 2 0 0 1 2 2v5a2 2 0 0 1"#,
                r#"-2 2h-2"/><path d="M6 9V3a1 1 0 0 1 1-1h10a1 1 0 0 1 1 1v6"/>"#,
                r#"<rect x="6" y="14" width="12" height="8" rx="1"/>"#
            ),
            Self::Scroll => concat!(
                r#"<path d="M15 12h-5"/><path d="M15 8h-5"/><path d="M19 17V5a2 2 0 0 0-2-2H4"/>"#,
                r#"<path d="M8 21h12a2 2 0 0 0 2-2v-1a1 1 0 0 0-1-1H11a1 1 0 0 0-1 1v1a2 2 0 1 1"#,
                r#"-4 0V5a2 2 0 1 0-4 0v2a1 1 0 0 0 1 1h3"/>"#
            ),
            Self::Select => r#"<path d="m7 15 5 5 5-5"/><path d="m7 9 5-5 5 5"/>"#,
            Self::Shield => concat!(
                r#"<path d="M20 13c0 5-3.5 7.5-7.66 8.95a1 1 0 0 1-.67-.01C7.5 20.5 4 18 4 13V6a1 "#,
                r#"1 0 0 1 1-1c2 0 4.5-1.2 6.24-2.72a1.17 1.17 0 0 1 1.52 0C14.51 3.81 17 5 19 5a"#,
                r#"1 1 0 0 1 1 1z"/>"#
            ),
            Self::Tag => concat!(
                r#"<path d="M12.586 2.586A2 2 0 0 0 11.172 2H4a2 2 0 0 0-2 2v7.172a2 2 0 0 0 "#,
                r#".586 1.414l8.704 8.704a2.426 2.426 0 0 0 3.42 0l6.58-6.58a2.426 2.426 0 0 0 "#,
                r#"0-3.42z"/><circle cx="7.5" cy="7.5" r=".5" fill="currentColor"/>"#
            ),
            Self::Terminal => r#"<path d="M12 19h8"/><path d="m4 17 6-6-6-6"/>"#,
            Self::Users => concat!(
                r#"<path d="M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2"/>"#,
                r#"<circle cx="9" cy="7" r="4"/><path d="M22 21v-2a4 4 0 0 0-3-3.87"/>"#,
                r#"<path d="M16 3.13a4 4 0 0 1 0 7.75"/>"#
            ),
        }
    }

    /// The picture, hidden from screen readers.
    pub fn draw(self) -> AnyView {
        self.draw_with("icon")
    }

    /// The picture with these classes.
    pub fn draw_with(self, class: &'static str) -> AnyView {
        view! {
            <svg
                class=class
                viewBox="0 0 24 24"
                fill="none"
                stroke="currentColor"
                stroke-linecap="round"
                stroke-linejoin="round"
                aria-hidden="true"
                inner_html=self.drawing()
            ></svg>
        }
        .into_any()
    }
}
