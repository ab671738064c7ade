//! The few parts that react in the browser.
//!
//! Each is a leaf: a button or a line, never a page. What needs JavaScript is hidden until it is
//! there, so that without it nothing on the page is dead.

pub mod copy;
pub mod download;
pub mod meter;
pub mod passkey;
pub mod print;
pub mod progress;
pub mod stored;
pub mod submit;
pub mod theme;
pub mod verify;

use leptos::prelude::*;

/// Whether the browser has taken over this island. Not so in the server's HTML.
fn awake() -> RwSignal<bool> {
    let awake = RwSignal::new(false);
    Effect::new(move |_| awake.set(true));
    awake
}
