//! Who is let in, how much is taken, and does hostile input stay harmless?
#![allow(
    clippy::disallowed_methods,
    reason = "the time that callers wait is what is tested"
)]
#![allow(missing_docs, reason = "a test")]

mod common;

use std::io::Write;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::StatusCode;
use depeche_web::{App, Error, Options, listen, mcp};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

use common::{LANGUAGES, Server, bare, site};

#[tokio::test]
async fn a_name_that_leads_here_from_elsewhere_is_refused() {
    let server = Server::of(bare());
    for host in ["localhost", "127.0.0.1:7700", "[::1]:7700"] {
        let answer = server.get_with("/healthz", &[("host", host)]).await;
        assert_eq!(answer.status, StatusCode::OK, "{host}");
    }
    for host in ["attacker.example", "127.0.0.1.attacker.example:7700", ""] {
        let answer = server.get_with("/healthz", &[("host", host)]).await;
        assert_eq!(answer.problem().0, 421, "{host}");
    }
}

#[tokio::test]
async fn a_page_of_elsewhere_may_not_write() {
    let site = site();
    let server = site.server();
    let body = json!({"ref": "aaaaaaaaaaaa:1-2", "reason": "x", "not_an_event": true})
        .to_string();
    let post = async |headers: &[(&str, &str)]| {
        let mut all = vec![("content-type", "application/json")];
        all.extend(headers);
        server
            .send("POST", "/v1/corrections", &all, Body::from(body.clone()))
            .await
            .status
    };
    // Refused for what it is, not for where it comes from.
    assert_eq!(post(&[]).await, 404);
    assert_eq!(post(&[("origin", "http://localhost:7700")]).await, 404);
    assert_eq!(post(&[("sec-fetch-site", "same-origin")]).await, 404);
    for headers in [
        [("origin", "http://attacker.example")],
        [("origin", "http://localhost:8000")],
        [("origin", "null")],
        [("sec-fetch-site", "cross-site")],
        [("sec-fetch-site", "same-site")],
    ] {
        assert_eq!(post(&headers).await, 403, "{headers:?}");
    }
    // A table program of this machine may ask who is meant.
    let refine = [("origin", "http://127.0.0.1:3333")];
    let answer = server.get_with("/reconcile", &refine).await;
    assert_eq!(answer.header("access-control-allow-origin"), "http://127.0.0.1:3333");
    for origin in ["http://attacker.example", "null"] {
        let answer = server.get_with("/reconcile", &[("origin", origin)]).await;
        assert_eq!(answer.header("access-control-allow-origin"), "");
    }
    let answer = server.get_with("/v1/statements", &refine).await;
    assert_eq!(answer.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn a_token_lets_in() {
    let mut options = bare();
    options.token = Some("sesame".into());
    let server = Server::of(options);
    assert_eq!(server.get("/healthz").await.status, StatusCode::OK);
    let refused = server.get("/openapi.json").await;
    assert_eq!(refused.problem().0, 401);
    assert!(refused.header("www-authenticate").starts_with("Bearer"));
    let with = async |value: &str| {
        server
            .get_with("/openapi.json", &[("authorization", value)])
            .await
            .status
            .as_u16()
    };
    assert_eq!(with("Bearer sesame").await, 200);
    assert_eq!(with("bearer sesame").await, 200);
    for value in ["Bearer sesam", "Bearer sesamee", "Bearer", "Basic sesame", ""] {
        assert_eq!(with(value).await, 401, "{value}");
    }
    // A browser comes by a link once, and keeps a cookie that no script sees.
    let link = server.get("/openapi.json?token=sesame").await;
    assert_eq!((link.status.as_u16(), link.header("location")), (303, "/openapi.json"));
    let cookie = link.header("set-cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"));
    let pair = cookie.split(';').next().expect("it has a value");
    let answer = server.get_with("/openapi.json", &[("cookie", pair)]).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(server.get("/openapi.json?token=open").await.problem().0, 401);
}

#[tokio::test]
async fn other_machines_need_a_token() {
    let mut options = bare();
    options.host = IpAddr::from([0, 0, 0, 0]);
    options.port = 0;
    let refused = listen(options.clone(), |_| {}, async {}).await;
    assert!(matches!(refused, Err(Error::NoToken(_))));
    options.token = Some(String::new());
    assert!(listen(options.clone(), |_| {}, async {}).await.is_err());
    options.token = Some("sesame".into());
    assert!(listen(options, |_| {}, async {}).await.is_ok());
}

#[tokio::test]
async fn every_answer_says_what_a_browser_may_do() {
    let site = site();
    let server = site.server();
    for path in ["/", "/v1/statements", "/v1/nothing", "/nothing", "/metrics"] {
        let answer = server.get_with(path, &[("accept", "text/html, */*;q=0.5")]).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'"), "{path}");
        assert!(!policy.contains("unsafe"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "same-origin");
    }
    // A person gets a page where something is missing, a program a problem.
    let page = server.get_with("/nothing", &[("accept", "text/html")]).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.header("content-type").starts_with("text/html"));
    assert_eq!(server.refusal("/nothing").await.0, 404);
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut pack = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    pack.write_all(bytes).expect("memory takes it");
    pack.finish().expect("memory takes it")
}

#[tokio::test]
async fn too_much_is_refused_before_it_is_read() {
    let server = Server::of(bare());
    let headers = [("content-type", "text/plain"), ("content-length", "52428800")];
    let answer = server.send("POST", "/v1/extract", &headers, Body::empty()).await;
    assert_eq!(answer.problem().0, 413);
    let long = server.post("/v1/extract", "text/plain", vec![b'a'; 17 << 20]).await;
    assert_eq!(long.problem().0, 413);
    let article = server.post("/v1/extract", "text/plain", "Non. ".repeat(200_000)).await;
    assert_eq!(article.problem().0, 413);

    let gzip = [("content-type", "text/plain"), ("content-encoding", "gzip")];
    let send = async |bytes: Vec<u8>| {
        server.send("POST", "/v1/extract", &gzip, Body::from(bytes)).await
    };
    // 100 MiB in 100 KiB.
    let bomb = packed(&vec![0; 100 << 20]);
    assert!(bomb.len() < 1 << 20);
    assert_eq!(send(bomb).await.problem().0, 413);
    assert_eq!(send(b"nothing packed".to_vec()).await.problem().0, 400);
    let well = send(packed("Le port fermera, a dit le maire.".as_bytes())).await;
    assert_eq!(well.status, StatusCode::OK);
    let other = [("content-type", "text/plain"), ("content-encoding", "br")];
    let answer = server.send("POST", "/v1/extract", &other, Body::from("x")).await;
    assert_eq!(answer.problem().0, 415);
}

#[tokio::test]
async fn hostile_text_and_addresses_do_no_harm() {
    let site = site();
    let server = site.server();
    let deep = "[".repeat(100_000);
    let cases = [
        ("application/json", deep.clone(), 400),
        ("application/json", format!("{{\"text\": {deep}"), 400),
        (
            "text/plain",
            "\u{202e}\u{2066}« <img src=x onerror=alert(1)> »\u{0}\u{feff}".into(),
            200,
        ),
        ("text/plain", "«".repeat(50_000), 200),
        ("text/plain", String::new(), 200),
    ];
    for (media_type, body, status) in cases {
        let answer = server.post("/v1/extract", media_type, body).await;
        assert_eq!(answer.status.as_u16(), status, "{media_type}: {}", answer.text());
    }
    for path in [
        "/v1/statements?q=%FF%FE",
        "/v1/statements?q=%27%20OR%201%3D1%20--",
        "/v1/statements?q=NEAR(a%20b)%20AND%20*",
        "/v1/statements?who=%25%25",
        "/v1/statements?outlet=%25",
        "/v1/articles?q=%3Cscript%3E",
        "/v1/actors/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/v1/articles/..%2f..%2f..",
        "/v1/actors/%F0%9F",
        "/v1/statements?limit=99999999999999999999",
        "/v1/statements?cursor=7fffffffffffffff",
        "/v1/actors?cursor=7fffffffffffffff",
        "/v1/check-quote?quote=%22%22%22",
        "//",
        "/v1//statements",
        "/.json",
        "/v1/.json",
        "/a.b.c.json",
    ] {
        let answer = server.get(path).await;
        assert!(
            answer.status.as_u16() < 500,
            "{path}: {} {}",
            answer.status,
            answer.text()
        );
    }
    let words = "mot ".repeat(20_000);
    let answer = server.post("/v1/check-quote", "text/plain", words).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn beyond_so_many_requests_one_is_told_to_come_again() {
    let mut options = bare();
    options.limits.requests = 0;
    let server = Server::of(options);
    let answer = server.get("/openapi.json").await;
    assert_eq!(answer.problem().0, 429);
    assert_eq!(answer.header("retry-after"), "1");
    assert_eq!(server.get("/healthz").await.status, StatusCode::OK);
}

/// A server on a port, and what ends it.
async fn started(
    options: Options,
) -> (SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let (tell, told) = oneshot::channel();
    let (end, ended) = oneshot::channel();
    let running = tokio::spawn(async move {
        let ended = async { drop(ended.await) };
        let ready = move |address| tell.send(address).expect("somebody waits");
        let done = listen(options, ready, ended).await;
        done.expect("it listens");
    });
    (told.await.expect("it listens"), end, running)
}

fn hasty() -> Options {
    let mut options = bare();
    options.port = 0;
    options.limits.head = Duration::from_millis(300);
    options.limits.answer = Duration::from_millis(600);
    options.limits.unread = Duration::from_millis(600);
    options.limits.farewell = Duration::from_secs(2);
    options
}

async fn ask(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    stream.write_all(request.as_bytes()).await.expect("it reads");
    let mut answer = Vec::new();
    // A connection that the server closes early is an answer too.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

const WELL: &str =
    "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_and_idle_callers_harm_nobody() {
    let (address, end, running) = started(hasty()).await;
    let mut idle = Vec::new();
    for _ in 0..300 {
        idle.push(TcpStream::connect(address).await.expect("it listens"));
    }
    // Half a head, and no more.
    for stream in idle.iter_mut().take(100) {
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHo").await.expect("it reads");
    }
    assert!(ask(address, WELL).await.starts_with("HTTP/1.1 200"));
    // A body that never comes is not waited for.
    let head = "POST /v1/extract HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n\
                Content-Length: 1000\r\n\r\nhalf";
    assert!(ask(address, head).await.starts_with("HTTP/1.1 408"));
    let begun = Instant::now();
    for mut stream in idle {
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
    }
    assert!(begun.elapsed() < Duration::from_secs(20), "idle connections are closed");
    assert!(ask(address, WELL).await.starts_with("HTTP/1.1 200"));
    let long =
        format!("GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n", "a".repeat(200_000));
    let answer = ask(address, &long).await;
    assert!(answer.starts_with("HTTP/1.1 4") || answer.is_empty(), "{answer}");
    drop(end);
    running.await.expect("it ends");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_under_way_is_answered_before_the_end() {
    let (address, end, running) = started(hasty()).await;
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    let head = "POST /v1/extract HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n\
                Content-Length: 5\r\n\r\n";
    stream.write_all(head.as_bytes()).await.expect("it reads");
    tokio::time::sleep(Duration::from_millis(100)).await;
    drop(end);
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(TcpStream::connect(address).await.is_err(), "nobody else is let in");
    stream.write_all(b"Rien.").await.expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("it answers");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    running.await.expect("it ends");
}

#[tokio::test]
async fn lines_about_requests_hold_no_words() {
    let site = site();
    let mut options = site.options();
    let lines = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let kept = lines.clone();
    options.log = Some(std::sync::Arc::new(move |line| {
        kept.lock().expect("nobody broke").push(line.to_owned());
    }));
    let server = Server::of(options);
    server.get("/v1/statements?q=secret").await;
    server.post("/v1/check-quote", "text/plain", "secret").await;
    let lines = lines.lock().expect("nobody broke").clone();
    assert_eq!(lines.len(), 2);
    assert!(lines[0].starts_with("2025-03-06T10:00:00Z GET /v1/statements 200 "));
    assert!(lines.iter().all(|l| !l.contains("secret")), "{lines:?}");
}

#[test]
fn a_path_is_answered_without_a_server() {
    let site = site();
    let answer = depeche_web::get(site.options(), "/v1/statements.csv?limit=1");
    let answer = answer.expect("it answers");
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(String::from_utf8_lossy(&answer.body).lines().count(), 2);
    // Who starts the program needs no token of its own.
    let mut options = bare();
    options.token = Some("sesame".into());
    assert_eq!(
        depeche_web::get(options, "/openapi.json").expect("it answers").status,
        200
    );
    assert!(depeche_web::get(bare(), "no path").is_err());
    assert!(LANGUAGES.codes().next().is_some());
}

#[tokio::test]
async fn an_assistant_searches_opens_and_checks() {
    let site = site();
    let app = App::new(site.options()).expect("it opens");
    let (ours, theirs) = tokio::io::duplex(1 << 20);
    let (input, output) = tokio::io::split(theirs);
    let running = tokio::spawn(async move { mcp::speak(&app, input, output).await });
    let (read, mut write) = tokio::io::split(ours);
    let mut lines = BufReader::new(read).lines();
    let mut number = 0;
    let mut call = async |method: &str, params: Value| -> Value {
        number += 1;
        let line =
            json!({"jsonrpc": "2.0", "id": number, "method": method, "params": params});
        write.write_all(format!("{line}\n").as_bytes()).await.expect("it reads");
        let answer = lines.next_line().await.expect("it answers").expect("it goes on");
        let answer: Value = serde_json::from_str(&answer).expect("it is JSON");
        if method == "initialize" {
            let note = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
            write.write_all(format!("{note}\n").as_bytes()).await.expect("it reads");
        }
        answer["result"].clone()
    };
    let hello = json!({
        "protocolVersion": "2025-06-18", "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    });
    let info = call("initialize", hello).await;
    assert_eq!(info["serverInfo"]["name"], "depeche");
    let tools = call("tools/list", json!({})).await;
    let names: Vec<&str> = tools["tools"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|t| t["name"].as_str())
        .collect();
    for name in ["search", "evidence", "check_quotation", "positions"] {
        assert!(names.contains(&name), "{names:?}");
    }
    let found =
        call("tools/call", json!({"name": "search", "arguments": {"words": "port"}}))
            .await;
    let hit = &found["structuredContent"]["items"][0];
    assert_eq!(hit["content"], "Le port restera fermé trois semaines");
    let open = json!({"name": "evidence", "arguments": {"ref": hit["ref"]}});
    let evidence = call("tools/call", open).await;
    assert_eq!(evidence["structuredContent"]["article"]["outlet"], "Agence");
    let check = json!({"name": "check_quotation", "arguments": {"words": "restera fermé un mois"}});
    let checked = call("tools/call", check).await;
    assert!(checked["structuredContent"]["verdict"].is_string());
    let held = json!({"name": "positions", "arguments": {"who": "NOR"}});
    assert!(call("tools/call", held).await["structuredContent"]["items"].is_array());
    let nobody = json!({"name": "search", "arguments": {"who": "Personne Nulle"}});
    assert_eq!(call("tools/call", nobody).await["isError"], true);
    drop(write);
    drop(lines);
    running.await.expect("it does not break").expect("it ends well");
}
