//! What is left of somebody who deleted their account: looked for in every column of every table, as a
//! superuser, who is kept from nothing.

use crate::support::{PASSWORD, World, run};
use domain::{Cx, account, audit, invitation, rule};
use model::{
    audit::{AuditQuery, SaveSearch, StartExport, Whose},
    factor::ChangeEmail,
    rule::ImportFile,
    session::DeleteAccount,
};

const NAME: &str = "Kanarie Voss";
const EMAIL: &str = "kanarie.voss@example.com";

/// Every column in which one of the texts stands, in clear, hexadecimal digits or Base64.
async fn found_in(world: &World, texts: &[&str]) -> Vec<String> {
    let mut superuser = world.superuser().await;
    let columns: Vec<(String, String)> = sqlx::query_as(
        "select table_name::text, column_name::text from information_schema.columns
         join information_schema.tables using (table_schema, table_name)
         where table_schema = 'public' and table_type = 'BASE TABLE' order by 1, 2",
    )
    .fetch_all(&mut superuser)
    .await
    .unwrap();
    assert!(columns.len() > 200, "all of them");
    let mut found = Vec::new();
    for (table, column) in columns {
        for text in texts {
            let sql = format!(
                "select exists (select from {table} t where position(lower($1) in lower(t.{column}::text)) > 0
                    or position(encode($1::bytea, 'hex') in t.{column}::text) > 0)"
            );
            let stands = sqlx::query_scalar::<_, bool>(sqlx::AssertSqlSafe(sql)).bind(text);
            if stands.fetch_one(&mut superuser).await.unwrap() {
                found.push(format!("{table}.{column}: {text}"));
            }
        }
    }
    found
}

/// Somebody who came by an invitation, and left traces wherever people can.
async fn busy(world: &World, owner: &Cx) -> Cx {
    let person = world.person(NAME).await;
    world.invited(owner, EMAIL, "admin").await;
    let offered = invitation::mine(&person).await.unwrap().remove(0);
    invitation::accept(&person, offered.id).await.unwrap();
    let slug = domain::team::card(owner).unwrap().slug;
    let admin = world.sign_in(EMAIL, PASSWORD).await.unwrap().in_team(&slug).await.unwrap();
    let own = |text: &str| SaveSearch {
        name: "of one person".to_owned(),
        search: format!("actor:\"{text}\""),
        whose: Whose::Me.name().to_owned(),
        ..SaveSearch::default()
    };
    audit::saved::save(&admin, &own(NAME)).await.unwrap();
    // What is looked for stands in the record, too, which nobody alters: so this is written past it.
    let asked = StartExport { format: "csv".into(), ..StartExport::default() };
    audit::export::start(&admin, &asked).await.unwrap();
    let searched = format!("update audit_export set search = 'actor:\"{NAME}\"'");
    run(&mut world.superuser().await, &searched).await;
    let file = format!("keyword,url\n{EMAIL},https://example.com/\n");
    rule::import::upload(&admin, ImportFile { file, ..ImportFile::default() }).await.unwrap();
    let next = format!("new-{EMAIL}");
    account::ask_email(&admin, ChangeEmail { email: next }).await.unwrap();
    let q = format!("actor:\"{NAME}\"");
    audit::search(owner, AuditQuery { q, ..AuditQuery::default() }).await.unwrap();
    admin
}

#[tokio::test]
async fn nothing_in_the_database_names_who_deleted_their_account() {
    let world = World::new().await;
    let owner = world.team(&world.person("Ada").await, "Halden").await;
    let person = busy(&world, &owner).await;
    let before = found_in(&world, &[NAME, EMAIL]).await;
    assert!(before.len() > 4, "{before:?}");
    account::delete_account(&person, DeleteAccount { email: EMAIL.to_owned() }).await.unwrap();
    assert_eq!(found_in(&world, &[NAME, EMAIL]).await, [""; 0], "before: {before:?}");
}
