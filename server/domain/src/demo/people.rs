//! People of the demo: how they came, what they may, and who is invited.

use super::{
    Demo,
    cast::{Guest, PEOPLE, TEAMS, TeamRole},
};
use crate::{Error, Result, account, invitation, member, role, team};
use model::{
    Permissions, RoleRef, Typed,
    account::{ConfirmSignUp, SetUp, SignUp},
    invitation::Invite,
    role::NewRole,
    team::NewTeam,
};
use secrecy::{ExposeSecret, SecretString};
use time::Duration;

impl Demo {
    pub(super) async fn people(&mut self, link: &SecretString) -> Result<()> {
        for (at, part) in PEOPLE.iter().enumerate() {
            let cx = self.request(at);
            let session = if at == 0 {
                let form = SetUp {
                    token: Typed::new(link.expose_secret()),
                    name: part.name.to_owned(),
                    email: part.email(),
                    password: self.typed(),
                    team: TEAMS[0].to_owned(),
                };
                let (session, card) = account::set_up(&cx, form).await?;
                self.slugs.push(card.slug);
                session
            } else {
                let form = SignUp {
                    name: part.name.to_owned(),
                    email: part.email(),
                    password: self.typed(),
                };
                let token = account::sign_up::offer(&cx, form).await?;
                let token = token.ok_or(Error::Inconsistent("two in the cast share an address"))?;
                let form = ConfirmSignUp {
                    token: Typed::new(token.expose_secret()),
                    password: self.typed(),
                };
                account::confirm_sign_up(&cx, form).await?
            };
            self.devices.push(session.device);
            let cx = cx.with_session(&session.token).await?;
            self.people.push(cx.person().ok_or(Error::Inconsistent("a new session"))?);
            account::sign_out(&cx).await?;
            self.clock.advance(Duration::minutes(7));
        }
        Ok(())
    }

    pub(super) async fn teams(&mut self) -> Result<()> {
        for (number, name) in TEAMS.iter().enumerate().skip(1) {
            let owner = PEOPLE
                .iter()
                .position(|part| part.owns(number))
                .ok_or(Error::Inconsistent("a demo team without an owner"))?;
            let cx = self.signed_in(owner).await?;
            let card = team::create(&cx, NewTeam { name: (*name).to_owned() }).await?;
            self.slugs.push(card.slug);
        }
        for (at, part) in PEOPLE.iter().enumerate() {
            for (number, role) in part.seats.iter().filter(|_| at > 0) {
                if part.owns(*number) {
                    continue;
                }
                let cx = self.owner_of(*number).await?;
                member::add(&cx, self.people[at], *role).await?;
                self.clock.advance(Duration::minutes(3));
            }
        }
        Ok(())
    }

    /// A role of a team's own, given to somebody who is in the team.
    pub(super) async fn make_role(&mut self, row: &TeamRole) -> Result<()> {
        let cx = self.owner_of(row.team).await?;
        let ticked = Permissions::named(row.permissions).into();
        let form = NewRole { name: row.name.to_owned(), ticked, ..NewRole::default() };
        let made = role::create(&cx, form).await?;
        self.clock.advance(Duration::minutes(4));
        let holder = PEOPLE.iter().position(|part| part.name == row.holder);
        let holder = holder.ok_or(Error::Inconsistent("a role for nobody in the cast"))?;
        member::change_role(&cx, self.people[holder], RoleRef::Custom(made.id)).await?;
        Ok(())
    }

    pub(super) async fn invite(&mut self, guest: &Guest) -> Result<()> {
        let cx = self.owner_of(guest.team).await?;
        let form = Invite {
            emails: guest.email.to_owned(),
            role: guest.role.name().to_owned(),
            message: guest.message.to_owned(),
            ..Invite::default()
        };
        invitation::send(&cx, form).await?;
        self.clock.advance(Duration::minutes(2));
        Ok(())
    }
}
