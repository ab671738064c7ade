//! What lies in the folder, as an operator and a mail program find it.

use super::*;
use crate::outbound::mail::{LINK, letter};
use std::sync::atomic::{AtomicU32, Ordering};

struct Home(PathBuf);

impl Home {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("probity-outbox-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).expect("made");
        Self(folder)
    }

    fn outbox(&self) -> Outbox {
        let from = "Probity <probity@example.com>".parse().expect("an address");
        Outbox::open(&self.0, from).expect("opened")
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("it is there").permissions().mode() & 0o777
}

#[tokio::test]
async fn a_letter_is_a_file_of_its_own_that_only_its_owner_can_read() {
    let home = Home::new();
    let outbox = home.outbox();
    assert!(!outbox.leaves());
    outbox.send(&letter("Ada")).await.expect("kept");
    outbox.send(&letter("Ada")).await.expect("kept again");
    let folder = home.0.join("outbox");
    let all: Vec<_> = fs::read_dir(&folder).expect("there").flatten().collect();
    assert_eq!(all.len(), 1, "the same letter twice is one file: {all:?}");
    let name = "20261122T080500Z-00000000-0000-0000-0000-000000000007.eml";
    assert_eq!(all[0].file_name(), name);
    assert_eq!((mode(&folder), mode(&all[0].path())), (0o700, 0o600));
}

#[tokio::test]
async fn the_file_is_a_whole_mail_with_both_forms() {
    let home = Home::new();
    home.outbox().send(&letter("Åse Lie")).await.expect("kept");
    let file = fs::read_dir(home.0.join("outbox")).expect("there").flatten().next();
    let text = fs::read_to_string(file.expect("a file").path()).expect("ASCII");
    for expected in [
        "From: Probity <probity@example.com>\r\n",
        "To: =?utf-8?b?w4VzZSBMaWU=?= <ada@example.com>\r\n",
        "Subject: Choose a new password\r\n",
        "Date: Sun, 22 Nov 2026 08:05:00 +0000\r\n",
        "Message-ID: <00000000-0000-0000-0000-000000000007@example.com>\r\n",
        "Auto-Submitted: auto-generated\r\n",
        "MIME-Version: 1.0\r\n",
        "Content-Type: multipart/alternative;",
        "Content-Type: text/plain; charset=utf-8\r\n",
        "Content-Type: text/html; charset=utf-8\r\n",
        &format!("\r\n{LINK}\r\n"),
        "<p>Hello</p>",
    ] {
        assert!(text.contains(expected), "{expected} is missing in\n{text}");
    }
}

#[tokio::test]
async fn an_outbox_that_is_open_to_others_is_closed_and_a_lost_one_is_made_again() {
    let home = Home::new();
    let folder = home.0.join("outbox");
    let outbox = home.outbox();
    fs::set_permissions(&folder, Permissions::from_mode(0o755)).expect("opened");
    home.outbox();
    assert_eq!(mode(&folder), 0o700);
    fs::remove_dir(&folder).expect("removed");
    outbox.send(&letter("Ada")).await.expect("kept");
    assert_eq!(mode(&folder), 0o700);
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_tried_again_later() {
    let home = Home::new();
    let outbox = home.outbox();
    fs::remove_dir(home.0.join("outbox")).expect("removed");
    fs::write(home.0.join("outbox"), "a file in its place").expect("written");
    let error = outbox.send(&letter("Ada")).await.expect_err("refused");
    assert_eq!(error.kind, domain::mail::MailErrorKind::Temporary);
    assert!(error.said.starts_with("The folder outbox cannot be written: "), "{error}");
}

#[tokio::test]
async fn an_address_that_is_none_is_given_up() {
    let home = Home::new();
    let mail = Mail { to: "ada@exa mple".to_owned(), ..letter("Ada") };
    let error = home.outbox().send(&mail).await.expect_err("refused");
    assert_eq!(error, MailError::permanent("The address is none that mail can be sent to."));
}
