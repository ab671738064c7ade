use super::encode;

#[test]
fn an_address_survives_being_put_into_a_query() {
    assert_eq!(encode("/t/halden/keys?before=7&x=é"), "/t/halden/keys%3Fbefore%3D7%26x%3D%C3%A9");
}
