//! Keys of the demo, and what is done with them.

use super::{DAYS, Demo, DemoKey, cast::Key};
use crate::{
    Result,
    key::{self, Ask},
};
use model::{Typed, key::NewKey};
use std::net::{IpAddr, Ipv4Addr};
use time::Duration;

/// Somebody has put it where others can read it.
const FOUND: &str = "label-printer";

impl Demo {
    pub(super) async fn make_key(&mut self, row: &'static Key) -> Result<()> {
        let cx = self.owner_of(row.team).await?;
        let form = NewKey {
            name: row.name.to_owned(),
            environment: row.environment.name().to_owned(),
            days: row.days.to_string(),
            ..NewKey::default()
        };
        let made = key::create(&cx, form).await?;
        self.keys.push(DemoKey { id: made.id, secret: Typed::new(made.secret), row });
        self.clock.advance(Duration::minutes(2));
        Ok(())
    }

    pub(super) async fn use_key(&mut self, at: usize, day: u32) -> Result<()> {
        let row = self.keys[at].row;
        if row.revoked_on == Some(day) {
            let cx = self.owner_of(row.team).await?;
            key::revoke(&cx, self.keys[at].id, row.name).await?;
        }
        let ended = row.made_on + u32::from(row.days) <= day;
        if ended || row.revoked_on.is_some_and(|end| end <= day) {
            return Ok(());
        }
        // The last day is what lists show: it gets as many calls as a small service makes.
        let calls = if day + 1 == DAYS { row.busy * 12 } else { row.busy / 10 };
        let cx = self.request(0);
        for call in 0..self.dice.of(calls + 1) {
            self.clock.advance(Duration::milliseconds(300));
            let ask = Ask { ip: Some(caller(at, call)), ..Ask::default() };
            key::verify(&cx, &self.keys[at].secret, &ask).await?;
        }
        Ok(())
    }

    /// A scanner finds one of them.
    pub(super) async fn find_key(&self) -> Result<()> {
        let found = self.keys.iter().filter(|key| key.row.name == FOUND);
        for key in found {
            let text = format!("LABELS_KEY={}", key.secret.expose());
            key::scan::scan(&self.request(0), &text, "https://git.example/labels/.env").await?;
        }
        Ok(())
    }
}

/// A key is used from a few machines, mostly from the first.
fn caller(key: usize, call: u32) -> IpAddr {
    let machine = u8::try_from(key * 5 + [0, 1, 0, 2][call as usize % 4]).unwrap_or(0);
    Ipv4Addr::new(203, 0, 113, machine).into()
}
