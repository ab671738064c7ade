//! Who and what is in the demo. Addresses are of the ranges kept for documentation (RFC 5737,
//! RFC 3849), domains end in `.example` (RFC 2606): nobody is meant.

use model::{Role, key::Environment};

pub(super) const TEAMS: [&str; 3] = ["Halden Freight", "Tradex Payments", "Kelp & Current"];

/// A person and the seats they hold, by the number of the team.
pub(super) struct Part {
    pub(super) name: &'static str,
    domain: &'static str,
    pub(super) seats: &'static [(usize, Role)],
    pub(super) ip: &'static str,
    pub(super) agent: &'static str,
}

impl Part {
    /// `ada@halden.example`
    pub(super) fn email(&self) -> String {
        let first = self.name.split(' ').next().unwrap_or_default().to_lowercase();
        format!("{first}@{}.example", self.domain)
    }

    pub(super) fn owns(&self, team: usize) -> bool {
        self.seats.contains(&(team, Role::Owner))
    }

    /// "Owner of Halden Freight, Admin of Tradex Payments"
    pub(super) fn said(&self) -> String {
        let seat = |(team, role): &(usize, Role)| {
            let own = ROLES.iter().find(|own| own.team == *team && own.holder == self.name);
            format!("{} of {}", own.map_or(role.title(), |own| own.name), TEAMS[*team])
        };
        self.seats.iter().map(seat).collect::<Vec<_>>().join(", ")
    }
}

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, l\
    ike Gecko) Chrome/142.0.0.0 Safari/537.36";
const SAFARI: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (\
    KHTML, like Gecko) Version/18.6 Safari/605.1.15";
const EDGE: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, l\
    ike Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0";

const fn part(
    name: &'static str,
    domain: &'static str,
    seats: &'static [(usize, Role)],
    from: (&'static str, &'static str),
) -> Part {
    Part { name, domain, seats, ip: from.0, agent: from.1 }
}

pub(super) const PEOPLE: &[Part] = &[
    part(
        "Ada Lindqvist",
        "halden",
        &[(0, Role::Owner), (1, Role::Admin)],
        ("203.0.113.10", FIREFOX),
    ),
    part("Luc Berger", "halden", &[(0, Role::Admin)], ("203.0.113.11", CHROME)),
    part("Noor Haddad", "halden", &[(0, Role::Admin)], ("198.51.100.20", SAFARI)),
    part("Tomas Wendt", "halden", &[(0, Role::Member)], ("203.0.113.12", FIREFOX)),
    part("Jun Sato", "halden", &[(0, Role::Member)], ("198.51.100.33", CHROME)),
    part("Priya Raman", "halden", &[(0, Role::Viewer)], ("203.0.113.14", EDGE)),
    part("Mara Oyelaran", "tradex", &[(1, Role::Owner)], ("192.0.2.40", SAFARI)),
    part("Felix Brandt", "tradex", &[(1, Role::Admin)], ("192.0.2.41", FIREFOX)),
    part("Ines Carvalho", "tradex", &[(1, Role::Member)], ("192.0.2.42", CHROME)),
    part("Oskar Nyberg", "tradex", &[(1, Role::Viewer)], ("192.0.2.43", FIREFOX)),
    part(
        "Chiara Maria Bartholomea Wolkenstein-Trostburg",
        "kelp",
        &[(2, Role::Owner)],
        ("198.51.100.77", CHROME),
    ),
    part("Sam Reyes", "kelp", &[(2, Role::Admin), (0, Role::Viewer)], ("198.51.100.78", SAFARI)),
    part("Yuki Tanaka", "kelp", &[(2, Role::Member)], ("2001:db8:40::7", FIREFOX)),
    part("Bo Li", "kelp", &[(2, Role::Viewer)], ("198.51.100.80", CHROME)),
];

/// A role that a team made, and who holds it.
pub(super) struct TeamRole {
    pub(super) team: usize,
    pub(super) name: &'static str,
    pub(super) permissions: &'static str,
    pub(super) made_on: u32,
    pub(super) holder: &'static str,
}

pub(super) const ROLES: &[TeamRole] = &[
    TeamRole {
        team: 0,
        name: "Support",
        permissions: "members.view keys.view usage.view",
        made_on: 12,
        holder: "Jun Sato",
    },
    TeamRole {
        team: 0,
        name: "Auditor",
        permissions: "members.view audit.view audit.export",
        made_on: 30,
        holder: "Priya Raman",
    },
];

/// Somebody who was asked in and has not answered.
pub(super) struct Guest {
    pub(super) team: usize,
    pub(super) email: &'static str,
    pub(super) role: Role,
    pub(super) message: &'static str,
    pub(super) invited_on: u32,
}

pub(super) const GUESTS: &[Guest] = &[
    Guest {
        team: 0,
        email: "wanda@halden.example",
        role: Role::Member,
        message: "Welcome on Monday! This is where our keys live.",
        invited_on: 58,
    },
    Guest {
        team: 0,
        email: "kofi.mensah@halden.example",
        role: Role::Viewer,
        message: "",
        invited_on: 41,
    },
    Guest { team: 2, email: "dana@kelp.example", role: Role::Admin, message: "", invited_on: 59 },
];

/// A key and what becomes of it, by days of the history.
pub(super) struct Key {
    pub(super) team: usize,
    pub(super) name: &'static str,
    pub(super) environment: Environment,
    pub(super) made_on: u32,
    /// Days it lives.
    pub(super) days: u16,
    pub(super) revoked_on: Option<u32>,
    /// Tens of calls a day.
    pub(super) busy: u32,
}

const fn live(team: usize, name: &'static str, (made_on, days): (u32, u16), busy: u32) -> Key {
    Key { team, name, environment: Environment::Live, made_on, days, revoked_on: None, busy }
}

impl Key {
    const fn test(mut self) -> Self {
        self.environment = Environment::Test;
        self
    }

    const fn revoked(mut self, day: u32) -> Self {
        self.revoked_on = Some(day);
        self
    }
}

pub(super) const KEYS: &[Key] = &[
    live(0, "billing-sync", (20, 90), 40),
    live(0, "route-planner", (2, 60), 0),
    live(0, "ci-deploy", (52, 180), 0),
    live(0, "warehouse-eu", (23, 180), 0),
    live(0, "partner-tradex", (32, 90), 0),
    live(0, "sandbox-priya", (5, 90), 15).test(),
    live(0, "legacy-import", (4, 90), 25).revoked(9),
    live(0, "customs-gateway", (27, 30), 25),
    live(0, "label-printer", (7, 90), 40),
    live(0, "fleet-telemetry", (40, 180), 0),
    live(0, "invoice-export", (36, 180), 15),
    live(0, "status-page", (3, 90), 0),
    live(0, "driver-app", (35, 90), 8),
    live(0, "dock-scheduler", (26, 90), 25),
    live(0, "tariff-lookup", (7, 180), 8),
    live(0, "weekly-report", (35, 365), 3),
    live(0, "load-test", (6, 180), 8).test().revoked(15),
    live(0, "night-batch", (6, 180), 40),
    live(1, "checkout", (4, 180), 0),
    live(1, "price-feed", (39, 90), 15),
    live(1, "quote-widget", (43, 180), 15),
    live(1, "mobile-app", (49, 90), 15),
    live(1, "fraud-screen", (37, 90), 8),
    live(1, "ledger-sync", (19, 90), 3),
    live(1, "partner-portal", (44, 90), 0),
    live(1, "reporting", (36, 90), 25),
    live(1, "sandbox", (31, 90), 40).test(),
    live(1, "backfill-2026", (28, 90), 0).revoked(33),
    live(1, "kiosk-pilot", (32, 90), 3).test(),
    live(2, "sensor-ingest", (48, 90), 3),
    live(2, "tide-model", (31, 90), 0),
    live(2, "harvest-planner", (42, 30), 25),
    live(2, "buyer-portal", (36, 90), 8),
    live(2, "lab-results", (44, 90), 25),
    live(2, "drone-survey", (31, 180), 15),
    live(2, "weather-bridge", (4, 30), 8),
    live(2, "sandbox", (30, 365), 40).test(),
    live(2, "payout-export", (4, 30), 40),
    live(2, "archive-reader", (44, 90), 8).revoked(58),
    live(2, "farm-app", (45, 90), 40),
];
