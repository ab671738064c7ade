//! Making a stream.

use super::{
    parcel::{Bucket, Destination},
    sealed,
};
use crate::{
    Cx, Error, Result,
    event::{Event, Ledger},
    text::{self, Check},
};
use model::{
    AuditAction, FieldError, Permission, StreamId,
    audit::{NewStream, StreamBegin, StreamKind, stream_bounds as bounds},
    reveal::RevealedHook,
};
use secrecy::{ExposeSecret, SecretString};
use sqlx::PgConnection;
use url::Url;

/// A stream that was made.
pub struct Made {
    pub id: StreamId,
    pub name: String,
    /// What its deliveries are signed with, where they are.
    pub secret: Option<RevealedHook>,
}

/// Makes a stream, for whoever has confirmed that it is them. It flows from now on.
///
/// # Errors
/// A sentence at each wrong field; [`Error::Conflict`] for one too many.
pub async fn create(cx: &Cx, form: &NewStream) -> Result<Made> {
    cx.require(Permission::AuditView)?;
    cx.require(Permission::AuditExport)?;
    let Draft { name, kind, to, begin } = read(cx, form)?;
    let id = StreamId(cx.new_id());
    // Before the transaction: nobody waits for a lock while the keyring is asked.
    let place = sealed::destination(cx, id, &to).await?;
    let secret = match kind {
        StreamKind::Https => Some(sealed::new_secret(cx, id).await?),
        StreamKind::S3 | StreamKind::Folder => None,
    };
    let mut change = super::change(cx).await?;
    refuse_one_too_many(change.sql(), cx).await?;
    let start_at = begin.seq(change.sql(), cx).await?;
    let shown = shown(cx, id, &to)?;
    sqlx::query!(
        "insert into audit_stream (team_id, id, name, kind, shown, sealed, secret, person_id, made_at,
                                   start_at, started_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $9)",
        cx.seat()?.id.0,
        id.0,
        name,
        kind.name(),
        shown,
        place,
        secret.as_ref().map(|(_, sealed)| sealed.as_slice()),
        change.person()?,
        cx.now(),
        start_at
    )
    .execute(change.sql())
    .await?;
    let event = Event::new(Ledger::Team, AuditAction::StreamCreate)
        .on("stream", id, &name)
        .with("kind", kind.name())
        .with("to", shown)
        .with("begins_behind", start_at);
    change.commit(event).await?;
    let secret = secret.map(|(key, _)| RevealedHook {
        id,
        name: name.clone(),
        secret: key.written(),
        overlaps_until: None,
    });
    Ok(Made { id, name, secret })
}

/// What was typed, in types.
struct Draft {
    name: String,
    kind: StreamKind,
    to: Destination,
    begin: Begin,
}

fn read(cx: &Cx, form: &NewStream) -> Result<Draft> {
    let mut check = Check::default();
    let name = check.field("name", text::name(&form.name, "the stream", bounds::NAME));
    let kind =
        StreamKind::from_name(&form.kind).filter(|it| cx.deps().carrier().kinds().contains(it));
    let kind = check.field("kind", kind.ok_or("Choose where it goes.".to_owned()));
    let begin = Begin::read(&mut check, &form.begin, &form.record);
    let to = kind.and_then(|kind| destination(&mut check, kind, form));
    if let Some(FieldError { field, message }) =
        to.as_ref().and_then(|to| cx.deps().carrier().refuses(to))
    {
        return Err(Error::field(&field, message));
    }
    check.done()?;
    match (name, kind, to, begin) {
        (Some(name), Some(kind), Some(to), Some(begin)) => Ok(Draft { name, kind, to, begin }),
        _ => Err(Error::Inconsistent("a checked form lacks a field")),
    }
}

fn destination(check: &mut Check, kind: StreamKind, form: &NewStream) -> Option<Destination> {
    match kind {
        StreamKind::Folder => Some(Destination::Folder),
        StreamKind::Https => {
            let url = one_line(
                &form.url,
                bounds::URL,
                "Enter an address, e.g. https://siem.example.com/in.",
            );
            check.field("url", url).map(|url| Destination::Https(SecretString::from(url)))
        }
        StreamKind::S3 => bucket(check, form).map(Destination::S3),
    }
}

fn bucket(check: &mut Check, form: &NewStream) -> Option<Bucket> {
    let endpoint = one_line(
        &form.endpoint,
        bounds::URL,
        "Enter the server, e.g. https://s3.eu-central-1.amazonaws.com.",
    );
    let endpoint = check.field("endpoint", endpoint);
    let region = check.field(
        "region",
        one_line(&form.region, bounds::REGION, "Enter the region, e.g. eu-central-1."),
    );
    let name = check.field("bucket", bucket_name(&form.bucket));
    let prefix = check.field("prefix", prefix(&form.prefix));
    let access = one_line(&form.access_key, bounds::CREDENTIAL, "Enter the access key.");
    let access_key = check.field("access_key", access);
    let secret = one_line(form.secret_key.expose(), bounds::CREDENTIAL, "Enter the secret key.");
    let secret_key = check.field("secret_key", secret).map(SecretString::from);
    Some(Bucket {
        endpoint: endpoint?,
        region: region?,
        name: name?,
        prefix: prefix?,
        access_key: access_key?,
        secret_key: secret_key?,
    })
}

/// Without spaces around it, and none inside.
fn one_line(typed: &str, most: usize, missing: &str) -> std::result::Result<String, String> {
    let typed = typed.trim();
    match typed.chars().count() {
        0 => Err(missing.to_owned()),
        n if n > most => Err(format!("This has {n} characters. Use at most {most}.")),
        _ if typed.chars().any(|c| c.is_control() || c.is_whitespace()) => {
            Err("There are spaces in it. Enter it without.".to_owned())
        }
        _ => Ok(typed.to_owned()),
    }
}

/// As buckets are named everywhere; nothing that would mean something else in an address.
fn bucket_name(typed: &str) -> std::result::Result<String, String> {
    let name = one_line(typed, bounds::BUCKET, "Enter the bucket.")?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
    let is_name = name.len() >= 3 && name.chars().all(plain) && !name.contains("..");
    let ends = name.starts_with(['.', '-']) || name.ends_with(['.', '-']);
    match is_name && !ends {
        true => Ok(name),
        false => Err("A bucket has 3 to 63 small letters, digits, dots and hyphens.".to_owned()),
    }
}

fn prefix(typed: &str) -> std::result::Result<String, String> {
    let prefix = typed.trim().trim_matches('/');
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.=/".contains(c);
    let steps = || prefix.split('/').any(|part| part.is_empty() || part == "." || part == "..");
    match prefix {
        "" => Ok(String::new()),
        _ if prefix.len() > bounds::PREFIX || !prefix.chars().all(plain) || steps() => {
            Err("Use letters, digits, -, _, . and = with single slashes between.".to_owned())
        }
        _ => Ok(prefix.to_owned()),
    }
}

/// As much of it as everybody may see who may export the log.
fn shown(cx: &Cx, id: StreamId, to: &Destination) -> Result<String> {
    let host = |url: &str| {
        let url = Url::parse(url).map_err(|_| Error::Inconsistent("a checked address is none"))?;
        let host = url.host_str().unwrap_or_default().to_owned();
        Ok::<_, Error>(url.port().map_or_else(|| host.clone(), |port| format!("{host}:{port}")))
    };
    let shown = match to {
        Destination::Https(url) => host(url.expose_secret())?,
        Destination::S3(bucket) => {
            [host(&bucket.endpoint)?, bucket.name.clone(), bucket.prefix.clone()].join("/")
        }
        Destination::Folder => format!("{}/{id}", cx.seat()?.id),
    };
    Ok(shown.trim_end_matches('/').chars().take(300).collect())
}

async fn refuse_one_too_many(sql: &mut PgConnection, cx: &Cx) -> Result<()> {
    let there = sqlx::query_scalar!(
        r#"select count(*) as "there!" from audit_stream where team_id = $1"#,
        cx.seat()?.id.0
    );
    if there.fetch_one(sql).await? < bounds::STREAMS as i64 {
        return Ok(());
    }
    let said = format!("A team has at most {} streams. Remove one first.", bounds::STREAMS);
    Err(Error::Conflict(said))
}

/// Where a stream begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Begin {
    Now,
    /// Behind this record.
    Behind(i64),
}

impl Begin {
    pub(super) fn read(check: &mut Check, begin: &str, record: &str) -> Option<Self> {
        let begin = StreamBegin::from_name(begin).ok_or("Choose where it begins.".to_owned());
        match check.field("begin", begin)? {
            StreamBegin::Now => Some(Self::Now),
            StreamBegin::Beginning => Some(Self::Behind(0)),
            StreamBegin::Record => {
                let number = record.trim().parse::<i64>().ok().filter(|number| *number > 0);
                let said = "Enter the number of a record, e.g. 120.".to_owned();
                check.field("record", number.ok_or(said)).map(|number| Self::Behind(number - 1))
            }
        }
    }

    /// The record behind which it begins.
    pub(super) async fn seq(self, sql: &mut PgConnection, cx: &Cx) -> Result<i64> {
        let head = sqlx::query_scalar!(
            r#"select max(seq) as "head?" from ledger_head where kind = 'team' and ledger = $1"#,
            cx.seat()?.id.0
        );
        let head = head.fetch_one(sql).await?.unwrap_or(0);
        match self {
            Self::Now => Ok(head),
            Self::Behind(seq) if seq <= head => Ok(seq),
            Self::Behind(_) => {
                Err(Error::field("record", format!("The log has {head} records. Enter less.")))
            }
        }
    }
}
