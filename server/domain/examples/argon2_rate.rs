//! How many passwords this machine hashes in a second, at Probity's cost and with nothing around
//! it: what sign-ins are compared with. `argon2_rate <threads> <seconds>`; for `./dev bench`.

use domain::crypto::Cost;
use std::{
    env,
    io::{Write, stdout},
    thread,
    time::{Duration, Instant},
};

fn main() {
    let mut numbers = env::args().skip(1).filter_map(|text| text.parse::<u32>().ok());
    let (threads, seconds) = (numbers.next().unwrap_or(1), numbers.next().unwrap_or(2));
    let began = Instant::now();
    let until = began + Duration::from_secs(seconds.into());
    let hashing: Vec<_> = (0..threads).map(|_| thread::spawn(move || hash(until))).collect();
    let hashes: u32 = hashing.into_iter().map(|thread| thread.join().expect("no panic")).sum();
    let rate = f64::from(hashes) / began.elapsed().as_secs_f64();
    writeln!(stdout(), "{rate:.2}").expect("somebody reads");
}

/// Hashes until then, in memory that is used again; says how often.
fn hash(until: Instant) -> u32 {
    let argon2 = Cost::TODAY.argon2().expect("today's cost is one of argon2's");
    let mut memory = vec![argon2::Block::default(); argon2.params().block_count()];
    let mut hashes = 0;
    while Instant::now() < until {
        let mut hash = [0; 32];
        argon2
            .hash_password_into_with_memory(b"a wrong password", &[7; 16], &mut hash, &mut memory)
            .expect("as many bytes and blocks as argon2 asked for");
        hashes += 1;
    }
    hashes
}
