//! Time-based one-time codes (RFC 6238): SHA-1, six digits, 30 seconds, as every app knows them.

use crate::{Error, Result, ports::Random};
use model::reveal::TotpOffer;
use qrcode::{Color, QrCode};
use std::fmt::Write;
use time::OffsetDateTime;
use totp_rs::Builder;
use zeroize::Zeroizing;

/// Seconds that a code lasts.
const STEP: u64 = 30;
/// RFC 4226, section 4: 160 bits are recommended.
const SECRET: usize = 20;

/// The codes of one secret.
pub(crate) struct Totp(totp_rs::Totp);

impl Totp {
    /// 160 random bits for a new app.
    pub(crate) fn new_secret(random: &dyn Random) -> Zeroizing<[u8; SECRET]> {
        let mut secret = Zeroizing::new([0; SECRET]);
        random.fill(secret.as_mut());
        secret
    }

    /// The codes of `secret`, which an app shows under `account`.
    ///
    /// # Errors
    /// When the secret is not one of ours.
    pub(crate) fn of(secret: &[u8], account: &str) -> Result<Self> {
        Builder::new()
            .with_secret(secret)
            .with_skew(0)
            .with_step_duration(STEP)
            // A colon would end the issuer's name in the address that apps read.
            .with_account_name(account.replace(':', "."))
            .with_issuer(Some("Probity"))
            .build()
            .map(Self)
            .map_err(|_| Error::Inconsistent("an app's secret is malformed"))
    }

    /// The step whose code this is: the present one or, for slow typists, the one before. Never
    /// the next: a clock that is ahead gains nothing.
    pub(crate) fn step_of(&self, code: &str, now: OffsetDateTime) -> Option<i64> {
        let now = u64::try_from(now.unix_timestamp()).ok()?;
        let step = [now, now.saturating_sub(STEP)]
            .into_iter()
            .find_map(|moment| self.0.check(code, moment))?;
        i64::try_from(step).ok()
    }

    /// What an app needs: a square to scan, and the same secret as text.
    pub(crate) fn offer(&self) -> Result<TotpOffer> {
        const BROKEN: Error = Error::Inconsistent("an app's secret makes no square");
        let url = Zeroizing::new(self.0.to_url().map_err(|_| BROKEN)?);
        let square = QrCode::new(url.as_bytes()).map_err(|_| BROKEN)?;
        let size = square.width();
        Ok(TotpOffer { secret: grouped(&self.0.secret().to_base32()), size, path: path(&square) })
    }
}

/// Groups of four are easier to type.
fn grouped(text: &str) -> String {
    let digits: Vec<char> = text.chars().collect();
    digits.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// The dark modules, each run of a row as one rectangle.
fn path(square: &QrCode) -> String {
    let size = square.width();
    let mut path = String::new();
    for (y, row) in square.to_colors().chunks(size).enumerate() {
        let mut x = 0;
        while x < size {
            let run = row[x..].iter().take_while(|color| **color == Color::Dark).count();
            if run > 0 {
                write!(path, "M{x} {y}h{run}v1h-{run}z").expect("a string takes all");
            }
            x += run.max(1);
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    /// RFC 6238, appendix B, cut to six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let totp = Totp::of(b"12345678901234567890", "ada@example.com").unwrap();
        for (at, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            let now = OffsetDateTime::from_unix_timestamp(at).unwrap();
            assert_eq!(totp.step_of(code, now), Some(at / 30), "{at}");
        }
    }

    #[test]
    fn the_code_before_is_accepted_and_the_next_is_not() {
        let totp = Totp::of(b"12345678901234567890", "ada@example.com").unwrap();
        let now = datetime!(2026-11-22 08:00 UTC);
        let code = |seconds: i64| {
            let at = u64::try_from(now.unix_timestamp() + seconds).unwrap();
            totp.0.generate(at).to_string()
        };
        let step = now.unix_timestamp() / 30;
        assert_eq!(totp.step_of(&code(0), now), Some(step));
        assert_eq!(totp.step_of(&code(-30), now), Some(step - 1));
        assert_eq!(totp.step_of(&code(-60), now), None);
        assert_eq!(totp.step_of(&code(30), now), None);
        for wrong in ["", "1", "12345a", "+12345", "１２３４５６", &"1".repeat(1000)] {
            assert_eq!(totp.step_of(wrong, now), None, "{wrong}");
        }
    }

    #[test]
    fn a_square_and_a_text_hold_the_same_secret() {
        let offer = Totp::of(b"12345678901234567890", "a:b@example.com").unwrap().offer().unwrap();
        assert_eq!(offer.secret, "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert!(offer.size >= 33 && offer.path.starts_with("M0 0h7v1h-7z"), "{}", offer.path);
    }
}
