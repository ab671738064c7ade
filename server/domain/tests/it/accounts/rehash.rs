//! A hash of lower cost becomes one of today's at the next sign-in.

use crate::support::{PASSWORD, World};
use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};

const ADA: &str = "ada@example.com";
const TODAY: &str = "$argon2id$v=19$m=19456,t=2,p=1$";

async fn stored(world: &World) -> String {
    sqlx::query_scalar("select password_hash from credential")
        .fetch_one(&mut world.superuser().await)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_weak_hash_is_replaced_by_the_right_password_and_by_no_other() {
    let world = World::new().await;
    world.person("Ada").await;
    let params = Params::new(64, 1, 1, Some(32)).unwrap();
    let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_with_salt(PASSWORD.as_bytes(), b"sixteen bytes 16")
        .unwrap()
        .to_string();
    let mut superuser = world.superuser().await;
    crate::support::run(&mut superuser, "alter table credential disable trigger user").await;
    sqlx::query("update credential set password_hash = $1")
        .bind(&weak)
        .execute(&mut superuser)
        .await
        .unwrap();
    crate::support::run(&mut superuser, "alter table credential enable trigger user").await;

    assert!(world.sign_in(ADA, "wrong wrong wrong").await.is_err());
    assert_eq!(stored(&world).await, weak);
    world.sign_in(ADA, PASSWORD).await.unwrap();
    let strong = stored(&world).await;
    assert!(strong.starts_with(TODAY), "{strong}");
    world.sign_in(ADA, PASSWORD).await.unwrap();
    assert_eq!(stored(&world).await, strong, "and not again");
}
