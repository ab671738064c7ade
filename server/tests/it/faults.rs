//! What is left when the program, or the database with it, is killed at any moment under load.
//!
//! `PROBITY_KILLS=100` makes it so many rounds; `./dev bench faults` does.

use crate::{
    http::owner,
    program::{Home, Program, signal},
    superuser::Superuser,
};
use domain::ports::{Random, SystemRandom};
use rustix::process::Signal;
use std::{
    collections::BTreeSet,
    io::{Read, Write},
    net::TcpStream,
    sync::Mutex,
    thread,
    time::Duration,
};

/// Rounds of a run that is one test among many.
const ROUNDS: u32 = 4;
const WRITERS: u32 = 4;

/// A change as a browser asks for it; true if it was acknowledged. Whoever answers may be killed meanwhile.
fn make_rule(address: &str, cookies: &str, keyword: &str) -> bool {
    let form = format!(
        "form%5Bteam%5D=halden-freight&form%5Bkeyword%5D={keyword}&form%5Bmatching%5D=exact&\
         form%5Burl%5D=https%3A%2F%2Fshop.example%2F&form%5Benabled%5D=yes"
    );
    let request = format!(
        "POST /do/rule/create HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Accept: application/json\r\nSec-Fetch-Site: same-origin\r\nCookie: {cookies}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    );
    let asked = || {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok::<_, std::io::Error>(answer.starts_with("HTTP/1.1 200"))
    };
    asked().unwrap_or(false)
}

/// Writes until nobody answers, and is told when to kill whom.
fn round(
    home: &Home,
    program: &mut Program,
    cookies: &str,
    number: u32,
    done: &Mutex<BTreeSet<String>>,
) {
    let address = program.address.clone();
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let address = &address;
            scope.spawn(move || {
                for count in 0.. {
                    let keyword = format!("w{number}x{writer}x{count}");
                    if !make_rule(address, cookies, &keyword) {
                        return;
                    }
                    done.lock().expect("nobody panics while holding it").insert(keyword);
                }
            });
        }
        thread::sleep(Duration::from_millis(u64::from(100 + moment() % 600)));
        if number % 2 == 1 {
            signal(home.postmaster().expect("it runs"), Signal::KILL);
        }
        program.kill();
    });
}

/// A moment that nobody chose.
fn moment() -> u32 {
    let mut bytes = [0; 4];
    SystemRandom.fill(&mut bytes);
    u32::from_be_bytes(bytes)
}

#[test]
fn after_kill_9_nothing_acknowledged_is_missing_and_the_chain_has_one_line() {
    let rounds = std::env::var("PROBITY_KILLS").ok().and_then(|text| text.parse().ok());
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    let cookies = owner(&program).0.cookies;
    let cookies: Vec<_> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let (cookies, done) = (cookies.join("; "), Mutex::default());
    for number in 0..rounds.unwrap_or(ROUNDS) {
        round(&home, &mut program, &cookies, number, &done);
        program = home.serve();
        program.wait_until_ready();
    }
    let done = done.into_inner().expect("nobody panicked while holding it");
    assert!(done.len() > 20, "something was done: {}", done.len());
    let superuser = Superuser::of(&home);
    let kept = superuser.one("select coalesce(string_agg(keyword, ','), '') from keyword_rule");
    let kept: BTreeSet<&str> = kept.split(',').collect();
    let lost: Vec<_> = done.iter().filter(|keyword| !kept.contains(keyword.as_str())).collect();
    assert_eq!(lost, Vec::<&String>::new(), "acknowledged, and not there");
    let apart = superuser.one(APART);
    assert_eq!(apart, "0 0", "rules without a record, records without a rule");
    assert_eq!(superuser.one(BROKEN), "0", "records that do not follow the one before");
    program.stop();
}

const APART: &str = "
    with recorded as (select target_id from audit_event where action = 'rule.create'),
        made as (select 'rule_' || replace(id::text, '-', '') as id from keyword_rule)
    select (select count(*) from made where id not in (select target_id from recorded))
        || ' ' || (select count(*) from recorded where target_id not in (select id from made))";

const BROKEN: &str = "
    with linked as (
        select *, lag(hash) over w as before, lag(seq) over w as number, lead(seq) over w as next
        from audit_event window w as (partition by kind, ledger order by seq))
    select count(*)::text from linked l
    join ledger_head h on h.kind = l.kind and h.ledger = l.ledger
    where l.seq <> coalesce(number, 0) + 1
        or previous_hash <> coalesce(before, sha256(l.kind::bytea || uuid_send(l.ledger)))
        or l.hash <> app.chain_hash(previous_hash, l.seq, record, sealed)
        or (next is null and (h.seq <> l.seq or h.hash <> l.hash))";
