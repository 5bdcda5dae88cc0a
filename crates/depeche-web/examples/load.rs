//! How many mixed requests does a server answer, how fast, and does its memory stay?
//!
//! ```text
//! cargo run --release -p depeche-web --example load -- 127.0.0.1:7700 PID SECONDS CALLERS RATE
//! ```
//!
//! PID is the server's: its processor time and memory are read from /proc. So many CALLERS keep a
//! connection each; together they send RATE requests a second, each at its time, whether or not
//! the ones before were answered: a duration counts from when a request was due. RATE 0 sends
//! the next request as soon as one is answered. What is asked comes from the archive itself: its
//! speakers, words and references. See bench/serve.md.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a measuring tool"
)]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use depeche_web::query::escape;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// A line about the server's memory comes so often.
const SAMPLED: Duration = Duration::from_secs(30);
/// Ticks of the system's clock of processor time in a second.
const TICKS: f64 = 100.0;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, pid, seconds, callers, rate] = arguments.as_slice() else {
        panic!("ADDRESS PID SECONDS CALLERS RATE");
    };
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(run(
        address.clone(),
        pid.clone(),
        Duration::from_secs(seconds.parse().unwrap()),
        callers.parse().unwrap(),
        rate.parse().unwrap(),
    ));
}

async fn run(address: String, pid: String, time: Duration, callers: usize, rate: f64) {
    let mix = Arc::new(Mix::of(&address).await);
    let (cpu, begun) = (processor_seconds(&pid), Instant::now());
    let sent = Arc::new(AtomicU64::new(0));
    let took: Arc<Mutex<BTreeMap<&'static str, Vec<f64>>>> = Arc::default();
    let bad = Arc::new(AtomicU64::new(0));
    let mut tasks = Vec::new();
    for _ in 0..callers {
        let (address, mix, sent) = (address.clone(), mix.clone(), sent.clone());
        let (took, bad) = (took.clone(), bad.clone());
        tasks.push(tokio::spawn(async move {
            let mut caller = Caller::new(&address).await;
            while begun.elapsed() < time {
                let n = sent.fetch_add(1, Ordering::Relaxed);
                let mut due = Instant::now();
                if rate > 0.0 {
                    due = begun + Duration::from_secs_f64(n as f64 / rate);
                    tokio::time::sleep_until(due.into()).await;
                }
                let (kind, path) = mix.request(n);
                let status = caller.get(&path).await.0;
                if status != 200 {
                    bad.fetch_add(1, Ordering::Relaxed);
                    println!("{status} {path}");
                }
                let milliseconds = due.elapsed().as_secs_f64() * 1000.0;
                took.lock().unwrap().entry(kind).or_default().push(milliseconds);
            }
        }));
    }
    println!("{:>8} {:>10}", "seconds", "memory, MB");
    while begun.elapsed() < time {
        println!("{:>8} {:>10.1}", begun.elapsed().as_secs(), megabytes(&pid));
        tokio::time::sleep(SAMPLED.min(time.saturating_sub(begun.elapsed()))).await;
    }
    for task in tasks {
        task.await.unwrap();
    }
    let wall = begun.elapsed().as_secs_f64();
    let cpu = processor_seconds(&pid) - cpu;
    println!("{:>8} {:>10.1}", begun.elapsed().as_secs(), megabytes(&pid));
    let mut took = std::mem::take(&mut *took.lock().unwrap());
    let all: Vec<f64> = took.values().flatten().copied().collect();
    took.insert("all", all);
    println!("\n{:<12} {:>8} {:>8} {:>8} {:>8} ms", "", "requests", "p50", "p95", "p99");
    for (kind, mut times) in took {
        times.sort_by(f64::total_cmp);
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
        let count = times.len();
        println!(
            "{kind:<12} {count:>8} {:>8.1} {:>8.1} {:>8.1}",
            at(0.5),
            at(0.95),
            at(0.99)
        );
        if kind == "all" {
            println!(
                "\n{:.0} requests a second; {:.2} ms of the server's processor time each; {} bad",
                count as f64 / wall,
                1000.0 * cpu / count as f64,
                bad.load(Ordering::Relaxed)
            );
        }
    }
}

/// What is asked: names, words and references of the archive.
struct Mix {
    who: Vec<String>,
    words: Vec<String>,
    references: Vec<String>,
    quotes: Vec<String>,
}

impl Mix {
    async fn of(address: &str) -> Mix {
        let mut caller = Caller::new(address).await;
        let page = caller.get("/v1/statements?limit=1000").await.1;
        let page: Value = serde_json::from_slice(&page).unwrap();
        let mut mix =
            Mix { who: vec![], words: vec![], references: vec![], quotes: vec![] };
        for item in page["items"].as_array().unwrap() {
            let text = |name: &str| item[name].as_str().unwrap_or_default().to_owned();
            mix.references.push(text("ref"));
            mix.who.extend(item["speakers"][0].as_str().map(str::to_owned));
            let content = text("content");
            mix.words
                .extend(content.split(' ').filter(|w| w.len() > 6).map(str::to_owned));
            mix.quotes.push(content);
        }
        mix
    }

    /// The request of a number: which sort, and its path. The same numbers ask the same.
    fn request(&self, n: u64) -> (&'static str, String) {
        let chance = n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
        let one = |list: &[String]| escape(&list[chance as usize % list.len()]);
        let article =
            |reference: String| reference.split("%3A").next().unwrap().to_owned();
        match n % 20 {
            0..=3 => ("search", format!("/v1/statements?q={}", one(&self.words))),
            4..=5 => ("who", format!("/v1/statements?who={}", one(&self.who))),
            6 => ("facets", format!("/v1/statements?facets=true&q={}", one(&self.words))),
            7..=8 => ("newest", format!("/v1/statements?limit={}", 10 + chance % 40)),
            9..=10 => ("events", format!("/v1/events?who={}", one(&self.who))),
            11 => ("country", "/v1/events?who=FRA&type=CONSULT".into()),
            12..=13 => ("positions", format!("/v1/positions?who={}", one(&self.who))),
            14..=16 => {
                ("article", format!("/v1/articles/{}", article(one(&self.references))))
            }
            17 => ("articles", format!("/v1/articles?q={}", one(&self.words))),
            18 => ("evidence", format!("/v1/statements/{}", one(&self.references))),
            _ => ("quotation", format!("/v1/check-quote?quote={}", one(&self.quotes))),
        }
    }
}

/// A connection that is kept.
struct Caller {
    stream: BufReader<TcpStream>,
    address: String,
}

impl Caller {
    async fn new(address: &str) -> Caller {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Caller { stream: BufReader::new(stream), address: address.to_owned() }
    }

    async fn get(&mut self, path: &str) -> (u16, Vec<u8>) {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.address);
        self.stream.write_all(request.as_bytes()).await.unwrap();
        let (mut status, mut length, mut line) = (0, 0, String::new());
        loop {
            line.clear();
            if self.stream.read_line(&mut line).await.unwrap() == 0 {
                // An idle connection was closed in between.
                *self = Caller::new(&self.address).await;
                return Box::pin(self.get(path)).await;
            }
            if let Some(rest) = line.strip_prefix("HTTP/1.1 ") {
                status = rest[..3].parse().unwrap();
            } else if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            } else if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).await.unwrap();
        (status, body)
    }
}

/// User and system time of a process.
fn processor_seconds(pid: &str) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    let ticks = |n: usize| fields[n].parse::<f64>().unwrap();
    (ticks(11) + ticks(12)) / TICKS
}

/// Memory of a process that is its own: pages of the archive that the system maps for it are not.
fn megabytes(pid: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|l| l.strip_prefix("RssAnon:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0
}
