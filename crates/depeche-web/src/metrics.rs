//! How much does the server do?

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use depeche_archive::Facts;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// Upper ends of the classes of durations, in seconds.
const SECONDS: [f64; 10] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 10.0];

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Request {
    method: String,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Route {
    route: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Kind {
    kind: &'static str,
}

/// Counts of a server.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<Request, Counter>,
    seconds: Family<Route, Histogram, fn() -> Histogram>,
    busy: Gauge,
    read: Counter,
    held: Family<Kind, Gauge<u64, AtomicU64>>,
}

impl Metrics {
    pub(crate) fn new() -> Metrics {
        let mut registry = Registry::with_prefix("depeche");
        let requests = Family::default();
        registry.register("requests", "Requests that were answered", requests.clone());
        let make: fn() -> Histogram = || Histogram::new(SECONDS);
        let seconds = Family::new_with_constructor(make);
        let help = "From the head of a request to its answer";
        registry.register_with_unit(
            "request_duration",
            help,
            Unit::Seconds,
            seconds.clone(),
        );
        let busy = Gauge::default();
        registry.register("requests_in_flight", "Requests under way", busy.clone());
        let read = Counter::default();
        registry.register(
            "articles_read",
            "Articles that were read for callers",
            read.clone(),
        );
        let held = Family::default();
        registry.register("archive_items", "What the archive holds", held.clone());
        Metrics { registry, requests, seconds, busy, read, held }
    }

    /// A request begins.
    pub(crate) fn begin(&self) {
        self.busy.inc();
    }

    /// It was answered, or its caller went away (499).
    pub(crate) fn end(&self, method: &str, route: &str, status: u16, took: Duration) {
        self.busy.dec();
        let request =
            Request { method: method.to_owned(), route: route.to_owned(), status };
        self.requests.get_or_create(&request).inc();
        let route = Route { route: route.to_owned() };
        self.seconds.get_or_create(&route).observe(took.as_secs_f64());
    }

    /// An article was read.
    pub(crate) fn article(&self) {
        self.read.inc();
    }

    /// Everything, as `OpenMetrics`.
    pub(crate) fn text(&self, facts: Option<Facts>) -> String {
        for (kind, count) in facts.into_iter().flat_map(|f| {
            [
                ("article", f.articles),
                ("copy", f.copies),
                ("statement", f.statements),
                ("event", f.events),
                ("position", f.positions),
                ("actor", f.actors),
            ]
        }) {
            self.held.get_or_create(&Kind { kind }).set(count);
        }
        let mut text = String::new();
        encode(&mut text, &self.registry)
            .expect("a string takes all that is written to it");
        text
    }
}
