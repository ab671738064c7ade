//! Reading a file of rules, line by line.

use super::{super::Wanted, COLUMNS};
use crate::{Error, Result, csv};
use model::rule::{BadLine, ProgramRow, RuleForm, bounds};
use std::collections::HashMap;

/// A file, read.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// Each with the number of its line.
    pub(super) good: Vec<(usize, Wanted)>,
    pub(super) bad: Vec<BadLine>,
}

/// Reads the whole file; `programs`: those that it may name.
///
/// # Errors
/// A sentence at `file` when it is no file of rules at all.
pub(super) fn read(text: &str, programs: &[ProgramRow]) -> Result<Read> {
    let no_file = |said: String| Error::field("file", said);
    let mut lines = csv::lines(text);
    let (_, first) =
        lines.next().ok_or_else(|| no_file("The file is empty. Choose one with rules.".into()))?;
    let head = Head::read(&first.map_err(|said| no_file(said.to_owned()))?).map_err(no_file)?;
    let programs = programs.iter().map(|it| (it.name.to_lowercase(), it.id.to_string()));
    let programs: HashMap<String, String> = programs.collect();
    let mut read = Read::default();
    for (number, cells) in lines {
        let wanted = match cells {
            Ok(cells) => head.rule(&cells, &programs),
            Err(said) => Err(said.to_owned()),
        };
        match wanted {
            Ok(wanted) => read.good.push((number, wanted)),
            Err(said) => read.bad.push(BadLine { line: number, said }),
        }
        if read.good.len() + read.bad.len() > bounds::RULES {
            return Err(no_file("The file has more than 50,000 lines. Split it.".to_owned()));
        }
    }
    read.drop_repeated();
    Ok(read)
}

impl Read {
    /// Of lines about the same rule the first counts, and the others are bad: nobody knows which
    /// was meant.
    fn drop_repeated(&mut self) {
        let mut first = HashMap::new();
        let good = std::mem::take(&mut self.good);
        for (line, wanted) in good {
            match first.get(&wanted.identity()) {
                Some(earlier) => {
                    let said = format!("It is the same rule as line {earlier}. Keep one of them.");
                    self.bad.push(BadLine { line, said });
                }
                None => {
                    first.insert(wanted.identity(), line);
                    self.good.push((line, wanted));
                }
            }
        }
        self.bad.sort_by_key(|bad| bad.line);
    }
}

/// Which column is where.
struct Head {
    /// Numbers of [`COLUMNS`].
    columns: Vec<usize>,
}

impl Head {
    fn read(cells: &[String]) -> std::result::Result<Self, String> {
        let mut columns = Vec::new();
        for cell in cells {
            let name = cell.trim().to_lowercase();
            let Some(column) = COLUMNS.iter().position(|known| **known == *name) else {
                let shown: String = cell.chars().take(40).collect();
                return Err(format!(
                    "The first line must name the columns, and {shown} is none. Use {}.",
                    COLUMNS.join(", ")
                ));
            };
            if columns.contains(&column) {
                return Err(format!("The column {name} is there twice. Keep one."));
            }
            columns.push(column);
        }
        match [0, 3].iter().find(|needed| !columns.contains(needed)) {
            Some(lacking) => {
                let lacking = COLUMNS[*lacking];
                Err(format!("The column {lacking} is missing. Add it to the first line."))
            }
            None => Ok(Self { columns }),
        }
    }

    /// The rule of a line, or what is wrong with it.
    fn rule(
        &self,
        cells: &[String],
        programs: &HashMap<String, String>,
    ) -> std::result::Result<Wanted, String> {
        let (has, most) = (cells.len(), self.columns.len());
        if has > most {
            return Err(format!(
                "It has {has} cells, and the first line names {most}. Put texts with commas in \
                 quotes."
            ));
        }
        let cell = |column: usize, otherwise: &str| {
            let place = self.columns.iter().position(|it| *it == column);
            let text = place.and_then(|place| cells.get(place)).map_or("", |cell| cell.trim());
            if text.is_empty() { otherwise.to_owned() } else { text.to_owned() }
        };
        let name = cell(4, "");
        let program = match name.is_empty() {
            true => String::new(),
            false => programs.get(&name.to_lowercase()).cloned().ok_or_else(|| {
                let shown: String = name.chars().take(bounds::PROGRAM).collect();
                format!("program: There is no program called {shown}. Add it first.")
            })?,
        };
        let form = RuleForm {
            keyword: cell(0, ""),
            matching: cell(1, "phrase").to_lowercase(),
            language: cell(2, ""),
            url: cell(3, ""),
            program,
            priority: cell(5, ""),
            starts: cell(6, ""),
            ends: cell(7, ""),
            enabled: cell(8, "yes").to_lowercase(),
            ..RuleForm::default()
        };
        Wanted::read(&form).map_err(said)
    }
}

/// Every wrong cell with its column.
fn said(error: Error) -> String {
    let Error::Invalid(errors) = error else { return error.to_string() };
    let column = |field: &str| if field == "matching" { "match" } else { field }.to_owned();
    let each = errors.iter().map(|it| format!("{}: {}", column(&it.field), it.message));
    each.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program() -> ProgramRow {
        ProgramRow {
            id: format!("program_{:032x}", 7).parse().unwrap(),
            name: "Nordly Partners".into(),
            key_set_at: None,
            rules: 0,
        }
    }

    fn refused(text: &str) -> String {
        let Err(Error::Invalid(errors)) = read(text, &[]) else { panic!("{text}") };
        assert_eq!(errors[0].field, "file");
        errors[0].message.clone()
    }

    #[test]
    fn every_bad_line_is_told_with_its_number_and_the_good_ones_are_read() {
        let text = "URL,keyword,Program,priority\n\
                    https://a.example/?t={tag},Shoes,nordly partners,5\n\
                    http://a.example,Boots,,\n\
                    https://a.example,,Unknown,x\n\
                    https://a.example/,SHOES,Nordly Partners\n\
                    https://a.example,Socks,,,,,\n\
                    https://a.example,\"Hats";
        let read = read(text, &[program()]).unwrap();
        let good: Vec<_> =
            read.good.iter().map(|(line, it)| (*line, it.keyword.as_str())).collect();
        assert_eq!(good, [(2, "Shoes")]);
        assert_eq!(read.good[0].1.priority, 5);
        let bad: Vec<usize> = read.bad.iter().map(|bad| bad.line).collect();
        assert_eq!(bad, [3, 4, 5, 6, 7]);
        let said = |at: usize| read.bad[at].said.as_str();
        assert!(said(0).starts_with("url: The address must be safe"), "{}", said(0));
        assert_eq!(said(1), "program: There is no program called Unknown. Add it first.");
        assert_eq!(said(2), "It is the same rule as line 2. Keep one of them.");
        assert!(said(3).starts_with("It has 7 cells, and the first line names 4."));
        assert!(said(4).starts_with("A quote opens a cell"));
    }

    #[test]
    fn what_is_no_file_of_rules_says_what_one_is() {
        assert_eq!(refused(""), "The file is empty. Choose one with rules.");
        assert!(refused("keyword,url,colour\n").contains("and colour is none. Use keyword, match"));
        assert_eq!(refused("keyword\n"), "The column url is missing. Add it to the first line.");
        assert_eq!(refused("url,keyword,URL\n"), "The column url is there twice. Keep one.");
        let many = "keyword,url\n".to_owned() + &"a,b\n".repeat(50_001);
        assert_eq!(refused(&many), "The file has more than 50,000 lines. Split it.");
    }
}
