//! Measures the reliability model on public truth-discovery, crowd and fact-checking
//! sets, and prints each figure beside its target: `make eval-reliability`.
//!
//! Coverage: for each source with at least 5 gold claims, whether the number of right
//! ones among them lies in the central 90 % predictive (beta-binomial) interval of the
//! source's posterior. Ranking: Spearman's correlation of trust with the true share.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use rand::seq::{SliceRandom, index::sample};
use rand::{Rng, SeedableRng, rngs::StdRng};
use statrs::function::beta::ln_beta;
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;
use veracity::reliability::{
    Beta, Claims, ClaimsBuilder, Context, Estimate, Grade, Hierarchy, Known, Outcomes, estimate, estimate_with,
    write_trust, write_truth,
};

fn main() {
    let Some(dir) = std::env::args_os().nth(1).map(PathBuf::from).filter(|d| d.is_dir()) else {
        println!("skipped: give the folder of the reliability sets (VERACITY_RELIABILITY of make)");
        return;
    };
    println!("{:<34} {:>8} {:>12}", "", "measured", "target");
    let mut coverage = Vec::new();
    let truth = [
        ("book", 0.90),
        ("flights_holoclean", 0.94),
        ("heritages", 0.70),
        ("heritages without hierarchy", 0.0),
        ("population", 0.83),
        ("crowd_dog", 0.84),
        ("crowd_duck", 0.89),
        ("emergent_mturk", 0.71),
        ("book_multi", 0.95),
        ("crowd_face", 0.0),
    ];
    for (set, target) in truth {
        let folder = dir.join(set.trim_end_matches(" without hierarchy"));
        let set_data = Set::read(&folder);
        let hierarchy = folder.join("hierarchy.csv");
        let hierarchy = if set == "heritages" { places(&hierarchy) } else { Hierarchy::default() };
        let context = Context { hierarchy, ..Context::default() };
        let estimate = estimate_with(&set_data.claims, &Outcomes::none(&set_data.claims), &context);
        row(&format!("{set}: truth accuracy"), set_data.accuracy(&estimate), Some(target));
        let (spearman, covered, sources) = set_data.sources(&estimate, &context.hierarchy);
        let ranking = match set {
            "book" => Some(0.85),
            "flights_holoclean" => Some(0.94),
            _ => None,
        };
        row("  ranking (Spearman)", spearman, ranking);
        println!("{:<34} {:>8.3} {:>12}", "  coverage of 90 % intervals", covered, format!("{sources} sources"));
        if ["book", "flights_holoclean", "heritages without hierarchy", "population"].contains(&set) {
            coverage.push(covered);
        }
    }
    within("open sets: mean coverage", coverage.iter().sum::<f64>() / coverage.len() as f64, 0.85, 0.95);
    emotion(&dir.join("crowd_emotion"));
    politifact(&dir.join("politifact_speakers"));
    emergent(&dir.join("emergent"));
    fakes(&dir.join("fakes"));
    headlines(&dir.join("emergent"));
    large();
}

/// Time to read, fit and write some 2.75 million claims of 5,000 sources on 500,000 objects.
fn large() {
    let folder = tempfile::tempdir().unwrap();
    for kind in ["labels", "open values", "numbers"] {
        let path = folder.path().join(kind);
        let mut csv = BufWriter::new(File::create(&path).unwrap());
        let mut rng = StdRng::seed_from_u64(1);
        let right: Vec<f64> = (0..5000).map(|_| 1.0 - 0.5 * rng.random::<f64>().powi(2)).collect();
        let mut claims = 0;
        writeln!(csv, "source,object,value").unwrap();
        for o in 0..500_000 {
            let crowd = rng.random_range(3..=8);
            for s in sample(&mut rng, right.len(), crowd) {
                let value = if rng.random_bool(right[s]) { 0 } else { rng.random_range(1..5) };
                match kind {
                    "labels" => writeln!(csv, "s{s},o{o},v{}", (o + value) % 5),
                    "open values" => writeln!(csv, "s{s},o{o},the value {value} of {o}"),
                    _ => writeln!(csv, "s{s},o{o},{:.2}", f64::from(o) + f64::from(value) + rng.random::<f64>()),
                }
                .unwrap();
                claims += 1;
            }
        }
        csv.into_inner().unwrap();
        let start = Instant::now();
        let read = Claims::read(&path).unwrap();
        let found = estimate(&read, &Outcomes::none(&read));
        write_trust(&read, &found, &[], File::create(folder.path().join("trust.csv")).unwrap()).unwrap();
        write_truth(&read, &found, File::create(folder.path().join("truth.csv")).unwrap()).unwrap();
        assert_eq!(read.len(), claims);
        at_most(&format!("{:.2} million {kind}: s", claims as f64 / 1e6), start.elapsed().as_secs_f64(), 10.0);
    }
}

fn row(what: &str, value: f64, at_least: Option<f64>) {
    let target = at_least.filter(|t| *t > 0.0).map_or(String::new(), |t| {
        // Targets have two places.
        format!(">= {t:.2} {}", if (value * 100.0).round() / 100.0 >= t { "ok" } else { "MISSED" })
    });
    println!("{what:<34} {value:>8.4} {target:>12}");
}

fn at_most(what: &str, value: f64, most: f64) {
    println!("{what:<34} {value:>8.4} {:>12}", format!("<= {most:.2} {}", if value <= most { "ok" } else { "MISSED" }));
}

fn within(what: &str, value: f64, low: f64, high: f64) {
    let word = if (low..=high).contains(&value) { "ok" } else { "MISSED" };
    println!("{what:<34} {value:>8.4} {:>12}", format!("{low:.2}-{high:.2} {word}"));
}

/// Rows of a CSV file, plain or gzipped, by column name.
fn table(path: &Path) -> Vec<HashMap<String, String>> {
    let zipped = path.with_extension("csv.gz");
    let bytes: Box<dyn std::io::Read> = match std::fs::File::open(path) {
        Ok(file) => Box::new(file),
        Err(_) => Box::new(flate2::read::MultiGzDecoder::new(std::fs::File::open(zipped).unwrap())),
    };
    csv::Reader::from_reader(bytes).into_deserialize().map(Result::unwrap).collect()
}

/// Places and what holds them; the root holds everything and says nothing.
fn places(path: &Path) -> Hierarchy {
    let rows = table(path);
    let names: HashMap<&str, &str> = rows.iter().map(|r| (r["ID"].as_str(), r["name"].as_str())).collect();
    let inner = rows.iter().filter(|r| r["parentID"] != "0" && names.contains_key(r["parentID"].as_str()));
    // A few places have the name of the place that holds them; and of what is listed twice, each
    // time in the other (Denmark, Region of Southern Denmark), the first listing counts.
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    for (name, parent) in inner.map(|r| (r["name"].as_str(), names[r["parentID"].as_str()])) {
        let (mut above, mut next) = (HashSet::from([parent]), vec![parent]);
        while let Some(place) = next.pop() {
            next.extend(pairs.iter().filter(|(a, b)| *a == place && above.insert(b)).map(|(_, b)| *b));
        }
        if !above.contains(name) {
            pairs.push((name, parent));
        }
    }
    Hierarchy::of(pairs.into_iter()).unwrap()
}

struct Set {
    claims: Claims,
    gold: HashMap<String, String>,
}

impl Set {
    fn read(dir: &Path) -> Self {
        let mut builder = ClaimsBuilder::default();
        for row in table(&dir.join("claims.csv")) {
            builder.add(&row["source"], &row["object"], &row["value"], None, None);
        }
        let gold = table(&dir.join("truth.csv"));
        Self {
            claims: builder.build(),
            gold: gold.into_iter().map(|r| (r["object"].clone(), r["value"].clone())).collect(),
        }
    }

    fn accuracy(&self, estimate: &Estimate) -> f64 {
        let judged: Vec<bool> = self
            .claims
            .objects
            .iter()
            .zip(&estimate.truths)
            .filter_map(|(o, truth)| self.gold.get(o).map(|g| *g == truth.value))
            .collect();
        judged.iter().filter(|r| **r).count() as f64 / judged.len() as f64
    }

    /// Spearman of trust, coverage and number of the sources with 5 gold claims. A claim that
    /// holds the true value is right.
    fn sources(&self, estimate: &Estimate, hierarchy: &Hierarchy) -> (f64, f64, usize) {
        let (mut trust, mut share, mut covered) = (Vec::new(), Vec::new(), 0);
        for s in 0..self.claims.sources.len() {
            let (mut n, mut k) = (0, 0);
            for i in self.claims.claims_by(s) {
                let object = self.claims.objects.get_index(self.claims.object_of(*i as usize)).unwrap();
                if let Some(gold) = self.gold.get(object) {
                    n += 1;
                    let said = self.claims.text_of(self.claims.value[*i as usize] as usize);
                    k += usize::from(gold == said || hierarchy.holds(said, gold));
                }
            }
            if n >= 5 {
                trust.push(estimate.sources[s].trust);
                share.push(k as f64 / n as f64);
                covered += usize::from(predicted(estimate.sources[s].posterior, n, k));
            }
        }
        (spearman(&trust, &share), covered as f64 / trust.len() as f64, trust.len())
    }
}

/// Whether k of n lies in the central 90 % of the beta-binomial.
fn predicted(beta: Beta, n: usize, k: usize) -> bool {
    let ln_choose = |k: usize| -ln_beta(k as f64 + 1.0, (n - k) as f64 + 1.0) - ((n + 1) as f64).ln();
    let p =
        |k: usize| (ln_choose(k) + ln_beta(beta.a + k as f64, beta.b + (n - k) as f64) - ln_beta(beta.a, beta.b)).exp();
    let (mut low, mut high, mut sum) = (None, None, 0.0);
    for j in 0..=n {
        sum += p(j);
        low = low.or((sum >= 0.05).then_some(j));
        high = high.or((sum >= 0.95 - 1e-9).then_some(j));
    }
    (low.unwrap_or(0)..=high.unwrap_or(n)).contains(&k)
}

fn ranks(x: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|a, b| x[*a].total_cmp(&x[*b]));
    let mut ranks = vec![0.0; x.len()];
    for tie in order.chunk_by(|a, b| x[*a] == x[*b]) {
        let first = order.iter().position(|i| i == &tie[0]).unwrap();
        tie.iter().for_each(|i| ranks[*i] = first as f64 + (tie.len() - 1) as f64 / 2.0);
    }
    ranks
}

fn spearman(x: &[f64], y: &[f64]) -> f64 {
    let (x, y) = (ranks(x), ranks(y));
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
    let (mx, my) = (mean(&x), mean(&y));
    let dot = |a: &[f64], ma: f64, b: &[f64], mb: f64| a.iter().zip(b).map(|(a, b)| (a - ma) * (b - mb)).sum::<f64>();
    dot(&x, mx, &y, my) / (dot(&x, mx, &x, mx) * dot(&y, my, &y, my)).sqrt()
}

fn emotion(dir: &Path) {
    let set = Set::read(dir);
    let found = estimate(&set.claims, &Outcomes::none(&set.claims));
    let errors: Vec<f64> = set
        .claims
        .objects
        .iter()
        .zip(&found.truths)
        .filter_map(|(o, t)| Some((t.value.parse::<f64>().ok()? - set.gold.get(o)?.parse::<f64>().ok()?).abs()))
        .collect();
    let mean = errors.iter().sum::<f64>() / errors.len() as f64;
    println!("{:<34} {mean:>8.3} {:>12}", format!("crowd_emotion: mean error ({:?})", found.kind), "");
}

/// Rulings by date: the first 70 % are outcomes, the rest is predicted.
fn politifact(dir: &Path) {
    let truth: HashMap<String, String> =
        table(&dir.join("truth.csv")).into_iter().map(|r| (r["object"].clone(), r["y"].clone())).collect();
    let mut rows = table(&dir.join("claims.csv"));
    rows.sort_by(|a, b| (&a["ruling_date"], &a["object"]).cmp(&(&b["ruling_date"], &b["object"])));
    for first in [0.5, 0.7, 0.8] {
        let (train, test) = rows.split_at((rows.len() as f64 * first) as usize);
        let mut builder = ClaimsBuilder::default();
        train.iter().for_each(|r| builder.add(&r["source"], &r["object"], "right", None, None));
        let claims = builder.build();
        let mut outcomes = Outcomes::none(&claims);
        train.iter().for_each(|r| {
            outcomes.set(&claims, &r["object"], if truth[&r["object"]] == "1" { "right" } else { "wrong" });
        });
        let found = estimate(&claims, &outcomes);
        // A source without claims has the prior.
        let unseen = {
            let t = &found.sources[0];
            let strength = t.prior_share * t.posterior.strength();
            let right = train
                .iter()
                .filter(|r| Some(&r["source"]) == claims.sources.get_index(0))
                .map(|r| &truth[&r["object"]]);
            let right = right.filter(|y| *y == "1").count() as f64;
            Beta { a: t.posterior.a - right, b: strength - (t.posterior.a - right) }
        };
        let posterior = |s: &str| claims.sources.get_index_of(s).map_or(unseen, |s| found.sources[s].posterior);
        let (mut loss, mut counts) = (0.0, HashMap::<&str, (usize, usize)>::new());
        for r in test {
            let (p, right) = (posterior(&r["source"]).mean(), truth[&r["object"]] == "1");
            loss -= if right { p.ln() } else { (1.0 - p).ln() };
            let count = counts.entry(&r["source"]).or_default();
            *count = (count.0 + 1, count.1 + usize::from(right));
        }
        let judged: Vec<bool> =
            counts.iter().filter(|(_, c)| c.0 >= 5).map(|(s, c)| predicted(posterior(s), c.0, c.1)).collect();
        let covered = judged.iter().filter(|c| **c).count() as f64 / judged.len() as f64;
        let name = format!("politifact, first {:.0} %", first * 100.0);
        at_most(&format!("{name}: log-loss"), loss / test.len() as f64, 0.65);
        within(&format!("{name}: coverage"), covered, 0.85, 0.95);
    }
}

/// Five folds over the rumours with an outcome, 20 times.
fn emergent(dir: &Path) {
    let mut builder = ClaimsBuilder::default();
    for row in table(&dir.join("observations.csv")) {
        builder.add(&row["source"], &row["object"], &row["value"], None, None);
    }
    let claims = builder.build();
    let gold: Vec<(String, String)> =
        table(&dir.join("truth.csv")).into_iter().map(|r| (r["object"].clone(), r["value"].clone())).collect();
    let mut rng = StdRng::seed_from_u64(0);
    let (mut loss, mut right, mut all) = (0.0, 0, 0);
    for _ in 0..20 {
        let mut order: Vec<usize> = (0..gold.len()).collect();
        order.shuffle(&mut rng);
        for fold in 0..5 {
            let mut outcomes = Outcomes::none(&claims);
            order.iter().enumerate().filter(|(n, _)| n % 5 != fold).for_each(|(_, g)| {
                outcomes.set(&claims, &gold[*g].0, &gold[*g].1);
            });
            let found = estimate(&claims, &outcomes);
            for (_, g) in order.iter().enumerate().filter(|(n, _)| n % 5 == fold) {
                let (object, value) = &gold[*g];
                let o = claims.objects.get_index_of(object).unwrap();
                assert_eq!(outcomes.of(o), Known::Open);
                let truth = &found.truths[o];
                let p = if truth.value == *value { truth.probability } else { 1.0 - truth.probability };
                loss -= p.max(1e-3).ln();
                right += usize::from(truth.value == *value);
                all += 1;
            }
        }
    }
    at_most("emergent, 5-fold: log-loss", loss / f64::from(all), 0.35);
    row("emergent, 5-fold: accuracy", right as f64 / f64::from(all), Some(0.86));
    let without = estimate(&claims, &Outcomes::none(&claims));
    let declined = without.sources.iter().all(|s| s.grade == Grade::F) && !without.with_outcomes;
    println!("{:<34} {:>8} {:>12}", "emergent without outcomes", "declines", if declined { "ok" } else { "MISSED" });
}

/// Outlets that do not differ: every two intervals overlap.
fn fakes(dir: &Path) {
    let mut builder = ClaimsBuilder::default();
    let rows = table(&dir.join("claims.csv"));
    // An object is one article of one outlet.
    let truth: HashMap<String, String> =
        table(&dir.join("truth.csv")).into_iter().map(|r| (r["object"].clone(), r["value"].clone())).collect();
    rows.iter().for_each(|r| builder.add(&r["source"], &r["object"], "1", None, None));
    let claims = builder.build();
    let mut outcomes = Outcomes::none(&claims);
    truth.iter().for_each(|(o, v)| outcomes.set(&claims, o, v));
    let found = estimate(&claims, &outcomes);
    let low = found.sources.iter().map(|s| s.interval().0).fold(0.0, f64::max);
    let high = found.sources.iter().map(|s| s.interval().1).fold(1.0, f64::min);
    let word = if low <= high { "ok" } else { "MISSED" };
    println!(
        "{:<34} {:>8} {:>12}",
        "fakes: intervals overlap",
        format!("{} of {}", found.sources.len(), claims.sources.len()),
        word
    );
}

/// Pairs of headlines on one rumour against pairs on two, by the likeness that puts
/// statements of articles together.
fn headlines(dir: &Path) {
    let mut rows = table(&dir.join("observations.csv"));
    let mut seen = std::collections::HashSet::new();
    rows.retain(|r| seen.insert(r["articleHeadline"].clone()));
    let texts: Vec<&str> = rows.iter().map(|r| r["articleHeadline"].as_str()).collect();
    let likeness = veracity::observe::likeness(&texts);
    let mut pairs: Vec<(f32, bool)> = Vec::new();
    for i in 0..rows.len() {
        pairs.extend((0..i).map(|j| (likeness[i][j], rows[i]["object"] == rows[j]["object"])));
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
    let all = pairs.iter().filter(|p| p.1).count() as f64;
    let (mut found, mut sum) = (0.0, 0.0);
    for (n, _) in pairs.iter().enumerate().filter(|(_, p)| p.1) {
        found += 1.0;
        sum += found / (n + 1) as f64;
    }
    row("headlines of a rumour: average precision", sum / all, None);
    let near: Vec<&(f32, bool)> = pairs.iter().take_while(|p| p.0 >= veracity::observe::ALIKE as f32).collect();
    let right = near.iter().filter(|p| p.1).count() as f64;
    row("  precision of pairs put together", right / near.len() as f64, None);
    row("  recall", right / all, None);
}
