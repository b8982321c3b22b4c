//! Every figure against scikit-learn, scipy, statsmodels and krippendorff on generated
//! cases: `golden/metrics.json`, made by `golden/make_golden.py`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use serde::Deserialize;
use serde_json::Value;
use std::path::Path;
use veracity::evaluate::Sample;
use veracity::evaluate::figures::{Figures, Measure};
use veracity::evaluate::metrics::{fleiss_kappa, krippendorff_alpha, mcnemar_exact};

#[derive(Deserialize)]
struct Case {
    name: String,
    gold: Vec<u16>,
    pred: Vec<u16>,
    probabilities: Vec<Vec<f64>>,
    article: Vec<u32>,
    values: Value,
    weights: Vec<u16>,
    weighted: Value,
}

fn golden() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/metrics.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn cases() -> Vec<Case> {
    serde_json::from_value(golden()["cases"].clone()).unwrap()
}

impl Case {
    /// Classes that occur, by their number in the file.
    fn occurring(&self) -> Vec<usize> {
        let mut all: Vec<usize> = self.gold.iter().chain(&self.pred).map(|class| usize::from(*class)).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    fn sample(&self) -> Sample {
        let occurring = self.occurring();
        let mut order = occurring.clone();
        order.extend((0..self.probabilities[0].len()).filter(|class| !occurring.contains(class)));
        let place = |class: &u16| order.iter().position(|known| *known == usize::from(*class)).unwrap() as u16;
        let row = |row: &Vec<f64>| order.iter().map(|class| row[*class]).collect::<Vec<f64>>();
        let confident = self.probabilities.iter().zip(&self.pred).map(|(row, pred)| row[usize::from(*pred)]);
        Sample {
            classes: order.iter().map(usize::to_string).collect(),
            occurring: occurring.len(),
            articles: self.weights.len(),
            article: self.article.clone(),
            gold: self.gold.iter().map(place).collect(),
            pred: self.pred.iter().map(place).collect(),
            probabilities: Some(self.probabilities.iter().flat_map(row).collect()),
            confidence: Some(confident.collect()),
        }
    }
}

fn close(what: &str, value: f64, wanted: &Value) {
    match wanted.as_f64() {
        Some(wanted) => assert!((value - wanted).abs() < 1e-9, "{what}: {value} is not {wanted}"),
        None => assert!(wanted.is_null() && value.is_nan(), "{what}: {value} is not {wanted}"),
    }
}

type Named = (&'static str, fn(usize) -> Measure);

const SINGLE: [(&str, Measure); 8] = [
    ("accuracy", Measure::Accuracy),
    ("balanced_accuracy", Measure::BalancedAccuracy),
    ("mcc", Measure::Mcc),
    ("kappa", Measure::Kappa),
    ("log_loss", Measure::LogLoss),
    ("brier", Measure::Brier),
    ("ece", Measure::Ece),
    ("aurc", Measure::Aurc),
];
const EACH: [Named; 5] = [
    ("precision", Measure::Precision),
    ("recall", Measure::Recall),
    ("f1", Measure::F1),
    ("roc_auc", Measure::RocAuc),
    ("average_precision", Measure::AveragePrecision),
];

/// Compares whatever `wanted` has.
fn compare(name: &str, measures: &[Measure], values: &[f64], wanted: &Value) -> usize {
    let of = |measure: Measure| values[measures.iter().position(|known| *known == measure).unwrap()];
    let mut compared = 0;
    for (key, measure) in SINGLE.into_iter().filter(|(key, _)| wanted.get(key).is_some()) {
        close(&format!("{name}: {key}"), of(measure), &wanted[key]);
        compared += 1;
    }
    for (key, measure) in EACH {
        for (class, wanted) in wanted[key].as_array().into_iter().flatten().enumerate() {
            close(&format!("{name}: {key} of class {class}"), of(measure(class)), wanted);
            compared += 1;
        }
    }
    compared
}

#[test]
fn twenty_cases_as_scikit_learn() {
    let cases = cases();
    assert_eq!(cases.len(), 20);
    for case in cases {
        let figures = Figures::new(&case.sample());
        let (measures, values) = (figures.measures(), figures.values());
        assert_eq!(measures.len(), values.len());
        assert!(compare(&case.name, &measures, &values, &case.values) >= 13, "{}", case.name);
        let of = |measure: Measure| values[measures.iter().position(|known| *known == measure).unwrap()];
        let [precision, recall, f1] = [Measure::MacroPrecision, Measure::MacroRecall, Measure::MacroF1].map(of);
        for (at, value) in [precision, recall, f1].into_iter().enumerate() {
            close(&format!("{}: macro {at}", case.name), value, &case.values["macro"][at]);
        }
        close(&case.name, of(Measure::WeightedF1), &case.values["weighted"][2]);
        let matrix = figures.confusion();
        assert_eq!(serde_json::to_value(matrix.rows()).unwrap(), case.values["confusion"], "{}", case.name);
        let supports: Vec<u64> = (0..case.occurring().len()).map(|class| matrix.class(class).support).collect();
        assert_eq!(serde_json::to_value(supports).unwrap(), case.values["support"], "{}", case.name);
        let bins: Vec<_> = figures.bins().into_iter().filter(|bin| bin.count > 0).collect();
        assert_eq!(bins.len(), case.values["bins"].as_array().unwrap().len(), "{}", case.name);
        for (bin, wanted) in bins.iter().zip(case.values["bins"].as_array().unwrap()) {
            assert_eq!(bin.count, wanted[0].as_u64().unwrap(), "{}", case.name);
            close(&case.name, bin.confidence, &wanted[1]);
            close(&case.name, bin.accuracy, &wanted[2]);
        }
    }
}

/// A draw of the bootstrap counts every row as often as its article was drawn.
#[test]
fn a_draw_is_the_rows_repeated() {
    for case in cases() {
        let figures = Figures::new(&case.sample());
        let values = figures.weighted(&case.weights);
        assert!(compare(&case.name, &figures.measures(), &values, &case.weighted) >= 7, "{}", case.name);
    }
}

#[test]
fn mcnemar_as_statsmodels_and_scipy() {
    for row in golden()["mcnemar"].as_array().unwrap() {
        let [a, b] = [0, 1].map(|at| row["only"][at].as_u64().unwrap());
        close(&format!("{a} {b}"), mcnemar_exact(a, b), &row["p"]);
        close(&format!("{a} {b}"), mcnemar_exact(a, b), &row["p_scipy"]);
    }
}

#[test]
fn agreement_as_statsmodels_and_krippendorff() {
    for row in golden()["annotators"].as_array().unwrap() {
        let counts: Vec<Vec<u32>> = serde_json::from_value(row["counts"].clone()).unwrap();
        close("fleiss", fleiss_kappa(&counts).unwrap_or(f64::NAN), &row["fleiss"]);
        close("alpha", krippendorff_alpha(&counts).unwrap_or(f64::NAN), &row["alpha"]);
    }
}
