//! What stands in the document's head: style, the font that is needed at once, the seal.

use leptos::prelude::*;
use std::{fs, path::PathBuf, sync::OnceLock};

/// The stylesheet. Its name carries a hash of what is in it, read once from the build's list.
#[component]
pub fn Style(options: LeptosOptions) -> impl IntoView {
    static ADDRESS: OnceLock<String> = OnceLock::new();
    let address = ADDRESS.get_or_init(|| address(&options));
    view! { <link rel="stylesheet" href=address.as_str()/> }
}

fn address(options: &LeptosOptions) -> String {
    let (name, folder) = (&options.output_name, options.pkg_url_path());
    match options.hash_files.then(|| hash(options)).flatten() {
        Some(hash) => format!("/{folder}/{name}.{hash}.css"),
        None => format!("/{folder}/{name}.css"),
    }
}

/// The line `css: <hash>` of the list beside the program.
fn hash(options: &LeptosOptions) -> Option<String> {
    let program = std::env::current_exe().ok()?;
    let list: PathBuf = program.parent()?.join(options.hash_file.as_ref());
    let lines = fs::read_to_string(list).ok()?;
    lines.lines().find_map(|line| Some(line.strip_prefix("css:")?.trim().to_owned()))
}

/// The font of nearly all text, so that it is there with the first words.
#[component]
pub fn Fonts() -> impl IntoView {
    view! {
        <link
            rel="preload"
            href="/fonts/archivo-latin-wdth-normal.woff2"
            r#as="font"
            r#type="font/woff2"
            crossorigin="anonymous"
        />
    }
}

/// The seal in the browser's tab.
#[component]
pub fn Favicon() -> impl IntoView {
    view! { <link rel="icon" href="/favicon.svg" r#type="image/svg+xml"/> }
}
