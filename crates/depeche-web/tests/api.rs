//! Does every address answer, in every form, and say what is wrong with what it refuses?
#![allow(missing_docs, reason = "a test")]

mod common;

use axum::body::Body;
use axum::http::StatusCode;
use serde_json::{Value, json};

use common::{ARTICLES, Server, bare, site};

fn items(page: &Value) -> &Vec<Value> {
    page["items"].as_array().expect("a page has items")
}

#[tokio::test]
async fn every_list_answers_in_every_form() {
    let site = site();
    let server = site.server();
    for kind in ["statements", "events", "positions", "articles", "dispatches", "actors"]
    {
        let page = server.json(&format!("/v1/{kind}")).await;
        assert!(!items(&page).is_empty(), "{kind}");
        let lines = server.get(&format!("/v1/{kind}.ndjson")).await;
        assert_eq!(lines.header("content-type"), "application/x-ndjson");
        assert_eq!(lines.text().lines().count(), items(&page).len());
        let accepted =
            server.get_with(&format!("/v1/{kind}"), &[("accept", "text/csv")]).await;
        assert_eq!(accepted.header("content-type"), "text/csv; charset=utf-8");
        assert_eq!(accepted.text(), server.get(&format!("/v1/{kind}.csv")).await.text());
        assert_eq!(accepted.text().lines().next().map(|l| l.contains(',')), Some(true));
        assert!(accepted.header("vary").to_lowercase().contains("accept"));
    }
}

#[tokio::test]
async fn filters_are_those_of_the_command_line() {
    let site = site();
    let server = site.server();
    let found = server
        .json("/v1/statements?q=port&who=Kerbrat&since=2025-02&until=2025-02")
        .await;
    assert_eq!(items(&found).len(), 1);
    assert_eq!(items(&found)[0]["copies"], 1);
    assert_eq!(items(&found)[0]["content"], "Le port restera fermé trois semaines");
    let copies = server.json("/v1/statements?q=port&copies=true").await;
    assert_eq!(items(&copies).len(), 2);
    let none = server.json("/v1/statements?q=port&since=2025-03").await;
    assert_eq!(items(&none).len(), 0);
    let events = server.json("/v1/events?type=CONSULT").await;
    assert!(items(&events).iter().all(|e| e["type"] == "CONSULT"));
    let against = server.json("/v1/positions?stance=refuse&who=NOR").await;
    assert!(
        items(&against).iter().any(|p| p["issue"] == "deploy/forces/UKR"),
        "{against}"
    );
    let facets = server.json("/v1/statements?facets=true").await;
    assert!(facets["facets"]["facets"].as_array().is_some_and(|f| !f.is_empty()));
    let ranked = server.json("/v1/statements?q=port&sort=relevance").await;
    assert_eq!(items(&ranked).len(), 1);
    let articles = server.json("/v1/articles?q=grue").await;
    assert!(items(&articles)[0]["snippet"].as_str().is_some_and(|s| s.contains("grue")));
    let met = server.json("/v1/articles?who=Kerbrat").await;
    assert_eq!(items(&met).len(), 2);
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_the_reason() {
    let site = site();
    let server = site.server();
    for (path, words) in [
        ("/v1/statements?wer=x", "there is no parameter \"wer\""),
        ("/v1/statements?where=FRA", "there is no parameter \"where\""),
        ("/v1/statements?limit=0", "from 1 to 1000"),
        ("/v1/statements?limit=many", "from 1 to 1000"),
        ("/v1/statements?certain=perhaps", "true or false"),
        ("/v1/statements?sort=length", "date or relevance"),
        ("/v1/statements?who=Personne+Nulle", "nobody in this archive"),
        ("/v1/statements?type=shout", "nothing in this archive is of type"),
        ("/v1/statements?since=soon", "no date in EDTF"),
        ("/v1/statements?cursor=zz", "is no cursor"),
        ("/v1/statements?outlet=Nulle", "no article comes from"),
        ("/v1/statements?q=%22%22", "write a word"),
        ("/v1/events?where=Nulle", "no event of this archive"),
        ("/v1/statements/nothing", "is no reference"),
        ("/v1/check-quote", "write the words"),
    ] {
        let (status, detail) = server.refusal(path).await;
        assert_eq!(status, 400, "{path}: {detail}");
        assert!(detail.contains(words), "{path}: {detail}");
    }
    for path in [
        "/v1/nothing",
        "/v1/statements/aaaaaaaaaaaa:s1",
        "/v1/articles/aaaaaaaaaaaa",
        "/v1/dispatches/aaaaaaaaaaaa",
        "/v1/actors/999999",
        "/v1/actors/Personne",
        "/v1/corrections/77",
        "/v1/corrections/x",
    ] {
        assert_eq!(server.refusal(path).await.0, 404, "{path}");
    }
    let pdf = server.get_with("/v1/statements", &[("accept", "application/pdf")]).await;
    assert_eq!(pdf.problem().0, 406);
    assert_eq!(server.refusal("/v1/actors.atom").await.0, 406);
    let put = server.send("PUT", "/v1/statements", &[], Body::empty()).await;
    assert_eq!(put.problem().0, 405);
    assert!(put.header("allow").contains("GET"));
}

#[tokio::test]
async fn pages_cover_everything_once() {
    let site = site();
    let server = site.server();
    for kind in ["statements", "events", "positions", "articles", "actors"] {
        let copies = if kind == "actors" { "" } else { "&copies=true" };
        let whole = server.json(&format!("/v1/{kind}?limit=1000{copies}")).await;
        let key = if kind == "actors" { "id" } else { "ref" };
        let of = |page: &Value| -> Vec<String> {
            items(page).iter().map(|i| i[key].to_string()).collect()
        };
        let mut walked = Vec::new();
        let mut next = Some(format!("/v1/{kind}?limit=1{copies}"));
        while let Some(path) = next {
            let answer = server.get(&path).await;
            let page = answer.json();
            walked.extend(of(&page));
            next = page["next"].as_str().map(str::to_owned);
            let link =
                next.as_ref().map(|n| format!("<{n}>; rel=\"next\"")).unwrap_or_default();
            assert_eq!(answer.header("link"), link);
        }
        assert_eq!(walked, of(&whole), "{kind}");
        assert!(walked.len() > 1, "{kind}");
    }
}

#[tokio::test]
async fn an_item_opens_with_its_evidence() {
    let site = site();
    let server = site.server();
    let page = server.json("/v1/statements?q=port").await;
    let reference = items(&page)[0]["ref"].as_str().expect("it has one").to_owned();
    let one = server.json(&format!("/v1/statements/{reference}")).await;
    assert_eq!(one["item"]["kind"], "direct");
    assert_eq!(one["article"]["outlet"], "Agence");
    assert!(one["paragraph"].as_str().is_some_and(|p| p.contains("Une grue")));
    let names: Vec<&str> = one["actors"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|a| a["name"].as_str())
        .collect();
    assert!(names.iter().any(|n| n.contains("Kerbrat")), "{names:?}");
    // The same by its id in the record.
    let by_id = one["ref"].as_str().expect("it has one");
    assert_eq!(server.json(&format!("/v1/statements/{by_id}")).await, one);

    let article = reference.split(':').next().expect("it has an article");
    let whole = server.json(&format!("/v1/articles/{article}.json")).await;
    assert_eq!(whole["record"]["article"]["text"], ARTICLES[0].2);
    assert_eq!(whole["versions"].as_array().map(Vec::len), Some(2));
    let dispatch = server.json(&format!("/v1/dispatches/{article}")).await;
    assert_eq!(dispatch["copies"], 1);
    for kind in ["events", "positions"] {
        let page = server.json(&format!("/v1/{kind}")).await;
        for item in items(&page) {
            let reference = item["ref"].as_str().expect("it has one");
            let one = server.json(&format!("/v1/{kind}/{reference}")).await;
            assert!(one["item"]["rule"].is_string());
        }
    }
}

#[tokio::test]
async fn annotations_have_both_selectors_and_slice_the_text() {
    let site = site();
    let server = site.server();
    for kind in ["statements", "events", "positions"] {
        let page = server.get(&format!("/v1/{kind}.jsonld")).await;
        assert_eq!(page.header("content-type"), "application/ld+json");
        let (page, plain) = (page.json(), server.json(&format!("/v1/{kind}")).await);
        assert_eq!(page["type"], "AnnotationPage");
        assert_eq!(items(&page).len(), items(&plain).len());
        for note in items(&page) {
            for target in note["target"].as_array().expect("it has targets") {
                let source = target["source"].as_str().expect("it has a source");
                let path =
                    source.strip_prefix("http://localhost:7700").expect("it is ours");
                let text = server.json(path).await["record"]["article"]["text"].clone();
                let text: Vec<char> =
                    text.as_str().expect("it is text").chars().collect();
                let [position, quote] = [&target["selector"][0], &target["selector"][1]];
                let at = |n: &str| position[n].as_u64().expect("it is a number") as usize;
                let (start, end) = (at("start"), at("end"));
                let slice =
                    |from: usize, to: usize| text[from..to].iter().collect::<String>();
                assert_eq!(quote["exact"], slice(start, end));
                let before = slice(start.saturating_sub(32), start);
                assert_eq!(quote["prefix"], before);
                assert_eq!(quote["suffix"], slice(end, (end + 32).min(text.len())));
            }
        }
    }
}

#[tokio::test]
async fn an_article_that_is_sent_is_read_and_not_kept() {
    let server = Server::of(bare());
    let text = ARTICLES[2].2;
    let path = "/v1/extract?date=2025-03-02&outlet=Essai";
    let plain = server.post(path, "text/plain; charset=utf-8", text).await;
    assert_eq!(plain.status, StatusCode::OK, "{}", plain.text());
    let record = plain.json();
    assert_eq!(record["article"]["text"], text);
    assert_eq!(record["article"]["published"], "2025-03-02");
    assert!(record["statements"].as_array().is_some_and(|s| s.len() == 2));

    let sending = json!({"id": 7, "text": text, "date": "2025-03-02", "outlet": "Essai"});
    let answer =
        server.post("/v1/extract", "application/json", sending.to_string()).await;
    let mut same = answer.json();
    assert_eq!(same["article"]["key"], "7");
    same["article"]["key"] = Value::Null;
    assert_eq!(same, record);

    let list = json!([sending, sending]).to_string();
    let answer = server.post("/v1/extract", "application/json", list).await;
    assert_eq!(answer.json().as_array().map(Vec::len), Some(2));

    let lines = format!("{sending}\n\nnothing\n{sending}\n");
    let answer = server.post("/v1/extract", "application/x-ndjson", lines).await;
    assert_eq!(answer.header("content-type"), "application/x-ndjson");
    let lines: Vec<Value> = answer
        .text()
        .lines()
        .map(|l| serde_json::from_str(l).expect("it is JSON"))
        .collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(
        (&lines[1]["line"], &lines[1]["error"]["status"]),
        (&json!(3), &json!(400))
    );

    let headers = [("content-type", "text/plain"), ("accept", "application/ld+json")];
    let notes =
        server.send("POST", "/v1/extract", &headers, Body::from(text)).await.json();
    assert!(items(&notes).len() >= 2);

    for (media_type, body, status) in [
        ("text/html", "<p>Rien.", 415),
        ("application/pdf", "%PDF", 415),
        ("text/plain; charset=iso-8859-1", "Rien.", 415),
        ("application/json", "{", 400),
        ("application/json", "{\"body\": \"x\"}", 400),
        ("application/json", "[{\"text\": 1}]", 400),
        ("application/json", "3", 400),
    ] {
        let answer = server.post("/v1/extract", media_type, body).await;
        assert_eq!(answer.problem().0, status, "{media_type} {body}");
    }
    let bytes = server.post("/v1/extract", "text/plain", &b"caf\xe9"[..]).await;
    assert_eq!(bytes.problem().0, 400);
    let (status, detail) = server.refusal("/v1/statements").await;
    assert_eq!((status, detail.contains("no archive")), (404, true));
}

#[tokio::test]
async fn a_quotation_is_checked() {
    let site = site();
    let server = site.server();
    let verdict = async |quote: &str| {
        let answer = server.post("/v1/check-quote", "text/plain", quote.to_owned()).await;
        assert_eq!(answer.status, StatusCode::OK);
        answer.json()
    };
    let exact = verdict("Le port restera fermé trois semaines").await;
    assert_eq!(exact["verdict"], "exact");
    assert_eq!(exact["hits"][0]["statement"]["outlet"], "Agence");
    assert_eq!(verdict("restera fermé trois semaines").await["verdict"], "partial");
    let altered = verdict("Le port restera fermé quatre semaines").await;
    assert_eq!(altered["verdict"], "altered");
    let differences =
        altered["hits"][0]["differences"].as_array().expect("there are some");
    assert!(differences.contains(&json!({"added": "quatre"})));
    assert_eq!(verdict("Nous irons tous au bal").await["verdict"], "not-found");
    let asked = server
        .json("/v1/check-quote?quote=Le+port+restera+ferm%C3%A9+trois+semaines")
        .await;
    assert_eq!(asked, exact);
}

#[tokio::test]
async fn a_correction_is_made_and_undone() {
    let site = site();
    let server = site.server();
    let page = server.json("/v1/statements?q=port").await;
    let reference = items(&page)[0]["ref"].clone();
    let correcting = json!({"ref": reference, "speaker": "Paul Nord", "reason": "essai"});
    let post = async |body: &Value| {
        server.post("/v1/corrections", "application/json", body.to_string()).await
    };
    let made = post(&correcting).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    assert_eq!(made.header("location"), "/v1/corrections/1");
    let entry = made.json();
    assert_eq!(entry["author"], "tester");
    assert_eq!(entry["at"], "2025-03-06T10:00:00Z");
    assert_eq!(entry["article"], reference);
    let after = server.json("/v1/statements?q=port").await;
    assert_eq!(items(&after)[0]["speakers"], json!(["Paul Nord"]));
    assert_eq!(server.json("/v1/corrections").await.as_array().map(Vec::len), Some(1));

    let back = |path: &str| path.to_owned();
    let path = back("/v1/corrections/1?reason=erreur&author=autre");
    let undone = server.send("DELETE", &path, &[], Body::empty()).await;
    assert_eq!(undone.json()["undone"]["author"], "autre");
    let again = server.send("DELETE", &path, &[], Body::empty()).await;
    assert_eq!(again.problem().0, 409);
    let before = server.json("/v1/statements?q=port").await;
    assert_eq!(before, page);

    for (change, status) in [
        (json!({"reason": " "}), 400),
        (json!({"speaker": null}), 400),
        (json!({"not_an_event": true}), 400),
        (json!({"speaker": null, "type": "SHOUT"}), 400),
        (json!({"speaker": null, "span": [5, 5]}), 400),
        (json!({"other": 1}), 400),
        (json!({"ref": "aaaaaaaaaaaa:1-2"}), 404),
    ] {
        let mut body = correcting.clone();
        for (name, value) in change.as_object().into_iter().flatten() {
            body[name] = value.clone();
        }
        assert_eq!(post(&body).await.problem().0, status, "{body}");
    }
    let none =
        server.send("DELETE", "/v1/corrections/9?reason=x", &[], Body::empty()).await;
    assert_eq!(none.problem().0, 404);

    let mut options = site.options();
    options.read_only = true;
    let server = Server::of(options);
    let refused =
        server.post("/v1/corrections", "application/json", correcting.to_string()).await;
    assert_eq!(refused.problem().0, 403);
    assert_eq!(server.json("/healthz").await["writable"], false);
}

#[tokio::test]
async fn names_of_a_table_are_reconciled() {
    let site = site();
    let server = site.server();
    let manifest = server.json("/reconcile").await;
    assert_eq!(manifest["versions"], json!(["0.2"]));
    assert!(manifest["view"]["url"].as_str().is_some_and(|u| u.ends_with("{{id}}")));
    let queries = json!({
        "q0": {"query": "zoe kerbrat", "type": "person", "limit": 3},
        "q1": {"query": "Personne Nulle"},
    });
    let form = format!("queries={}", depeche_web::query::escape(&queries.to_string()));
    let media_type = "application/x-www-form-urlencoded";
    let answer = server.post("/reconcile", media_type, form.clone()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let found = answer.json();
    assert_eq!(found["q1"]["result"], json!([]));
    let best = &found["q0"]["result"][0];
    assert_eq!((&best["name"], &best["match"]), (&json!("Zoé Kerbrat"), &json!(true)));
    assert_eq!(server.json(&format!("/reconcile?{form}")).await, found);

    let id = best["id"].as_str().expect("it is a text");
    let extend =
        json!({"ids": [id, "x"], "properties": [{"id": "kind"}, {"id": "said"}]});
    let form = format!("extend={}", depeche_web::query::escape(&extend.to_string()));
    let rows = server.post("/reconcile", media_type, form).await.json();
    assert_eq!(rows["rows"][id]["kind"], json!([{"str": "person"}]));
    assert_eq!(rows["rows"]["x"]["kind"], json!([]));
    let suggested = server.json("/reconcile/suggest/entity?prefix=kerb").await;
    assert_eq!(suggested["result"][0]["id"], id);
    assert!(server.json("/reconcile/extend/propose").await["properties"].is_array());
    for (body, status) in [("queries=x", 400), ("nothing=x", 400), ("extend=3", 400)] {
        assert_eq!(server.post("/reconcile", media_type, body).await.problem().0, status);
    }
    let actor = server.json(&format!("/v1/actors/{id}")).await;
    assert_eq!(actor["name"], "Zoé Kerbrat");
    let months = server.json(&format!("/v1/actors/{id}/timeline")).await;
    assert_eq!(months[0]["month"], "2025-02");
}

#[tokio::test]
async fn any_search_is_a_feed_in_which_text_stays_text() {
    let site = site();
    let server = site.server();
    let atom = server.get("/v1/statements.atom").await;
    assert_eq!(atom.header("content-type"), "application/atom+xml");
    let text = atom.text();
    assert!(text.contains("&lt;script&gt;") && !text.contains("<script"), "{text}");
    assert_eq!(text.matches("<entry>").count(), text.matches("</entry>").count());
    assert!(text.contains("<updated>2025-03-05T00:00:00Z</updated>"));
    let feed = server.json("/v1/articles.jsonfeed").await;
    assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
    assert_eq!(feed["items"].as_array().map(Vec::len), Some(3));
    let csv = server.get("/v1/statements.csv?q=erviv").await.text();
    assert!(
        csv.contains(
            "\"<script>alert(1)</script> \u{202e}erviv ut ed \"\"non\"\" & rien\""
        ),
        "{csv}"
    );
}

#[tokio::test]
async fn an_answer_that_is_known_is_not_sent_again() {
    let site = site();
    let server = site.server();
    let first = server.get("/v1/statements").await;
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with("W/\""));
    let known = server.get_with("/v1/statements", &[("if-none-match", &tag)]).await;
    assert_eq!(known.status, StatusCode::NOT_MODIFIED);
    assert!(known.body.is_empty());
    let other = server.get_with("/v1/events", &[("if-none-match", &tag)]).await;
    assert_eq!(other.status, StatusCode::OK);
    let packed = server.get_with("/v1/statements", &[("accept-encoding", "gzip")]).await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert!(packed.body.len() < first.body.len());
}

#[tokio::test]
async fn the_server_says_how_it_is() {
    let site = site();
    let server = site.server();
    let health = server.json("/healthz").await;
    assert_eq!((&health["status"], &health["archive"]), (&json!("ok"), &json!(true)));
    server.get("/v1/statements").await;
    let metrics = server.get("/metrics").await;
    assert!(metrics.header("content-type").starts_with("application/openmetrics-text"));
    let text = metrics.text();
    assert!(text.ends_with("# EOF\n"));
    assert!(text.contains("depeche_archive_items{kind=\"article\"} 4"), "{text}");
    let counted = "depeche_requests_total{method=\"GET\",route=\"/v1/statements\",status=\"200\"} 1";
    assert!(text.contains(counted), "{text}");
}

#[tokio::test]
async fn the_description_names_every_address() {
    let server = Server::of(bare());
    let api = server.json("/openapi.json").await;
    assert!(
        api["openapi"].as_str().is_some_and(|v| v.starts_with("3.1")),
        "{}",
        api["openapi"]
    );
    assert_eq!(api, depeche_web::openapi());
    let paths = api["paths"].as_object().expect("there are paths");
    for path in
        ["/v1/extract", "/v1/statements", "/v1/corrections/{number}", "/reconcile"]
    {
        assert!(paths.contains_key(path), "{path}");
    }
    // Whatever it refers to is there.
    let text = api.to_string();
    for target in text.split("\"$ref\":\"#/components/schemas/").skip(1) {
        let name = target.split('"').next().unwrap_or_default();
        assert!(!api["components"]["schemas"][name].is_null(), "{name}");
    }
    assert_eq!(
        api["paths"]["/v1/extract"]["post"]["responses"]["200"]["content"]["application/json"]
            ["schema"]["$ref"],
        "#/components/schemas/Record"
    );
}
