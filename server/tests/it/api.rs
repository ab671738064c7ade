//! The REST API, asked with keys that act in their team.

use crate::{
    http::owner,
    program::{Home, Program},
    visitor::{Answer, Visitor, send},
};
use app::doors::{ENDPOINTS, May};
use model::{Permission, Permissions};
use serde_json::{Value, json};
use std::cell::RefCell;

/// A request with a key.
fn call(program: &Program, secret: &str, request: &str, body: Option<&Value>) -> Answer {
    named(program, secret, request, body, "")
}

/// The same with more headers, each with its end.
fn named(
    program: &Program,
    secret: &str,
    request: &str,
    body: Option<&Value>,
    headers: &str,
) -> Answer {
    let body = body.map(ToString::to_string).unwrap_or_default();
    let kind = if body.is_empty() { "" } else { "Content-Type: application/json\r\n" };
    let text = format!(
        "{request} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {secret}\r\n{headers}{kind}\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    send(program, &text)
}

fn json_of(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("JSON: {answer:?}"))
}

/// The secret of a key that the owner makes with what is ticked.
pub(crate) fn key_with(ada: &mut Visitor<'_>, permissions: Permissions) -> String {
    let mut fields = vec![
        ("from", "/t/halden-freight/keys/new".to_owned()),
        ("team", "halden-freight".to_owned()),
        ("name", "ci".to_owned()),
        ("environment", "test".to_owned()),
        ("days", "90".to_owned()),
    ];
    let ticked: Vec<String> = permissions.iter().map(Permission::field).collect();
    fields.extend(ticked.iter().map(|field| (field.as_str(), "yes".to_owned())));
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = ada.post("/do/key/create", &fields);
    assert_eq!(answer.status, 200, "{}", answer.body);
    let words = answer.body.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let secret = words.filter(|word| word.starts_with("pby_test_")).max_by_key(|word| word.len());
    secret.expect("the key").to_owned()
}

fn new_key() -> Value {
    json!({ "name": "sync", "environment": "live" })
}

fn new_rule(keyword: &str) -> Value {
    json!({ "keyword": keyword, "url": "https://shop.example/?q={query}" })
}

fn new_program(name: &str) -> Value {
    json!({ "name": name, "tag": "halden-21" })
}

/// The id of what was made.
fn id_of(made: &Answer) -> String {
    assert_eq!(made.status, 201, "{}", made.body);
    json_of(made)["id"].as_str().expect("an id").to_owned()
}

/// Each endpoint with something right to send.
fn right(endpoint: &str, ids: [(&str, &str); 3]) -> (String, Option<Value>) {
    let named = |request: String, (place, id): (&str, &str)| request.replace(place, id);
    let request = ids.into_iter().fold(endpoint.replace("{seq}", "1"), named);
    let body = match endpoint {
        "POST /v1/programs" => Some(new_program("Nordly")),
        "PATCH /v1/programs/{program}" => Some(json!({ "tag": "halden-22" })),
        "POST /v1/rules" => Some(new_rule("boots")),
        "PATCH /v1/rules/{rule}" => Some(json!({ "priority": 7 })),
        "POST /v1/audit/events" => Some(json!({ "action": "invoice.paid" })),
        "POST /v1/audit/events/batch" => Some(json!({ "events": [{ "action": "a.b" }] })),
        "POST /v1/keys" => Some(new_key()),
        "PATCH /v1/keys/{key}" => Some(json!({ "name": "sync 2" })),
        other if other.starts_with("POST") => Some(json!({})),
        _ => None,
    };
    (request, body)
}

#[test]
fn every_endpoint_is_open_to_the_scope_that_it_names_and_closed_without_it() {
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    let (mut ada, _) = owner(&program);
    let all = Permissions::for_keys();
    let everything = key_with(&mut ada, all);
    let made = call(&program, &everything, "POST /v1/keys", Some(&new_key()));
    let id = id_of(&made);
    let rule = call(&program, &everything, "POST /v1/rules", Some(&new_rule("shoes")));
    let rule = id_of(&rule);
    let partner = call(&program, &everything, "POST /v1/programs", Some(&new_program("Sudly")));
    let partner = id_of(&partner);
    let ids = [("{key}", &*id), ("{rule}", &*rule), ("{program}", &*partner)];
    // What deletes comes last.
    let mut doors: Vec<_> = ENDPOINTS.iter().collect();
    doors.sort_by_key(|door| door.path.starts_with("DELETE"));
    for door in doors {
        let May::Holder(permission) = door.may else { continue };
        let (request, body) = right(door.path, ids);
        let without = match permission {
            // Whoever acts in a team sees it: only who may nothing does not.
            Permission::TeamView => Permissions::NONE,
            other => all.without(Permissions::NONE.with(other)),
        };
        let without = key_with(&mut ada, without);
        let refused = call(&program, &without, &request, body.as_ref());
        assert_eq!(refused.status, 403, "{request}: {}", refused.body);
        assert!(json_of(&refused)["detail"].as_str().is_some_and(|said| said.len() > 20));
        let with = call(&program, &everything, &request, body.as_ref());
        assert!(matches!(with.status, 200 | 201 | 204 | 409), "{request}: {}", with.body);
        let none =
            send(&program, &format!("{request} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
        assert_eq!((none.status, none.header("www-authenticate")), (401, "Bearer"), "{request}");
    }
    let unknown = call(&program, "pby_test_nothing", "GET /v1/team", None);
    assert_eq!((unknown.status, unknown.header("x-probity-code")), (401, "NOT_FOUND"));
    program.stop();
}

#[test]
fn a_key_lives_its_whole_life_through_the_api() {
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    let (mut ada, _) = owner(&program);
    let secret = key_with(&mut ada, Permissions::for_keys());
    let ask = |request: &str, body: Option<Value>| call(&program, &secret, request, body.as_ref());
    let wanted = json!({
        "name": "sync", "environment": "live", "days": 30, "scopes": ["orders:read"],
        "rate": { "limit": 5, "per": "hour" }, "quota": 9, "metadata": { "customer": "c_17" },
    });
    let made = ask("POST /v1/keys", Some(wanted));
    assert_eq!((made.status, made.header("cache-control")), (201, "no-store"), "{}", made.body);
    let made = json_of(&made);
    let (id, first) = (made["id"].as_str().unwrap().to_owned(), made["secret"].clone());
    let verify = |secret: &Value| {
        let body = json!({ "key": secret });
        json_of(&ask("POST /v1/keys/verify", Some(body)))["code"].as_str().unwrap().to_owned()
    };
    assert_eq!(verify(&first), "VALID");
    let shown = json_of(&ask(&format!("GET /v1/keys/{id}"), None));
    assert_eq!(shown["created_by"], "the key ci");
    assert_eq!(shown["rate"], json!({ "limit": 5, "per": "hour" }));
    assert_eq!(shown["metadata"], json!({ "customer": "c_17" }));
    assert!(shown.get("secret").is_none());
    let change = json!({ "rate": null, "scopes": ["orders:*"] });
    let changed = json_of(&ask(&format!("PATCH /v1/keys/{id}"), Some(change)));
    assert_eq!((&changed["rate"], &changed["quota"]), (&Value::Null, &json!(9)));
    assert_eq!(changed["scopes"], json!(["orders:*"]));
    let rotate = json!({ "overlap_hours": 1 });
    let rotated = json_of(&ask(&format!("POST /v1/keys/{id}/rotate"), Some(rotate)));
    assert_eq!((verify(&first), verify(&rotated["secret"])), ("VALID".into(), "VALID".into()));
    let ended = ask(&format!("POST /v1/keys/{id}/end-overlap"), None);
    assert_eq!((ended.status, verify(&first).as_str()), (200, "EXPIRED"));
    let off = json_of(&ask(&format!("POST /v1/keys/{id}/disable"), None));
    assert_eq!(
        (off["state"].as_str(), verify(&rotated["secret"]).as_str()),
        (Some("disabled"), "DISABLED")
    );
    assert_eq!(ask(&format!("POST /v1/keys/{id}/disable"), None).status, 409, "already");
    assert_eq!(ask(&format!("POST /v1/keys/{id}/enable"), None).status, 200);
    let gone = json_of(&ask(&format!("POST /v1/keys/{id}/revoke"), None));
    assert_eq!(
        (gone["state"].as_str(), verify(&rotated["secret"]).as_str()),
        (Some("revoked"), "NOT_FOUND")
    );
    // Lists.
    for number in 0..30 {
        let body = json!({ "name": format!("k{number}"), "environment": "test" });
        assert_eq!(ask("POST /v1/keys", Some(body)).status, 201);
    }
    let page = json_of(&ask("GET /v1/keys?sort=name&environment=test&state=working", None));
    assert_eq!(page["data"].as_array().map(Vec::len), Some(25));
    let older = page["older"].as_str().expect("there are more");
    let next =
        json_of(&ask(&format!("GET /v1/keys?sort=name&environment=test&before={older}"), None));
    assert!(next["data"].as_array().is_some_and(|rows| rows.len() == 6) && next["older"].is_null());
    let log = json_of(&ask("GET /v1/audit/events", None));
    assert_eq!(log["data"][0]["actor"], "API key ci");
    let seq = &log["data"][0]["seq"];
    assert_eq!(json_of(&ask(&format!("GET /v1/audit/events/{seq}"), None))["seq"], *seq);
    // What happened in an application of the team's own.
    let event = json!({ "action": "invoice.paid", "target": { "kind": "invoice", "id": "inv_1" } });
    let logged = ask("POST /v1/audit/events", Some(event));
    assert_eq!(logged.status, 201, "{}", logged.body);
    let seq = json_of(&logged)["seq"].as_i64().expect("a number");
    let shown = json_of(&ask(&format!("GET /v1/audit/events/{seq}"), None));
    assert_eq!(
        (&shown["action"], &shown["target_id"]),
        (&json!("app.invoice.paid"), &json!("inv_1"))
    );
    let many: Vec<Value> = (0..1_000)
        .map(|n| json!({ "action": "a.b", "detail": { "n": n, "text": "x".repeat(100) } }))
        .collect();
    let batch = ask("POST /v1/audit/events/batch", Some(json!({ "events": many })));
    assert_eq!((batch.status, &json_of(&batch)["last"]), (201, &json!(seq + 1_000)));
    let announced = format!(
        "POST /v1/audit/events/batch HTTP/1.1
Host: {}
Authorization: Bearer {secret}
\
         Connection: close
Content-Type: application/json
Content-Length: 5000000

",
        program.address
    );
    let long = send(&program, &announced);
    let said = "The body is larger than 4 MB. Send fewer events at once.";
    assert_eq!((long.status, &json_of(&long)["detail"]), (413, &json!(said)));
    let wrong = ask("POST /v1/audit/events/batch", Some(json!({ "events": [{ "action": "A" }] })));
    assert_eq!(
        (wrong.status, &json_of(&wrong)["errors"][0]["field"]),
        (422, &json!("events.0.action"))
    );
    assert_eq!(json_of(&ask("GET /v1/members", None))["data"][0]["email"], "ada@example.com");
    assert_eq!(json_of(&ask("GET /v1/team", None))["slug"], "halden-freight");
    assert_eq!(ask("GET /v1/usage?span=7d", None).status, 200);
    program.stop();
}

#[test]
fn a_list_is_read_in_pages_of_any_size_up_to_a_hundred() {
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    let (mut ada, _) = owner(&program);
    let secret = key_with(&mut ada, Permissions::for_keys());
    let ask = |request: &str| call(&program, &secret, request, None);
    for number in 0..6 {
        let body = json!({ "name": format!("k{number}"), "environment": "live" });
        assert_eq!(call(&program, &secret, "POST /v1/keys", Some(&body)).status, 201);
        let rule =
            call(&program, &secret, "POST /v1/rules", Some(&new_rule(&format!("r{number}"))));
        assert_eq!(rule.status, 201, "{}", rule.body);
    }
    let page = |path: &str, query: &str| {
        let answer = json_of(&ask(&format!("GET {path}?{query}")));
        let mut rows = answer["data"].as_array().expect("rows").clone();
        // Calls are counted each second, those of this test, too.
        for counted in ["calls_24h", "last_used_at"] {
            rows.iter_mut()
                .filter_map(Value::as_object_mut)
                .for_each(|row| drop(row.remove(counted)));
        }
        let cursor = |at: &str| answer[at].as_str().map(str::to_owned);
        (rows, cursor("older"), cursor("newer"))
    };
    for path in ["/v1/keys", "/v1/rules", "/v1/audit/events"] {
        let whole = page(path, "limit=100").0;
        let (mut seen, older, newer) = page(path, "limit=1");
        assert_eq!((seen.len(), newer), (1, None), "{path}");
        // The cursor of one size leads on in another, and back.
        let (next, older, newer) = page(path, &format!("limit=3&before={}", older.expect("more")));
        assert_eq!(page(path, &format!("limit=2&after={}", newer.expect("one"))).0, seen, "{path}");
        seen.extend(next);
        seen.extend(page(path, &format!("limit=100&before={}", older.expect("more"))).0);
        assert_eq!(seen, whole, "{path}");
    }
    assert_eq!(page("/v1/members", "limit=1").0.len(), 1);
    for path in ["/v1/keys", "/v1/rules", "/v1/members", "/v1/audit/events"] {
        for wrong in ["0", "101", "-1", "ten", "", "1.5", "99999999999999999999"] {
            let refused = ask(&format!("GET {path}?limit={wrong}"));
            let problem = json_of(&refused);
            assert_eq!((refused.status, &problem["errors"][0]["field"]), (422, &json!("limit")));
            let said =
                "The address is not understood: limit: must be a whole number from 1 to 100.";
            assert_eq!(problem["detail"], said, "{path} {wrong}");
        }
    }
    program.stop();
}

#[test]
fn a_wrong_request_is_told_what_is_wrong_and_nothing_is_done() {
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    let (mut ada, _) = owner(&program);
    let secret = key_with(&mut ada, Permissions::for_keys());
    let told = |request: &str, body: Value| {
        let answer = call(&program, &secret, request, Some(&body));
        let json = json_of(&answer);
        let field = json["errors"][0]["field"].as_str().unwrap_or("-").to_owned();
        (answer.status, field, json["detail"].as_str().expect("a sentence").to_owned())
    };
    let create = "POST /v1/keys";
    let field = |body: Value| told(create, body).1;
    assert_eq!(field(json!({ "name": "", "environment": "live" })), "name");
    assert_eq!(field(json!({ "name": "a", "environment": "prod" })), "environment");
    assert_eq!(field(json!({ "name": "a", "environment": "live", "days": 366 })), "days");
    assert_eq!(
        field(json!({ "name": "a", "environment": "live", "rate": { "limit": 5 } })),
        "rate"
    );
    let more = json!({ "name": "a", "environment": "live", "scopes": ["probity:team.delete"] });
    assert_eq!(field(more), "scopes");
    // What decides whose it is cannot be sent.
    for extra in ["team", "team_id", "created_by", "secret", "id"] {
        let mut body = new_key();
        body[extra] = json!("x");
        let (status, _, said) = told(create, body);
        assert_eq!(status, 422, "{extra}");
        assert!(said.contains(&format!("unknown field `{extra}`")), "{said}");
    }
    let unknown = "PATCH /v1/keys/key_019a7c3e5b7e7b7a8b3f0d1c2e3f4a5b";
    let nothing = told(unknown, json!({ "name": "b" }));
    assert_eq!(nothing, told("PATCH /v1/keys/7", json!({ "name": "b" })), "an id or none");
    assert_eq!(nothing.0, 404);
    let query = call(&program, &secret, "GET /v1/keys?state=asleep", None);
    assert_eq!((query.status, &json_of(&query)["errors"][0]["field"]), (422, &json!("state")));
    let query = call(&program, &secret, "GET /v1/keys?team=7", None);
    assert!(query.body.contains("unknown field `team`"), "{}", query.body);
    let page = json_of(&call(&program, &secret, "GET /v1/keys", None));
    assert_eq!(page["data"].as_array().map(Vec::len), Some(1), "nothing was made");
    program.stop();
}

#[test]
fn a_request_with_a_name_is_done_once() {
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    let (mut ada, _) = owner(&program);
    let secret = key_with(&mut ada, Permissions::for_keys());
    let other = key_with(&mut ada, Permissions::for_keys());
    let once = |secret: &str, request: &str, body: &Value| {
        named(&program, secret, request, Some(body), "Idempotency-Key: order-17\r\n")
    };
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let again = || once(&secret, "POST /v1/keys", &new_key());
        let all: Vec<_> = (0..8).map(|_| scope.spawn(again)).collect();
        all.into_iter().map(|one| one.join().expect("no panic")).collect()
    });
    for answer in &answers {
        assert_eq!(answer.status, 201, "{}", answer.body);
        assert_eq!(json_of(answer), json_of(&answers[0]), "its secret, too");
    }
    let listed = |secret: &str| {
        let page = json_of(&call(&program, secret, "GET /v1/keys?q=sync", None));
        page["data"].as_array().map(Vec::len)
    };
    assert_eq!(listed(&secret), Some(1));
    let changed = once(&secret, "POST /v1/keys", &json!({ "name": "x", "environment": "live" }));
    assert_eq!(json_of(&changed)["errors"][0]["field"], "Idempotency-Key", "{}", changed.body);
    let elsewhere = once(&other, "POST /v1/keys", &new_key());
    assert_ne!(json_of(&elsewhere)["id"], json_of(&answers[0])["id"], "a name is one key's own");
    // What was refused may be tried again under the same name.
    let id = json_of(&answers[0])["id"].as_str().unwrap().to_owned();
    let off = format!("POST /v1/keys/{id}/disable");
    let name = "Idempotency-Key: off\r\n";
    for _ in 0..2 {
        let answer = named(&program, &secret, &off, None, name);
        assert_eq!((answer.status, &json_of(&answer)["state"]), (200, &json!("disabled")));
    }
    let wrong = named(&program, &secret, &off, None, "Idempotency-Key: \r\n");
    assert_eq!(wrong.status, 422, "{}", wrong.body);
    program.stop();
}

#[test]
fn rules_are_made_changed_and_deleted_through_the_api_and_match_at_once() {
    let home = Home::new();
    let mut program = home.serve();
    program.wait_until_ready();
    let (mut ada, _) = owner(&program);
    let secret = key_with(&mut ada, Permissions::for_keys());
    let asks = key_with(&mut ada, Permissions::NONE);
    let ask = |request: &str, body: Option<Value>| call(&program, &secret, request, body.as_ref());
    let offers = || {
        let body = json!({ "message": "red shoes" });
        json_of(&call(&program, &asks, "POST /v1/match", Some(&body)))["offers"].clone()
    };
    let name = "Idempotency-Key: shoes\r\n";
    let make = || named(&program, &secret, "POST /v1/rules", Some(&new_rule("shoes")), name);
    let (made, again) = (make(), make());
    assert_eq!((made.status, json_of(&made)), (again.status, json_of(&again)), "{}", again.body);
    let id = json_of(&made)["id"].as_str().expect("an id").to_owned();
    assert_eq!(offers()[0]["rule_id"], json!(id));
    let change = json!({ "enabled": false, "starts": "2026-01-01" });
    let changed = json_of(&ask(&format!("PATCH /v1/rules/{id}"), Some(change)));
    assert_eq!((&changed["state"], &changed["keyword"]), (&json!("off"), &json!("shoes")));
    assert_eq!(offers(), json!([]));
    let twice = ask("POST /v1/rules", Some(new_rule("Shoes")));
    assert_eq!((twice.status, &json_of(&twice)["errors"][0]["field"]), (422, &json!("keyword")));
    let wrong = ask("POST /v1/rules", Some(json!({ "keyword": "a", "url": "http://x.example" })));
    assert_eq!(json_of(&wrong)["errors"][0]["field"], "url", "{}", wrong.body);
    let listed = json_of(&ask("GET /v1/rules?enabled=false&q=sho", None));
    assert_eq!(listed["data"][0]["id"], json!(id));
    assert_eq!(ask(&format!("DELETE /v1/rules/{id}"), None).status, 204);
    assert_eq!(ask(&format!("GET /v1/rules/{id}"), None).status, 404);
    program.stop();
}

#[test]
fn programs_are_kept_through_the_api_and_their_keys_come_in_and_never_go_out() {
    let home = Home::new();
    let mut program = home.serve_with(&[("PROBITY_LOG", "human,trace,sqlx=trace,hyper=trace")]);
    program.wait_until_ready();
    let (mut ada, _) = owner(&program);
    let secret = key_with(&mut ada, Permissions::for_keys());
    let asks = key_with(&mut ada, Permissions::NONE);
    let heard = RefCell::new(String::new());
    let ask_named = |request: &str, body: Option<Value>, name: &str| {
        let answer = named(&program, &secret, request, body.as_ref(), name);
        heard.borrow_mut().push_str(&answer.body);
        answer
    };
    let ask = |request: &str, body: Option<Value>| ask_named(request, body, "");
    let name = "Idempotency-Key: nordly\r\n";
    let make = || ask_named("POST /v1/programs", Some(new_program("Nordly")), name);
    let (made, again) = (make(), make());
    assert_eq!(json_of(&made), json_of(&again), "done once");
    let id = id_of(&made);
    let one = format!("/v1/programs/{id}");
    let rule = json!({ "keyword": "shoes", "url": "https://shop.example/?t={tag}", "program": id });
    let rule = id_of(&ask("POST /v1/rules", Some(rule)));
    let leads_to = || {
        let body = json!({ "message": "red shoes" });
        let found = json_of(&call(&program, &asks, "POST /v1/match", Some(&body)));
        found["offers"][0]["url"].as_str().expect("an offer").to_owned()
    };
    assert_eq!(leads_to(), "https://shop.example/?t=halden-21");
    let change = json!({ "name": "Nordly AB", "tag": "halden-22" });
    let changed = ask(&format!("PATCH {one}"), Some(change));
    assert_eq!((changed.status, &json_of(&changed)["name"]), (200, &json!("Nordly AB")));
    assert_eq!(leads_to(), "https://shop.example/?t=halden-22");
    let listed = json_of(&ask("GET /v1/programs", None));
    assert_eq!(listed["data"], json!([json_of(&ask(&format!("GET {one}"), None))]));
    assert_eq!(listed["data"][0]["rules"], 1);
    for (body, field) in [
        (json!({ "name": "x" }), "tag"),
        (json!({ "name": "nordly ab", "tag": "halden-23" }), "name"),
        (json!({ "name": "x", "tag": "halden-23".repeat(30) }), "tag"),
        (json!({ "name": "x", "tag": ["halden-23"] }), "tag"),
        (json!({ "name": "x", "tag": "halden-23", "team": "y" }), "team"),
    ] {
        let refused = ask("POST /v1/programs", Some(body));
        assert_eq!(
            (refused.status, &json_of(&refused)["errors"][0]["field"]),
            (422, &json!(field))
        );
    }
    assert_eq!(ask(&format!("PATCH {one}"), Some(json!({}))).status, 422, "nothing to change");
    let kept = ask(&format!("DELETE {one}"), None);
    let said = "One rule names this program. Change or delete it first.";
    assert_eq!((kept.status, &json_of(&kept)["detail"]), (409, &json!(said)));
    assert_eq!(ask(&format!("DELETE /v1/rules/{rule}"), None).status, 204);
    assert_eq!(ask(&format!("DELETE {one}"), None).status, 204);
    assert_eq!(ask(&format!("GET {one}"), None).status, 404);
    ask("GET /v1/audit/events?limit=100", None);
    program.stop();
    let heard = heard.into_inner() + &program.log.text() + &home.read("postgres.log");
    assert!(heard.contains("program.replace_key") && !heard.contains("halden-2"), "{heard}");
}
