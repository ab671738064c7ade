//! Ada, who owns a team, in every state that a browser of hers can be in; and a stranger.

use super::table::{
    CUSTOM, DATA_EXPORT, DEVICE, EXPORT, INVITATION, INVITE, KEY, NEW_DATA_EXPORT, NEW_EXPORT,
    NEW_KEY, NEW_PROGRAM, NEW_ROLE, NEW_RULE, NEW_SEARCH, NEW_STREAM, PERSON, PROGRAM, RULE,
    SEARCH, SESSION, STREAM, Sent,
};
use crate::{
    http::owner,
    people::{STRANGER, half_way, json, stranger, through, with_app},
    program::{Home, Program},
    superuser::Superuser,
    visitor::{Answer, Cookies, Visitor},
};
use model::Permission;
use std::{thread::sleep, time::Duration};

/// Confirmed ten minutes ago and longer.
const LONG_AGO: &str = "update session set confirmed_at = confirmed_at - interval '11 minutes'
                        where person_id in (select person_id from totp)";

/// Somebody else in the team.
const COLLEAGUE: &str = "
    alter table person disable trigger user;
    alter table member disable trigger user;
    insert into person (id, email, name, created_at)
    values (gen_random_uuid(), 'luc@example.com', 'Luc', now());
    insert into member (team_id, person_id, role, joined_at)
    select t.id, p.id, 'viewer', now() from team t, person p where p.email = 'luc@example.com';
    alter table person enable trigger user;
    alter table member enable trigger user";

pub(super) struct Scene<'a> {
    pub(super) program: &'a Program,
    /// The password was right, the second factor is awaited.
    pub(super) half_way: Cookies,
    /// Signed out, with the cookie kept.
    pub(super) ended: Cookies,
    /// Signed in, and the step-up is over.
    pub(super) stale: Cookies,
    /// Somebody with an account of her own, confirmed.
    pub(super) stranger: Cookies,
    superuser: Superuser,
    /// What stands for [`KEY`], [`SESSION`], [`DEVICE`], [`PERSON`], [`INVITATION`], [`CUSTOM`],
    /// [`RULE`], [`PROGRAM`], [`EXPORT`], [`DATA_EXPORT`], [`SEARCH`] and [`STREAM`].
    ids: [(&'static str, String); 12],
}

impl<'a> Scene<'a> {
    pub(super) fn set(home: &Home, program: &'a Program) -> Self {
        let (mut ada, _) = owner(program);
        let codes = with_app(&mut ada).codes;
        let made = ada.ask("/do/key/create", NEW_KEY);
        assert!(made.body.contains("pby_live_"), "{}", made.body);
        assert_eq!(ada.ask("/do/invitation/send", INVITE).status, 200);
        assert_eq!(ada.ask("/do/role/create", NEW_ROLE).status, 200);
        assert_eq!(ada.ask("/do/rule/create", NEW_RULE).status, 200);
        assert_eq!(ada.ask("/do/program/create", NEW_PROGRAM).status, 200);
        assert_eq!(ada.ask("/do/audit/start-export", NEW_EXPORT).status, 200);
        assert_eq!(ada.ask("/do/data/start-export", NEW_DATA_EXPORT).status, 200);
        assert_eq!(ada.ask("/do/audit/save-search", NEW_SEARCH).status, 200);
        assert_eq!(ada.ask("/do/stream/create", NEW_STREAM).status, 200);

        let mut leaves = through(program, &codes[0]);
        let ended = leaves.cookies.clone();
        assert_eq!(leaves.ask("/do/account/sign-out", &[]).status, 200);
        let mut stays = through(program, &codes[1]);
        let sessions = json(&stays.ask("/do/session/list", &[]));
        let id_in = |list: &str, is_this: bool| {
            let rows = sessions[list].as_array().expect("a list");
            let row = rows.iter().find(|row| row["is_this"] == is_this).expect("such a row");
            row["id"].as_str().expect("an id").to_owned()
        };
        let superuser = Superuser::of(home);
        let key = superuser.one("select 'key_' || replace(id::text, '-', '') from api_key");
        let invitation =
            superuser.one("select 'inv_' || replace(id::text, '-', '') from invitation");
        let custom = superuser.one("select 'role_' || replace(id::text, '-', '') from team_role");
        let rule = superuser.one("select 'rule_' || replace(id::text, '-', '') from keyword_rule");
        let affiliate =
            superuser.one("select 'program_' || replace(id::text, '-', '') from affiliate_program");
        let export =
            superuser.one("select 'export_' || replace(id::text, '-', '') from audit_export");
        let data_export =
            superuser.one("select 'data_' || replace(id::text, '-', '') from team_export");
        let search =
            superuser.one("select 'search_' || replace(id::text, '-', '') from own_search");
        let stream =
            superuser.one("select 'stream_' || replace(id::text, '-', '') from audit_stream");
        // So that nothing is written to its row while others are asked.
        superuser.run("alter table audit_stream disable trigger user");
        superuser.run("update audit_stream set next_try = '2100-01-01'");
        superuser.run("alter table audit_stream enable trigger user");
        for table in ["audit_export", "team_export"] {
            while superuser.one(&format!("select state from {table}")) != "ready" {
                sleep(Duration::from_millis(50));
            }
            // One that can be cancelled, and that nobody writes.
            superuser.run(&format!("update {table} set state = 'waiting'"));
        }
        superuser.run(COLLEAGUE);
        let person = superuser.one(
            "select 'person_' || replace(person_id::text, '-', '') from member where role = 'viewer'",
        );
        superuser.run(LONG_AGO);
        Self {
            program,
            half_way: half_way(program).cookies,
            ended,
            stale: stays.cookies,
            stranger: stranger(home, program).cookies,
            superuser,
            ids: [
                (KEY, key),
                (PERSON, person),
                (INVITATION, invitation),
                (CUSTOM, custom),
                (RULE, rule),
                (PROGRAM, affiliate),
                (EXPORT, export),
                (DATA_EXPORT, data_export),
                (SEARCH, search),
                (STREAM, stream),
                (SESSION, id_in("sessions", false)),
                (DEVICE, id_in("devices", true)),
            ],
        }
    }

    /// Who is not signed in, for all that their browser shows.
    pub(super) fn nobodies(&self) -> [(&'static str, &Cookies); 3] {
        const NONE: &Cookies = &Cookies::new();
        [
            ("nobody", NONE),
            ("a half-done sign-in", &self.half_way),
            ("an ended session", &self.ended),
        ]
    }

    /// Puts the stranger into the team, with a role that holds everything but one permission.
    pub(super) fn hold_all_but(&self, lacking: Permission) {
        let lacking = lacking.name();
        self.superuser.run(&format!(
            "alter table member disable trigger user;
             alter table team_role_permission disable trigger user;
             insert into member (team_id, person_id, role, custom_role, joined_at)
             select r.team_id, p.id, 'custom', r.id, now() from team_role r, person p
             where p.email = '{STRANGER}' on conflict do nothing;
             delete from team_role_permission;
             insert into team_role_permission
             select r.team_id, r.id, n.name from team_role r, app.permission_names() n (name)
             where n.name <> '{lacking}';
             alter table member enable trigger user;
             alter table team_role_permission enable trigger user"
        ));
    }

    /// Asks at a door as an island would.
    pub(super) fn ask(&self, (path, fields, _): &Sent, cookies: &Cookies) -> Answer {
        self.ask_with(path, fields, cookies)
    }

    /// The same, with these fields.
    pub(super) fn ask_with(
        &self,
        path: &str,
        fields: &[(&str, &'static str)],
        cookies: &Cookies,
    ) -> Answer {
        let put = |value: &'static str| {
            let found = self.ids.iter().find(|(name, _)| *name == value);
            found.map_or(value, |(_, id)| id.as_str())
        };
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (*name, put(value))).collect();
        self.browser(cookies).ask(path, &fields)
    }

    pub(super) fn get(&self, path: &str, cookies: &Cookies) -> Answer {
        self.browser(cookies).get(path)
    }

    /// The content of every table, but for what only says that somebody looked.
    pub(super) fn everything(&self) -> Vec<String> {
        self.superuser.everything()
    }

    fn browser(&self, cookies: &Cookies) -> Visitor<'a> {
        Visitor { cookies: cookies.clone(), ..Visitor::new(self.program) }
    }
}
