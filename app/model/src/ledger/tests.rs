//! What can be done to an export, and the verdict on each.

use super::*;
use crate::{TeamId, hex::hex};
use ed25519_dalek::{Signer, SigningKey};
use sha2::{Digest, Sha256};
use uuid::Uuid;

fn acme() -> LedgerId {
    LedgerId::Team(TeamId(Uuid::from_u128(1)))
}

fn other() -> LedgerId {
    LedgerId::Team(TeamId(Uuid::from_u128(2)))
}

fn signed<T: Statement>(statement: &T, seed: u8) -> Signed<T> {
    let key = SigningKey::from_bytes(&[seed; 32]);
    let public = PublicKey(key.verifying_key().to_bytes());
    Signed::new(statement, public, |text| key.sign(text).to_bytes())
}

/// One line of a file and what is needed to write another one.
#[derive(Clone)]
struct Row {
    seq: i64,
    record: String,
    sealed: Vec<u8>,
    previous_hash: Hash,
    hash: Hash,
}

/// Records as they were written; `say` changes what the record of a number says.
fn chain(ledger: LedgerId, length: i64, say: impl Fn(i64) -> &'static str) -> Vec<Row> {
    let mut previous_hash = genesis(ledger);
    let mut rows = Vec::new();
    for seq in 1..=length {
        let record = format!(r#"{{"v":1,"action":"{}","target":"a \"b\", c"}}"#, say(seq));
        let sealed = vec![u8::try_from(seq).unwrap(); 5];
        let hash = chain_hash(previous_hash, seq, record.as_bytes(), &sealed);
        rows.push(Row { seq, record, sealed, previous_hash, hash });
        previous_hash = hash;
    }
    rows
}

fn usual(_: i64) -> &'static str {
    "key.create"
}

fn jsonl(rows: &[Row]) -> String {
    let line = |row: &Row| {
        let record: Box<serde_json::value::RawValue> =
            serde_json::from_str(&row.record).expect("a record is JSON");
        let line = JsonLine {
            seq: row.seq,
            record: &record,
            actor: "Ada \"the\" first".into(),
            ip: "192.0.2.1".into(),
            agent: "curl".into(),
            sealed: hex(&row.sealed).into(),
            previous_hash: row.previous_hash,
            hash: row.hash,
        };
        serde_json::to_string(&line).unwrap() + "\n"
    };
    rows.iter().map(line).collect()
}

fn csv(rows: &[Row]) -> String {
    let quoted = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
    let mut text = COLUMNS.map(quoted).join(",") + "\r\n";
    for row in rows {
        let cells = COLUMNS.map(|column| match column {
            "seq" => row.seq.to_string(),
            "record" => row.record.clone(),
            "sealed" => hex(&row.sealed),
            "previous_hash" => row.previous_hash.to_string(),
            "hash" => row.hash.to_string(),
            _ => "x, \"y\"\r\nz".to_owned(),
        });
        text += &(cells.map(|cell| quoted(&cell)).join(",") + "\r\n");
    }
    text
}

fn edge(row: &Row) -> Edge {
    Edge { seq: row.seq, previous_hash: row.previous_hash, hash: row.hash }
}

fn checkpoint(ledger: LedgerId, row: &Row) -> Signed<Checkpoint> {
    let at = "2026-11-01T00:00:00Z".to_owned();
    let (seq, hash) = (row.seq, row.hash);
    signed(&Checkpoint { ledger, seq, count: seq, hash, at }, 7)
}

fn manifest(rows: &[Row], text: &str) -> Manifest {
    Manifest {
        instance: "https://probity.example.com".to_owned(),
        ledger: acme(),
        name: "Acme".to_owned(),
        made_at: "2026-11-26T10:00:00Z".to_owned(),
        search: String::new(),
        file: FileSummary {
            name: "acme.jsonl".to_owned(),
            format: ExportFormat::Jsonl,
            rows: rows.len() as u64,
            bytes: text.len() as u64,
            sha256: Hash(Sha256::digest(text).into()),
        },
        first: rows.first().map(edge),
        last: rows.last().map(edge),
        head: 10,
        trim: None,
        checkpoints: rows
            .iter()
            .filter(|row| row.seq == 4)
            .map(|row| checkpoint(acme(), row))
            .collect(),
    }
}

/// What is said of a file, read in pieces of an odd size, with this beside it.
fn report(papers: &[String], file: &str) -> Report {
    let mut evidence = Evidence::new(None);
    for paper in papers {
        assert_eq!(Paper::of(paper.as_bytes()), Paper::Evidence);
        evidence.read(paper);
    }
    let mut verifier = Verifier::new(evidence);
    assert_eq!(Paper::of(file.as_bytes()), Paper::Records);
    for piece in file.as_bytes().chunks(7) {
        verifier.read(piece);
    }
    verifier.finish()
}

/// The verdict on records that were made of the ten of Acme by `tamper`, beside their manifest.
fn verdict(tamper: impl Fn(&mut Vec<Row>)) -> Vec<Fault> {
    let rows = chain(acme(), 10, usual);
    let paper = signed(&manifest(&rows, &jsonl(&rows)), 7).line();
    let mut tampered = rows;
    tamper(&mut tampered);
    let of_json = report(std::slice::from_ref(&paper), &jsonl(&tampered)).faults;
    let of_csv = report(&[paper], &csv(&tampered)).faults;
    // The sum in the manifest is of the other form: all else is told alike.
    match of_json.is_empty() {
        true => assert_eq!(of_csv, [Fault::OtherFile]),
        false => assert_eq!(of_csv, of_json),
    }
    of_json
}

#[test]
fn an_untouched_file_is_proven_and_says_what_it_is() {
    assert_eq!(verdict(|_| {}), []);
    let rows = chain(acme(), 10, usual);
    let paper = signed(&manifest(&rows, &jsonl(&rows)), 7).line();
    let report = report(&[paper], &jsonl(&rows));
    assert!(report.is_proven());
    assert_eq!((report.rows, report.first, report.last), (10, Some(1), Some(10)));
    assert_eq!((report.of.as_str(), report.checkpoints_met), ("Acme", 1));
    assert!(report.key.is_some() && !report.is_trusted);
}

#[test]
fn each_way_to_tamper_has_a_verdict_of_its_own() {
    let edited = |rows: &mut Vec<Row>| rows[2].record = rows[2].record.replace("create", "revoke");
    assert_eq!(verdict(edited), [Fault::Altered { seq: 3 }]);
    assert_eq!(verdict(|rows| rows[2].sealed[0] ^= 1), [Fault::Altered { seq: 3 }]);
    let taken_out = |rows: &mut Vec<Row>| drop(rows.drain(4..6));
    assert_eq!(verdict(taken_out), [Fault::Missing { from: 5, to: 6 }]);
    assert_eq!(verdict(|rows| drop(rows.remove(0))), [Fault::Missing { from: 1, to: 1 }]);
    assert_eq!(verdict(|rows| rows.truncate(8)), [Fault::TailCut { after: 8, last: 10 }]);
    assert_eq!(verdict(Vec::clear), [Fault::TailCut { after: 0, last: 10 }]);
    assert_eq!(verdict(|rows| rows.swap(4, 5)), [Fault::OutOfOrder { seq: 5 }]);
    assert_eq!(verdict(|rows| rows.insert(5, rows[2].clone())), [Fault::Repeated { seq: 3 }]);
    assert_eq!(verdict(|rows| rows.push(rows[9].clone())), [Fault::Repeated { seq: 10 }]);
    assert_eq!(verdict(|rows| *rows = chain(other(), 10, usual)), [Fault::OtherLedger]);
    let revoked = |seq| if seq == 7 { "key.revoke" } else { "key.create" };
    let rebuilt_behind_the_checkpoint = |rows: &mut Vec<Row>| *rows = chain(acme(), 10, revoked);
    assert_eq!(verdict(rebuilt_behind_the_checkpoint), [Fault::Rebuilt { seq: 10 }]);
    let longer = |rows: &mut Vec<Row>| *rows = chain(acme(), 11, usual);
    assert_eq!(verdict(longer), [Fault::Surplus { seq: 11 }]);
}

#[test]
fn a_record_whose_hash_was_made_anew_does_not_lead_to_the_next() {
    let spliced = |rows: &mut Vec<Row>| {
        let row = &mut rows[2];
        row.record = row.record.replace("create", "revoke");
        row.hash = chain_hash(row.previous_hash, row.seq, row.record.as_bytes(), &row.sealed);
    };
    assert_eq!(verdict(spliced), [Fault::Unlinked { seq: 4 }]);
}

#[test]
fn checkpoints_that_were_kept_tell_a_rebuilt_chain_without_any_manifest() {
    let rows = chain(acme(), 10, usual);
    let kept = checkpoint(acme(), &rows[3]).line() + "\n" + &checkpoint(acme(), &rows[6]).line();
    let revoked = |seq| if seq == 2 { "key.revoke" } else { "key.create" };
    let rebuilt = jsonl(&chain(acme(), 10, revoked));
    let found = report(std::slice::from_ref(&kept), &rebuilt).faults;
    assert_eq!(found, [Fault::Rebuilt { seq: 4 }, Fault::Rebuilt { seq: 7 }]);
    let whole = report(&[kept], &jsonl(&rows));
    assert_eq!((whole.checkpoints_met, whole.faults.len()), (2, 0));
    assert!(!whole.is_proven(), "nothing says that the end is there");
}

#[test]
fn a_manifest_counts_only_with_its_signature() {
    let rows = chain(acme(), 10, usual);
    let paper = signed(&manifest(&rows, &jsonl(&rows)), 7).line();
    let forged = paper.replace("\"name\":\"Acme\"", "\"name\":\"Acne\"");
    assert_ne!(paper, forged);
    let said = report(&[forged], &jsonl(&rows));
    assert_eq!(said.faults, [Fault::ManifestForged]);
    assert!(!said.is_proven() && !said.has_manifest && said.key.is_none());

    let key = SigningKey::from_bytes(&[8; 32]).verifying_key().to_bytes();
    let mut evidence = Evidence::new(Some(PublicKey(key)));
    evidence.read(&paper);
    let mut verifier = Verifier::new(evidence);
    verifier.read(jsonl(&rows).as_bytes());
    assert_eq!(verifier.finish().faults, [Fault::OtherKey]);

    // Nor does what it says apart from checkpoints, which are looked at one by one.
    let alone = Manifest { checkpoints: Vec::new(), ..manifest(&rows, &jsonl(&rows)) };
    let mut evidence = Evidence::new(Some(PublicKey(key)));
    evidence.read(&signed(&alone, 7).line());
    let mut verifier = Verifier::new(evidence);
    verifier.read(jsonl(&rows).as_bytes());
    let said = verifier.finish();
    assert_eq!((said.faults.as_slice(), said.has_manifest), (&[Fault::OtherKey][..], false));

    let cut = checkpoint(acme(), &rows[3]).line().replace("\"seq\":4", "\"seq\":5");
    assert_eq!(report(&[cut], &jsonl(&rows)).faults, [Fault::CheckpointForged]);
    // A checkpoint is no manifest, whatever it says.
    let posing = signed(&manifest(&rows, ""), 7).line().replace("manifest", "checkpoint");
    assert_eq!(report(&[posing], &jsonl(&rows)).faults, [Fault::CheckpointForged]);
}

#[test]
fn what_a_statement_is_was_signed_with_it() {
    #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    struct Note(String);
    impl Statement for Note {
        const TITLE: &'static str = "note";
    }
    #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    struct Order(String);
    impl Statement for Order {
        const TITLE: &'static str = "order";
    }
    let note = signed(&Note("pay".to_owned()), 7);
    assert_eq!(note.open(), Ok(Note("pay".to_owned())));
    let posing: Signed<Order> = serde_json::from_str(&note.line()).unwrap();
    assert_eq!(posing.open(), Err(NotSigned::OtherTitle));
    let retitled = note.line().replace("\"note\"", "\"order\"");
    let posing: Signed<Order> = serde_json::from_str(&retitled).unwrap();
    assert_eq!(posing.open(), Err(NotSigned::Forged));
}

#[test]
fn checkpoints_that_disagree_are_told() {
    let (one, two) = (chain(acme(), 4, usual), chain(acme(), 4, |_| "key.revoke"));
    let kept = checkpoint(acme(), &one[3]).line() + "\n" + &checkpoint(acme(), &two[3]).line();
    assert_eq!(report(&[kept], &jsonl(&one)).faults, [Fault::CheckpointsDisagree { seq: 4 }]);
}

#[test]
fn what_a_search_left_out_is_not_missed_and_what_was_taken_out_is() {
    let rows: Vec<Row> =
        chain(acme(), 10, usual).into_iter().filter(|row| row.seq % 3 == 1).collect();
    let text = jsonl(&rows);
    let said = Manifest { search: "action:key.create".to_owned(), ..manifest(&rows, &text) };
    let paper = signed(&said, 7).line();
    let told = |text: &str| report(std::slice::from_ref(&paper), text).faults;
    assert_eq!(told(&text), []);
    let mut fewer = rows.clone();
    fewer.remove(1);
    assert_eq!(told(&jsonl(&fewer)), [Fault::OtherCount { found: 3, said: 4 }]);
    assert_eq!(told(&text.replace("192.0.2.1", "192.0.2.2")), [Fault::OtherFile]);
}

#[test]
fn what_is_no_record_is_told_by_its_line() {
    let rows = chain(acme(), 10, usual);
    let text = jsonl(&rows);
    let cut = &text[..text.len() - 20];
    assert_eq!(report(&[], cut).faults, [Fault::NotARecord { line: 10 }]);
    let long = format!("{}{{\"seq\":{}}}\n", text, "1".repeat(2 << 20));
    assert_eq!(report(&[], &long).faults, [Fault::NotARecord { line: 11 }]);
    assert_eq!(report(&[], "no,such\r\n1,2\r\n").faults[0], Fault::NotARecord { line: 1 });
    let long = format!("{}\"{}\"\r\n", csv(&rows), "1".repeat(2 << 20));
    assert_eq!(report(&[], &long).faults, [Fault::NotARecord { line: 11 }]);
}

#[test]
fn many_faults_are_counted_and_not_kept() {
    let mut rows = chain(acme(), 200, usual);
    rows.iter_mut().for_each(|row| row.record.push(' '));
    rows.retain(|row| row.seq % 2 == 0);
    let said = report(&[], &jsonl(&rows).replace("key.create", "key.revoke"));
    assert_eq!(said.faults.len(), 20);
    assert!(said.more_faults > 100, "{}", said.more_faults);
}

#[test]
fn a_record_that_is_no_json_any_more_is_still_told_by_its_number() {
    let rows = chain(acme(), 3, usual);
    let line = jsonl(&rows[1..2]).replace(&rows[1].record, r#""\\x00ff""#);
    let text = jsonl(&rows[..1]) + &line + &jsonl(&rows[2..]);
    assert_eq!(report(&[], &text).faults, [Fault::Altered { seq: 2 }]);
}
