//! What must not be in the database, in clear, anywhere.

use crate::{
    permissions::new_key,
    support::{PASSWORD, World, entered},
};
use domain::{key, policy::tables};
use model::Typed;
use sqlx::AssertSqlSafe;

#[tokio::test]
async fn no_table_holds_a_secret_or_a_network_address_in_clear() {
    let world = World::new().await;
    let ada = world.sign_in_from("198.51.100.77").await;
    let team = world.team(&ada, "Halden").await;
    let made = key::create(&team, new_key()).await.unwrap();
    key::verify(&world.anyone(), &Typed::new(&made.secret), &key::Ask::default()).await.unwrap();
    let body = &made.secret["pby_live_".len() + 8..];
    let mut superuser = world.superuser().await;
    for table in tables() {
        // As text and as bytes: bytea shows as hexadecimal digits.
        let all = format!("select coalesce(string_agg(t::text, ' '), '') from {} t", table.name);
        let text: String =
            sqlx::query_scalar(AssertSqlSafe(all)).fetch_one(&mut superuser).await.unwrap();
        for secret in [body, PASSWORD, "198.51.100.77", "Test/1"] {
            let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
            assert!(!text.contains(secret) && !text.contains(&hex), "{} in clear", table.name);
        }
    }
}

#[tokio::test]
async fn no_login_role_can_read_a_hash() {
    let world = World::new().await;
    let ada = world.person("Ada").await;
    let team = domain::team::card(&world.team(&ada, "Halden").await).unwrap().id;
    let mut raw = world.raw("probity_app", team, &ada).await;
    for (sql, table) in [
        ("select secret_hash from api_key", "api_key"),
        ("select password_hash from credential", "credential"),
        ("select set_up_hash from instance", "instance"),
    ] {
        let refused = crate::support::refusal(&mut raw, sql).await;
        assert_eq!(refused, format!("permission denied for table {table}"));
    }
}

impl World {
    async fn sign_in_from(&self, ip: &str) -> domain::Cx {
        self.person("Ada").await;
        let form = model::account::SignIn {
            email: "ada@example.com".to_owned(),
            password: Typed::new(PASSWORD),
            next: String::new(),
        };
        let session = entered(domain::account::sign_in(&self.from(ip), form).await.unwrap());
        self.from(ip).with_session(&session.token).await.unwrap()
    }
}
