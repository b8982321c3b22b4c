//! All measurements of a run, for machines and for people.

use super::baseline::Change;
use super::host::Host;
use super::measure::Measurement;
use serde::{Deserialize, Serialize};

/// What `veracity bench` finds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BenchReport {
    /// The machine.
    pub host: Host,
    /// Identity of the model: BLAKE3 of its weights, in hexadecimal.
    pub model: String,
    /// Inputs as they were given.
    pub inputs: Vec<String>,
    /// Whether each sentence was an article of its own.
    pub lone: bool,
    /// One row a way of computing.
    pub measurements: Vec<Measurement>,
    /// Against a baseline, where one was given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
}

impl Measurement {
    /// Engine, precision, instructions, threads and batch: what tells two rows apart.
    pub fn name(&self) -> String {
        let isa = if self.isa.is_empty() { String::new() } else { format!(" {}", self.isa) };
        format!("{} {}{isa} t{} b{}", self.engine, self.precision, self.threads, self.batch_tokens)
    }
}

impl BenchReport {
    /// Title and cells of each column, one row a measurement; widths are not padded.
    pub(super) fn table(&self) -> (Vec<&'static str>, Vec<Vec<String>>) {
        let head = vec![
            "engine",
            "sentences/s",
            "95 % interval",
            "tokens/s",
            "p50 ms",
            "p95",
            "p99",
            "Gop/s",
            "of peak",
            "load ms",
            "RSS MB",
            "labels as f32",
        ];
        let row = |m: &Measurement| {
            let s = &m.sentences_per_second;
            vec![
                m.name(),
                format!("{:.0}", s.median),
                format!("{:.0}-{:.0}", s.low, s.high),
                format!("{:.0}", m.tokens_per_second.median),
                format!("{:.1}", m.latency.p50_ms),
                format!("{:.1}", m.latency.p95_ms),
                format!("{:.1}", m.latency.p99_ms),
                format!("{:.0}", m.gops),
                m.share_of_peak.map_or_else(|| "-".into(), |s| format!("{:.0} %", s * 100.0)),
                format!("{:.0}", m.load_seconds * 1e3),
                m.peak_rss_bytes.map_or_else(|| "-".into(), |b| format!("{:.0}", b as f64 / 1e6)),
                m.agreement.map_or_else(|| "-".into(), |a| format!("{:.2} %", a * 100.0)),
            ]
        };
        (head, self.measurements.iter().map(row).collect())
    }

    /// What should be known before the figures are believed.
    pub fn warnings(&self) -> Vec<String> {
        let mut all = Vec::new();
        if let Some(load) = self.host.load.filter(|l| *l > 0.5) {
            all.push(format!("the machine was busy (load {load:.1}) before the measurement"));
        }
        for m in &self.measurements {
            let s = &m.sentences_per_second;
            if s.outliers > 0 {
                all.push(format!("{}: {} runs lie far from the median", m.name(), s.outliers));
            }
            if s.coverage < 0.95 {
                let percent = s.coverage * 100.0;
                all.push(format!("{}: too few runs, the interval has {percent:.0} % and not 95 %", m.name()));
            }
        }
        all
    }

    /// For a terminal.
    pub fn to_text(&self) -> String {
        let (head, rows) = self.table();
        let mut out = format!("{}\n", self.headline());
        let all: Vec<Vec<String>> =
            std::iter::once(head.iter().map(ToString::to_string).collect()).chain(rows).collect();
        let widths: Vec<usize> =
            (0..head.len()).map(|c| all.iter().map(|r| r[c].chars().count()).max().unwrap_or(0)).collect();
        for row in &all {
            let cells = row
                .iter()
                .zip(&widths)
                .enumerate()
                .map(|(c, (cell, &w))| if c == 0 { format!("{cell:<w$}") } else { format!("{cell:>w$}") });
            out.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
            out.push('\n');
        }
        for m in &self.measurements {
            out.push_str(&format!("\n{}: {}\n", m.name(), stages(m)));
        }
        self.changes.iter().for_each(|change| out.push_str(&format!("\n{change}")));
        self.warnings().iter().for_each(|warning| out.push_str(&format!("\nwarning: {warning}")));
        out.trim_end().to_owned() + "\n"
    }

    /// Machine and workload in a line.
    pub(super) fn headline(&self) -> String {
        let host = &self.host;
        let work = self.measurements.first().map_or_else(String::new, |m| {
            let kind = if self.lone { "lone sentences" } else { "sentences in documents" };
            format!("; {} {kind}, {} tokens, {} windows", m.sentences, m.tokens, m.windows.count)
        });
        format!("{}, {} cores, {}, veracity {}{work}", host.cpu, host.cores, host.system, host.version)
    }
}

/// Where the time goes.
pub(super) fn stages(m: &Measurement) -> String {
    let s = &m.stages;
    let all = [s.read, s.segment, s.tokenize, s.infer, s.decode, s.write];
    let total: f64 = all.iter().sum();
    let share = |name: &str, seconds: f64| format!("{name} {:.1} %", 100.0 * seconds / total.max(1e-12));
    let names = ["read", "segment", "tokenize", "infer", "decode", "write"];
    let parts: Vec<String> = names.iter().zip(all).map(|(name, s)| share(name, s)).collect();
    format!(
        "{}; inference alone {:.0} sentences/s; padding {:.0} % (batches of 32 would have {:.0} %)",
        parts.join(", "),
        m.infer_sentences_per_second.median,
        100.0 * m.windows.padding,
        100.0 * m.windows.padding_of_batches,
    )
}
