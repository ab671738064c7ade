//! `README.html` of an export: what is in it, for people.

use model::data::{Bundle, KINDS, MANIFEST};

/// The page, which stands alone: no script, nothing from elsewhere.
pub(super) fn readme(bundle: &Bundle) -> String {
    let Bundle { instance, name, made_at, .. } = bundle;
    let hashes = match bundle.has_hashes {
        true => {
            "Hashes of the keys\u{2019} secrets are in it: keys work again where it is imported."
        }
        false => {
            "Hashes of the keys\u{2019} secrets are not in it: keys have to be made anew elsewhere."
        }
    };
    let mut kinds = String::new();
    for kind in KINDS {
        let rows = bundle.files.iter().find(|file| file.name == format!("{}.jsonl", kind.name));
        let rows = rows.and_then(|file| file.rows).unwrap_or(0);
        kinds.push_str(&format!(
            "<tr><th scope=\"row\">{}</th><td>{rows}</td><td><a href=\"{n}.jsonl\">{n}.jsonl</a> \
             <a href=\"{n}.csv\">{n}.csv</a> <a href=\"schema/{n}.json\">schema</a></td><td>{}</td></tr>\n",
            escaped(kind.title),
            escaped(kind.said),
            n = kind.name,
        ));
    }
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{name}: everything</title>\n\
         <style>{STYLE}</style></head>\n<body><main>\n<h1>{name}</h1>\n\
         <p>Everything that the team owns at <b>{instance}</b>, as it was at <b>{made_at}</b>.</p>\n\
         <p>Each file of rows is there twice: as JSON, an object on each line, in the form that its schema \
         describes; and as CSV for spreadsheets, in which a cell that would be a formula begins with an \
         apostrophe. Secrets are never in an export. {hashes}</p>\n\
         <table><thead><tr><th scope=\"col\">What</th><th scope=\"col\">Rows</th><th scope=\"col\">Files</th>\
         <th scope=\"col\">About it</th></tr></thead>\n<tbody>\n{kinds}</tbody></table>\n\
         <h2>Check it</h2>\n<p><code>{MANIFEST}</code> names every file with its length and SHA-256, and is \
         signed (Ed25519). <code>probity import --check FILE.zip</code> checks all of it and says whose key \
         signed. The audit log is proven by <code>probity audit verify audit.jsonl \
         audit.jsonl.manifest.json</code>, anywhere, without this Probity.</p>\n\
         <h2>Take it elsewhere</h2>\n<p><code>probity import FILE.zip --owner EMAIL --key KEY</code> makes \
         the team on another Probity.</p>\n</main></body></html>\n",
        name = escaped(name),
        instance = escaped(instance),
        made_at = escaped(made_at),
    )
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;color:#111;background:#fff;margin:0}\
    main{max-width:70rem;margin:auto;padding:2rem 1rem}table{border-collapse:collapse;width:100%}\
    th,td{text-align:left;vertical-align:top;padding:.4rem .8rem .4rem 0;border-bottom:1px solid #ccc}\
    thead th{border-bottom:2px solid #111}code{font-family:ui-monospace,monospace}";

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
