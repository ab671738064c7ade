//! Terms: numbers of 32 bits that stand for what a team's records say. A block of records has the terms of
//! all that stands in it, so that a search need not read the others.
//!
//! A term is made of the team too: what is common in one ledger costs no search of another anything.
//! Those of addresses and countries, which are sealed in records, are made with the team's data key.

use super::row::{Said, Stored};
use crate::{
    Cx, Result,
    crypto::{DataKey, Owner},
    text::folded,
};
use model::{TeamId, audit::Net};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeSet, HashSet},
    net::IpAddr,
    sync::Arc,
};
use uuid::Uuid;

/// Bits of networks that have a term.
const V4: [u8; 4] = [8, 16, 24, 32];
const V6: [u8; 4] = [32, 48, 64, 128];
/// Terms of a text that are asked for at most: more make a search no better.
const ASKED: usize = 32;

/// What a term is of.
#[derive(Debug, Clone, Copy)]
enum Of {
    Action = 1,
    /// Beginnings of an action, with the dot: `app.invoice.`
    Group,
    Kind,
    Actor,
    Target,
    Outcome,
    Request,
    /// Two or three characters that follow each other.
    Text,
}

/// Makes the terms of one team.
pub(super) struct Terms {
    team: Uuid,
    key: Arc<DataKey>,
}

impl Terms {
    pub(super) async fn of(cx: &Cx, team: TeamId) -> Result<Self> {
        Ok(Self { team: team.0, key: cx.deps().keyring().key_of(Owner::Team(team)).await? })
    }

    fn plain(&self, of: Of, text: &[u8]) -> i32 {
        let sum = Sha256::new().chain_update(self.team).chain_update([of as u8]).chain_update(text);
        let [a, b, c, d, ..]: [u8; 32] = sum.finalize().into();
        i32::from_be_bytes([a, b, c, d])
    }

    /// One of 65,536: what each record has another one of would make an index as large as the ledger.
    fn coarse(&self, of: Of, text: &str) -> i32 {
        let sum = self.plain(of, folded(text).as_bytes());
        self.plain(of, &(sum & 0xffff).to_be_bytes())
    }

    /// One of each version of the team's key, the present first: blocks have that of the version that they were
    /// made with.
    fn keyed(&self, of: &'static str, text: &str) -> Vec<i32> {
        self.key.blind(of, text.as_bytes()).into_iter().map(i32::from_be_bytes).collect()
    }

    /// The version that the terms of a block are made with.
    pub(super) fn version(&self) -> Uuid {
        self.key.id()
    }

    pub(super) fn action(&self, name: &str) -> i32 {
        self.plain(Of::Action, name.as_bytes())
    }

    pub(super) fn group(&self, front: &str) -> i32 {
        self.plain(Of::Group, front.as_bytes())
    }

    pub(super) fn kind(&self, kind: &str) -> i32 {
        self.plain(Of::Kind, kind.as_bytes())
    }

    pub(super) fn actor(&self, id: Uuid) -> i32 {
        self.plain(Of::Actor, id.as_bytes())
    }

    pub(super) fn target(&self, id: &str) -> i32 {
        self.coarse(Of::Target, id)
    }

    pub(super) fn outcome(&self, outcome: &str) -> i32 {
        self.plain(Of::Outcome, outcome.as_bytes())
    }

    pub(super) fn request(&self, id: &str) -> i32 {
        self.coarse(Of::Request, id)
    }

    pub(super) fn country(&self, code: &str) -> Vec<i32> {
        self.keyed("audit.country", code)
    }

    /// The terms of the smallest network around this one that has any; none when it is larger than all.
    pub(super) fn net(&self, net: Net) -> Option<Vec<i32>> {
        let (ip, bits) = net.parts();
        let around = levels(ip).into_iter().rfind(|level| *level <= bits)?;
        Some(self.around(ip, around))
    }

    fn around(&self, ip: IpAddr, bits: u8) -> Vec<i32> {
        let (first, bits) = Net::of(ip, bits).parts();
        self.keyed("audit.net", &format!("{first}/{bits}"))
    }

    /// Terms that a block has in which this text stands, and none when it is too short to tell.
    pub(super) fn sought(&self, text: &str) -> Vec<i32> {
        let mut grams = HashSet::new();
        match text.chars().count().min(LONG) {
            length if length < SHORT => {}
            length => add_grams(text, length, &mut grams),
        }
        grams.iter().take(ASKED).map(|gram| self.gram(gram)).collect()
    }

    fn gram(&self, gram: &Gram) -> i32 {
        let text: String = gram.iter().filter(|letter| **letter != '\0').collect();
        self.plain(Of::Text, text.as_bytes())
    }

    /// The terms of records.
    pub(super) async fn all(&self, cx: &Cx, rows: &[Stored]) -> Result<Vec<i32>> {
        let (mut terms, mut grams) = (BTreeSet::new(), HashSet::new());
        for row in rows {
            let said = Said::of(&row.record);
            let text = said.text();
            add_grams(&text, SHORT, &mut grams);
            add_grams(&text, LONG, &mut grams);
            terms.extend([
                self.action(&said.action),
                self.kind(&row.actor_kind),
                self.target(&said.target.id),
                self.outcome(&said.outcome),
                self.request(&said.request),
            ]);
            let dots = said.action.match_indices('.');
            terms.extend(dots.map(|(dot, _)| self.group(&said.action[..=dot])));
            terms.extend(row.actor_id.map(|id| self.actor(id)));
            let (_, from) = row.origin(cx).await?;
            if let Ok(ip) = from.ip.parse::<IpAddr>() {
                let around = levels(ip).map(|bits| self.around(ip, bits));
                let country = cx.deps().places().country(ip);
                let country = country.map(|country| self.country(country.code()));
                let present = |terms: Vec<i32>| terms.first().copied();
                terms.extend(around.into_iter().chain(country).filter_map(present));
            }
        }
        terms.extend(grams.iter().map(|gram| self.gram(gram)));
        Ok(terms.into_iter().collect())
    }
}

const fn levels(ip: IpAddr) -> [u8; 4] {
    if ip.is_ipv4() { V4 } else { V6 }
}

/// Characters of the grams of a text.
const SHORT: usize = 2;
const LONG: usize = 3;

/// Characters that follow each other; zero where there is none.
type Gram = [char; LONG];

fn add_grams(text: &str, length: usize, grams: &mut HashSet<Gram>) {
    let letters: Vec<char> = text.chars().collect();
    grams.extend(letters.windows(length).map(|window| {
        let mut gram = ['\0'; LONG];
        gram[..window.len()].copy_from_slice(window);
        gram
    }));
}
