//! A request in the words of four languages, each ready to run with the key in the environment.

use leptos::serde_json::{self, Value};
use model::explorer::{ApiRequest, KEY};

/// Name of the language, and the code that asks the Probity at `url` for this.
pub fn snippets(url: &str, request: &ApiRequest) -> [(&'static str, String); 4] {
    let url = format!("{url}{}", request.path);
    [
        ("curl", curl(&url, request)),
        ("JavaScript", javascript(&url, request)),
        ("Python", python(&url, request)),
        ("Rust", rust(&url, request)),
    ]
}

fn curl(url: &str, request: &ApiRequest) -> String {
    let mut parts = vec![format!("curl {}", shell(url))];
    let implied = if request.body.is_some() { "POST" } else { "GET" };
    if request.method != implied {
        parts.push(format!("-X {}", request.method));
    }
    parts.extend(
        request.headers.iter().map(|(name, it)| format!("-H {}", shell(&format!("{name}: {it}")))),
    );
    parts.extend(request.body.iter().map(|body| format!("-d {}", shell(body))));
    parts.join(" \\\n  ")
}

/// A word for a shell: nothing in it means anything but the key.
fn shell(text: &str) -> String {
    let quoted = |part: &str| match part {
        "" => String::new(),
        part => format!("'{}'", part.replace('\'', r"'\''")),
    };
    text.split(KEY).map(quoted).collect::<Vec<_>>().join(&format!("\"{KEY}\""))
}

fn javascript(url: &str, request: &ApiRequest) -> String {
    let mut code = String::new();
    if has_key(request) {
        code.push_str("const key = process.env.PROBITY_KEY;\n");
    }
    code.push_str(&format!("const response = await fetch({}, {{\n", json_text(url)));
    code.push_str(&format!("  method: \"{}\",\n", request.method));
    if !request.headers.is_empty() {
        code.push_str("  headers: {\n");
        for (name, value) in &request.headers {
            code.push_str(&format!("    {}: {},\n", json_text(name), JAVASCRIPT.text(value)));
        }
        code.push_str("  },\n");
    }
    if let Some(body) = body(request) {
        code.push_str(&format!("  body: JSON.stringify({}),\n", JAVASCRIPT.value(&body, 1)));
    }
    code.push_str("});\nconsole.log(response.status, await response.text());");
    code
}

fn python(url: &str, request: &ApiRequest) -> String {
    let mut code = "import os\nimport requests\n\n".to_owned();
    if has_key(request) {
        code.push_str("key = os.environ[\"PROBITY_KEY\"]\n");
    } else {
        code = code.replace("import os\n", "");
    }
    let method = request.method.to_lowercase();
    code.push_str(&format!("response = requests.{method}(\n    {},\n", json_text(url)));
    let headers: Vec<_> = headers_but_type(request).collect();
    if !headers.is_empty() {
        code.push_str("    headers={\n");
        for (name, value) in headers {
            code.push_str(&format!("        {}: {},\n", json_text(name), PYTHON.text(value)));
        }
        code.push_str("    },\n");
    }
    if let Some(body) = body(request) {
        code.push_str(&format!("    json={},\n", PYTHON.value(&body, 1)));
    }
    code.push_str("    timeout=10,\n)\nprint(response.status_code, response.text)");
    code
}

fn rust(url: &str, request: &ApiRequest) -> String {
    let mut code = String::new();
    if has_key(request) {
        code.push_str("let key = std::env::var(\"PROBITY_KEY\")?;\n");
    }
    let method = request.method.to_lowercase();
    code.push_str(&format!("let response = reqwest::Client::new()\n    .{method}({url:?})\n"));
    for (name, value) in headers_but_type(request) {
        code.push_str(&format!("    .header({name:?}, {})\n", RUST.text(value)));
    }
    if let Some(body) = body(request) {
        code.push_str(&format!("    .json(&serde_json::json!({}))\n", RUST.value(&body, 1)));
    }
    code.push_str("    .send()\n    .await?;\n");
    code.push_str("println!(\"{} {}\", response.status(), response.text().await?);");
    code
}

/// What a call with a JSON body says by itself is left out.
fn headers_but_type(request: &ApiRequest) -> impl Iterator<Item = (&String, &String)> {
    let says = |(name, _): &(&String, &String)| *name != "Content-Type";
    request.headers.iter().map(|(name, value)| (name, value)).filter(says)
}

fn has_key(request: &ApiRequest) -> bool {
    let headers = request.headers.iter().map(|(_, value)| value);
    headers.chain(&request.body).any(|text| text.contains(KEY))
}

fn body(request: &ApiRequest) -> Option<Value> {
    serde_json::from_str(request.body.as_ref()?).ok()
}

fn json_text(text: &str) -> String {
    Value::from(text).to_string()
}

/// How a language writes a value.
struct Language {
    /// A text without the key in it.
    quote: fn(&str) -> String,
    /// A text with it, in pieces.
    join: fn(Vec<&str>) -> String,
    /// What it calls null, true and false.
    words: [&'static str; 3],
    indent: &'static str,
}

const JAVASCRIPT: Language =
    Language { quote: json_text, join: added, words: ["null", "true", "false"], indent: "  " };
const PYTHON: Language =
    Language { quote: json_text, join: added, words: ["None", "True", "False"], indent: "    " };
const RUST: Language = Language {
    quote: rust_text,
    join: formatted,
    words: ["null", "true", "false"],
    indent: "    ",
};

/// `"Bearer " + key`.
fn added(pieces: Vec<&str>) -> String {
    let quoted = pieces.iter().map(|piece| json_text(piece)).collect::<Vec<_>>().join(" + key + ");
    quoted.trim_start_matches("\"\" + ").trim_end_matches(" + \"\"").to_owned()
}

fn rust_text(text: &str) -> String {
    format!("{text:?}")
}

/// `format!("Bearer {key}")`.
fn formatted(pieces: Vec<&str>) -> String {
    if pieces.iter().all(|piece| piece.is_empty()) && pieces.len() == 2 {
        return "key".to_owned();
    }
    let escaped = |piece: &&str| piece.replace('{', "{{").replace('}', "}}");
    let text = pieces.iter().map(escaped).collect::<Vec<_>>().join("{key}");
    format!("format!({text:?})")
}

impl Language {
    fn text(&self, text: &str) -> String {
        match text.contains(KEY) {
            true => (self.join)(text.split(KEY).collect()),
            false => (self.quote)(text),
        }
    }

    /// A value whose end stands `depth` steps in.
    fn value(&self, value: &Value, depth: usize) -> String {
        let [null, yes, no] = self.words;
        let inside = |lines: Vec<String>, [open, close]: [char; 2]| {
            let step = self.indent.repeat(depth + 1);
            let lines: String = lines.iter().map(|line| format!("{step}{line},\n")).collect();
            format!("{open}\n{lines}{}{close}", self.indent.repeat(depth))
        };
        match value {
            Value::Null => null.to_owned(),
            Value::Bool(it) => if *it { yes } else { no }.to_owned(),
            Value::Number(number) => number.to_string(),
            Value::String(text) => self.text(text),
            Value::Array(all) if all.is_empty() => "[]".to_owned(),
            Value::Object(all) if all.is_empty() => "{}".to_owned(),
            Value::Array(all) => {
                inside(all.iter().map(|it| self.value(it, depth + 1)).collect(), ['[', ']'])
            }
            Value::Object(all) => {
                let pair = |(name, it): (&String, &Value)| {
                    format!("{}: {}", (self.quote)(name), self.value(it, depth + 1))
                };
                inside(all.iter().map(pair).collect(), ['{', '}'])
            }
        }
    }
}
