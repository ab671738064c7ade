//! The unprivileged operating-system user PostgreSQL runs as; it refuses to run as root.

use super::{Error, Result, error::At};
use std::{
    fs,
    os::unix::fs::{MetadataExt, chown},
    path::Path,
    process::Command,
};

/// Who owns the cluster's files and processes, and who may connect as its superuser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The user PostgreSQL runs as.
    pub name: String,
    uid: u32,
    gid: u32,
    /// The user Probity runs as: the operator.
    pub operator: String,
    drops_root: bool,
}

impl Account {
    /// This user; or, when this is root, `postgres` or else `nobody`.
    pub fn choose() -> Result<Self> {
        let uid = rustix::process::geteuid().as_raw();
        let me = find_user(&uid.to_string()).ok_or(Error::NamelessUser { uid })?;
        let operator = me.name.clone();
        if uid != 0 {
            return Ok(Self { name: me.name, uid, gid: me.gid, operator, drops_root: false });
        }
        let lesser = find_user("postgres").or_else(|| find_user("nobody"));
        let user = lesser.ok_or(Error::NoAccount)?;
        Ok(Self { name: user.name, uid: user.uid, gid: user.gid, operator, drops_root: true })
    }

    /// Makes `command` run as this user, and without our environment (it may hold secrets).
    pub fn dress(&self, command: &mut Command) {
        use std::os::unix::process::CommandExt;
        command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").env("TZ", "UTC");
        command.current_dir("/").process_group(0);
        if self.drops_root {
            command.uid(self.uid).gid(self.gid);
        }
    }

    /// Hands a file or folder that we made over to this user.
    pub fn own(&self, path: &Path) -> Result<()> {
        if self.drops_root {
            chown(path, Some(self.uid), Some(self.gid)).at(path, "handed to PostgreSQL's user")?;
        }
        Ok(())
    }

    /// Whether `path` belongs to this user.
    pub fn owns(&self, path: &Path) -> bool {
        fs::symlink_metadata(path).is_ok_and(|it| it.uid() == self.uid)
    }

    /// Refuses a folder that this user cannot enter, naming the first closed folder on the way.
    pub fn can_enter(&self, folder: &Path) -> Result<()> {
        if !self.drops_root {
            return Ok(());
        }
        let mut way: Vec<_> = folder.ancestors().collect();
        way.reverse();
        for step in way {
            let meta = fs::metadata(step).at(step, "read")?;
            if !may_enter((self.uid, self.gid), (meta.uid(), meta.gid()), meta.mode()) {
                let user = self.name.clone();
                return Err(Error::OutOfReach { user, folder: step.to_owned() });
            }
        }
        Ok(())
    }
}

/// The x bit that counts for `who` (user, group) on a folder of `owner` with `mode`.
fn may_enter(who: (u32, u32), owner: (u32, u32), mode: u32) -> bool {
    let bit = match (who.0 == owner.0, who.1 == owner.1) {
        (true, _) => 0o100,
        (false, true) => 0o010,
        (false, false) => 0o001,
    };
    mode & bit != 0
}

struct User {
    name: String,
    uid: u32,
    gid: u32,
}

/// Looks a user up by name or number: in /etc/passwd, else wherever this system keeps them.
fn find_user(key: &str) -> Option<User> {
    let local = fs::read_to_string("/etc/passwd").unwrap_or_default();
    local.lines().find_map(|line| matching(line, key)).or_else(|| {
        let asked = Command::new("getent").args(["passwd", key]).output().ok()?;
        let answer = String::from_utf8_lossy(&asked.stdout).into_owned();
        answer.lines().find_map(|line| matching(line, key))
    })
}

fn matching(line: &str, key: &str) -> Option<User> {
    let mut fields = line.split(':');
    let (name, uid, gid) = (fields.next()?, fields.nth(1)?, fields.next()?);
    let found = name == key || uid == key;
    found.then_some(User { name: name.to_owned(), uid: uid.parse().ok()?, gid: gid.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_found_by_name_and_by_number() {
        let line = "postgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash";
        let by_name = matching(line, "postgres").expect("found by name");
        let by_number = matching(line, "101").expect("found by number");
        assert_eq!((by_name.uid, by_name.gid), (101, 104));
        assert_eq!(by_number.name, "postgres");
        assert!(matching(line, "104").is_none(), "the group's number is not the user's");
    }

    #[test]
    fn the_most_specific_x_bit_decides_who_may_enter() {
        let (user, other) = ((101, 104), (0, 0));
        assert!(may_enter(user, other, 0o711));
        assert!(!may_enter(user, other, 0o700));
        assert!(may_enter(user, (0, 104), 0o710));
        assert!(!may_enter(user, (0, 104), 0o701), "the group's bits hide the others'");
        assert!(!may_enter(user, (101, 104), 0o077), "the owner's bits hide the rest");
    }
}
