//! Keyword rules of the demo: three programs, and a file of some two hundred rules.

use super::Demo;
use crate::{
    Error, Result, program,
    rule::{self, import},
};
use model::{
    Typed,
    rule::{ImportFile, ImportQuery, ImportRules, NewProgram, RuleQuery},
};
use time::Duration;

/// The day on which the first team begins with rules.
pub(super) const BEGINS: u32 = 44;

const PROGRAMS: [(&str, &str); 3] =
    [("Nordly Partners", "halden-21"), ("Packwerk", "pw_99120"), ("Tide & Trail", "HALDEN7")];

/// What people ask for, and what of it.
const THINGS: [&str; 16] = [
    "pallets",
    "crates",
    "straps",
    "forklift",
    "boxes",
    "labels",
    "scanner",
    "gloves",
    "trolley",
    "shelving",
    "bubble wrap",
    "tape",
    "seal",
    "container",
    "ramp",
    "scale",
];
const KINDS: [&str; 12] = [
    "used", "cheap", "wooden", "plastic", "heavy", "small", "rental", "new", "large", "folding",
    "wireless", "euro",
];

impl Demo {
    pub(super) async fn make_rules(&mut self) -> Result<()> {
        let cx = self.owner_of(0).await?;
        for (name, tag) in PROGRAMS {
            let form =
                NewProgram { name: name.to_owned(), tag: Typed::new(tag), ..NewProgram::default() };
            program::create(&cx, &form).await?;
            self.clock.advance(Duration::seconds(50));
        }
        let file = ImportFile { file: file(), ..ImportFile::default() };
        import::upload(&cx, file).await?;
        let looked_at = import::dry_run(&cx, &ImportQuery::default()).await?;
        let draft = looked_at.ok_or(Error::Inconsistent("the demo's file vanished"))?.draft;
        self.clock.advance(Duration::minutes(1));
        import::apply(&cx, &ImportRules { draft, ..ImportRules::default() }).await?;
        let query = RuleQuery { q: "wireless scanner".to_owned(), ..RuleQuery::default() };
        let found = rule::list(&cx, query).await?.page.rows;
        let first = found.first().ok_or(Error::Inconsistent("the demo's file lacks a rule"))?;
        rule::disable(&cx, first.id).await.map(drop)
    }
}

fn file() -> String {
    let mut file = String::from("keyword,match,language,url,program,priority,starts,ends\n");
    for (at, thing) in THINGS.into_iter().enumerate() {
        let (program, _) = PROGRAMS[at % PROGRAMS.len()];
        let site = ["nordly", "packwerk", "tide-trail"][at % PROGRAMS.len()];
        let url = format!("https://{site}.example/search?q={{keyword}}&tag={{tag}}");
        file.push_str(&format!("{thing},phrase,,{url},{program},0,,\n"));
        for kind in KINDS {
            file.push_str(&format!("{kind} {thing},phrase,en,{url},{program},10,,\n"));
        }
    }
    file.push_str(
        "Palette,prefix,de,https://packwerk.example/de/paletten?tag={tag},Packwerk,5,,\n\
         christmas delivery,phrase,,https://halden.example/christmas,,50,2026-12-01,2026-12-24\n\
         hello,exact,,https://halden.example/help?said={query},,0,,\n",
    );
    file
}
