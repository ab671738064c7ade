//! Which PostgreSQL programs are used: the newest that suits the data.

use super::{Error, Result};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The oldest major version with everything the schema uses (`security_invoker` views).
pub(super) const OLDEST: u32 = 15;

/// A folder with PostgreSQL's programs, and their major version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    folder: PathBuf,
    pub major: u32,
}

impl Binaries {
    /// The chosen folder, or else the newest found. `made_by` is the major version that made the
    /// existing data: only the same one can read it.
    pub fn find(chosen: Option<&Path>, made_by: Option<u32>) -> Result<Self> {
        let found = match chosen {
            Some(folder) => {
                let wrong = || Error::NotBinaries { folder: folder.to_owned(), oldest: OLDEST };
                vec![Self::at(folder).filter(|b| b.major >= OLDEST).ok_or_else(wrong)?]
            }
            None => usual_folders().iter().filter_map(|folder| Self::at(folder)).collect(),
        };
        pick(found, made_by)
    }

    /// The full path of one of the programs, e.g. `initdb`.
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn at(folder: &Path) -> Option<Self> {
        let folder = folder.canonicalize().ok()?;
        if !folder.join("initdb").is_file() {
            return None;
        }
        let said = Command::new(folder.join("postgres")).arg("--version").output().ok()?;
        let major = major_version(&String::from_utf8_lossy(&said.stdout))?;
        Some(Self { folder, major })
    }
}

fn pick(mut found: Vec<Binaries>, made_by: Option<u32>) -> Result<Binaries> {
    found.retain(|binaries| binaries.major >= OLDEST);
    found.sort_by_key(|binaries| std::cmp::Reverse(binaries.major));
    let Some(newest) = found.first() else {
        return Err(Error::NoBinaries { oldest: OLDEST });
    };
    let Some(made_by) = made_by else { return Ok(newest.clone()) };
    let same = found.iter().find(|binaries| binaries.major == made_by);
    same.cloned().ok_or_else(|| {
        let majors: Vec<_> = found.iter().map(|b| b.major.to_string()).collect();
        Error::OtherMajor { made_by, found: majors.join(", ") }
    })
}

/// Everything on PATH, then where Debian, Red Hat and Alpine put them.
fn usual_folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> =
        env::var_os("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default();
    folders.retain(|folder| folder.join("postgres").is_file());
    for (parent, inner) in [("/usr/lib/postgresql", "bin"), ("/usr", "bin"), ("/usr/libexec", "")] {
        let Ok(entries) = fs::read_dir(parent) else { continue };
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let ours = parent == "/usr/lib/postgresql"
                || name.starts_with("pgsql-")
                || name.starts_with("postgresql");
            if ours {
                folders.push(entry.path().join(inner));
            }
        }
    }
    folders
}

/// `15` of `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
fn major_version(said: &str) -> Option<u32> {
    let version = said.split("(PostgreSQL) ").nth(1)?;
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn binaries(major: u32) -> Binaries {
        Binaries { folder: format!("/usr/lib/postgresql/{major}/bin").into(), major }
    }

    #[test]
    fn the_newest_version_is_used_for_new_data() {
        let found = vec![binaries(15), binaries(17), binaries(16)];
        assert_eq!(pick(found, None).expect("found").major, 17);
    }

    #[test]
    fn existing_data_is_opened_by_the_version_that_made_it() {
        let found = vec![binaries(15), binaries(17)];
        assert_eq!(pick(found, Some(15)).expect("found").major, 15);
    }

    #[test]
    fn data_of_a_version_that_is_gone_is_refused_with_what_to_do() {
        let error = pick(vec![binaries(16), binaries(17)], Some(15)).expect_err("refused");
        assert_eq!(
            error.to_string(),
            "The data folder was made by PostgreSQL 15, and only 17, 16 was found. Install \
             PostgreSQL 15 again, or move the data with pg_upgrade first."
        );
    }

    #[test]
    fn without_a_new_enough_version_the_sentence_says_how_to_install_it() {
        let error = pick(vec![binaries(13)], None).expect_err("refused").to_string();
        assert!(error.starts_with("PostgreSQL 15 or newer was not found."), "{error}");
        assert!(error.contains("apt-get install postgresql"), "{error}");
    }

    #[test]
    fn a_folder_without_the_programs_is_refused_by_name() {
        let error = Binaries::find(Some(Path::new("/nowhere")), None).expect_err("refused");
        assert!(error.to_string().starts_with("PROBITY_POSTGRES_BIN is /nowhere, but"));
    }

    #[test]
    fn the_major_version_is_read_from_releases_and_betas() {
        assert_eq!(major_version("postgres (PostgreSQL) 15.18 (Debian 15.18-0)\n"), Some(15));
        assert_eq!(major_version("postgres (PostgreSQL) 18beta2\n"), Some(18));
        assert_eq!(major_version("something else"), None);
    }
}
