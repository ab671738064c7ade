//! Rate limits: the one table of how often something may be tried.

macro_rules! limits {
    ($($variant:ident = $name:literal, $burst:literal per $seconds:literal, $about:literal;)*) => {
        /// Something that may be tried only so often. Counted in PostgreSQL; if it cannot be
        /// counted, the answer is no.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Limit {
            $(#[doc = $about] $variant,)*
        }

        impl Limit {
            /// Every limit.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name stored with its buckets.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// So many at once …
            pub const fn burst(self) -> u32 {
                match self { $(Self::$variant => $burst,)* }
            }

            /// … and as many again after this many seconds, refilled evenly.
            pub const fn seconds(self) -> u32 {
                match self { $(Self::$variant => $seconds,)* }
            }

            /// What is counted, for the documentation.
            pub const fn about(self) -> &'static str {
                match self { $(Self::$variant => $about,)* }
            }
        }
    };
}

limits! {
    SignInAccount = "sign_in.account", 10 per 900, "Sign-in tries for one account";
    SignInAddress = "sign_in.address", 30 per 900, "Sign-in tries from one address (IPv6: /64)";
    SignUpAddress = "sign_up.address", 10 per 3600, "Accounts made from one address (IPv6: /64)";
    SetUpAddress = "set_up.address", 20 per 900, "Tries of a set-up link from one address";
    TeamCreate = "team.create", 20 per 86400, "Teams made by one person";
    KeyCreate = "key.create", 100 per 3600, "API keys made in one team";
    PasswordMeter = "password.meter", 120 per 60, "Looks at the password meter from one address";
}
