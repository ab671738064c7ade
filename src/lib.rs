//! The browser side: mounts the islands. Nothing else, ever.

// Named so that its islands are part of this program.
use app as _;
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page's script once the program is loaded.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
