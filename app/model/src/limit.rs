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
    SignInAddress = "sign_in.address", 30 per 900, "Failed sign-ins from one address (IPv6: /64)";
    SignInAddressDay = "sign_in.address_day", 200 per 86400, "The same, over a day";
    SignInBlocked = "sign_in.blocked", 1 per 3600, "Notices of slowed sign-ins to one account";
    PasskeyBegin = "passkey.begin", 60 per 900, "Passkey sign-ins begun from one address";
    Confirm = "session.confirm", 10 per 900, "Wrong proofs of one person who is signed in";
    ForgotAccount = "password.forgot", 3 per 3600, "Links to a new password for one account";
    ForgotAddress = "password.forgot_address", 20 per 3600, "The same from one address";
    LinkAddress = "link.address", 60 per 900, "Tries of links from mails from one address";
    EmailChange = "email.change", 5 per 3600, "Changes of e-mail address asked for by one person";
    SignUpAddress = "sign_up.address", 10 per 3600, "Accounts made from one address (IPv6: /64)";
    SetUpAddress = "set_up.address", 20 per 900, "Tries of a set-up link from one address";
    TeamCreate = "team.create", 20 per 86400, "Teams made by one person";
    RoleProbe = "role.probe", 20 per 600, "Tries of every role and permission by one team";
    InvitationTeam = "invitation.team", 200 per 86400, "Invitations of one team";
    InvitationAddress = "invitation.address", 5 per 86400, "Invitations of one address to one team";
    KeyCreate = "key.create", 100 per 3600, "API keys made by people of one team";
    PersonExport = "person.export", 6 per 3600, "Exports of their own data by one person";
    StreamTest = "stream.test", 10 per 600, "Tests of its streams by one team";
    ApiCall = "api.call", 1000 per 60, "Calls of the REST API that act with one key";
    KeyScan = "key.scan", 60 per 60, "Texts looked through for keys, from one address";
    PasswordMeter = "password.meter", 120 per 60, "Looks at the password meter from one address";
}
