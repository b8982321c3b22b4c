#!/usr/bin/env python3
"""Make metrics.json: what scikit-learn, scipy, statsmodels and krippendorff say of generated cases.

    python3 -m venv golden && golden/bin/pip install -r requirements.txt
    golden/bin/python make_golden.py > metrics.json

tests/evaluate_golden.rs holds veracity to these values. null stands for undefined.
Where none of the libraries has a figure (AURC; ECE beyond its bins), it is computed here from
its definition, by another way than in the program.
"""
import json
import math
import warnings

import krippendorff
import numpy as np
from scipy.stats import binomtest
from sklearn import metrics as m
from sklearn.calibration import calibration_curve
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.inter_rater import fleiss_kappa

warnings.simplefilter("ignore")
BINS = 15

# name, rows, classes that gold has, classes that predictions have, classes with a
# probability, decimals of the probabilities (few give ties), share of right answers, articles
CASES = [
    ("three classes", 200, [0, 1, 2], [0, 1, 2], 3, 6, 0.8, 12),
    ("ties", 120, [0, 1, 2], [0, 1, 2], 3, 1, 0.7, 9),
    ("heavy ties", 60, [0, 1, 2], [0, 1, 2], 3, 0, 0.5, 6),
    ("gold lacks a class", 80, [0, 1], [0, 1, 2], 3, 3, 0.6, 8),
    ("predictions lack a class", 80, [0, 1, 2], [0, 2], 3, 3, 0.6, 8),
    ("a class in neither", 50, [0, 1], [0, 1], 3, 3, 0.7, 5),
    ("disjoint classes", 30, [0, 1], [2], 3, 2, 0.0, 4),
    ("single class, all right", 25, [1], [1], 3, 2, 1.0, 5),
    ("single class in gold", 25, [1], [0, 1, 2], 3, 2, 0.5, 5),
    ("single class predicted", 40, [0, 1, 2], [1], 3, 2, 0.4, 5),
    ("one row, right", 1, [0], [0], 3, 3, 1.0, 1),
    ("one row, wrong", 1, [0], [2], 3, 3, 0.0, 1),
    ("two rows", 2, [0, 1], [0, 1], 2, 2, 0.5, 2),
    ("binary", 150, [0, 1], [0, 1], 2, 4, 0.75, 10),
    ("binary, ties", 150, [0, 1], [0, 1], 2, 1, 0.75, 10),
    ("five classes", 300, [0, 1, 2, 3, 4], [0, 1, 2, 3, 4], 5, 5, 0.6, 20),
    ("rare class", 400, [0, 0, 0, 0, 0, 0, 0, 0, 0, 1], [0, 0, 0, 1], 2, 4, 0.85, 15),
    ("all right", 70, [0, 1, 2], [0, 1, 2], 3, 3, 1.0, 7),
    ("all wrong", 70, [0, 1, 2], [0, 1, 2], 3, 3, 0.0, 7),
    ("zeros and ones", 90, [0, 1, 2], [0, 1, 2], 3, -1, 0.7, 6),
]


def generate(rng, rows, gold_from, pred_from, classes, decimals, right, articles):
    gold = rng.choice(gold_from, rows)
    pred = np.where(np.isin(gold, pred_from) & (rng.random(rows) < right), gold, rng.choice(pred_from, rows))
    if right == 0.0:
        wrong = [[c for c in pred_from if c != g] or pred_from for g in gold]
        pred = np.array([rng.choice(c) for c in wrong])
    table = np.zeros((rows, classes))
    for at in range(rows):
        if decimals < 0:
            table[at, pred[at]] = 1.0
        elif decimals == 0:
            table[at] = 0.5 / (classes - 1)
            table[at, pred[at]] = 0.5
        else:
            # Whole steps, so that the rows add up to 1; the predicted class has most.
            steps = 10**decimals
            parts = sorted(rng.multinomial(steps, rng.dirichlet(np.ones(classes))))
            others = [int(p) for p in rng.permutation(parts[:-1])]
            others.insert(pred[at], int(parts[-1]))
            table[at] = np.array(others) / steps
    return gold, pred, table, np.sort(rng.integers(0, articles, rows))


def number(value):
    value = float(value)
    return None if math.isnan(value) else value


def aurc(wrong, confidence):
    """Mean over rows of the error rate among all rows that are at least as sure."""
    return np.mean([wrong[confidence >= c].mean() for c in confidence])


def values(gold, pred, table):
    labels = sorted(set(gold) | set(pred))
    confidence = table[np.arange(len(pred)), pred]
    wrong = (gold != pred).astype(float)
    out = {}
    out["accuracy"] = m.accuracy_score(gold, pred)
    out["balanced_accuracy"] = m.balanced_accuracy_score(gold, pred)
    for average in ("macro", "weighted"):
        p, r, f, _ = m.precision_recall_fscore_support(gold, pred, labels=labels, average=average, zero_division=0)
        out[average] = [p, r, f]
    p, r, f, support = m.precision_recall_fscore_support(gold, pred, labels=labels, zero_division=0)
    out["precision"], out["recall"], out["f1"], out["support"] = list(p), list(r), list(f), [int(s) for s in support]
    out["mcc"] = m.matthews_corrcoef(gold, pred)
    out["kappa"] = number(m.cohen_kappa_score(gold, pred)) if len(labels) > 1 else None
    out["confusion"] = m.confusion_matrix(gold, pred, labels=labels).tolist()
    every = list(range(table.shape[1]))
    out["log_loss"] = m.log_loss(gold, table, labels=every)
    out["brier"] = m.brier_score_loss(gold, table, labels=every, scale_by_half=False)
    yes = [gold == label for label in labels]
    both = [bool(y.any() and (~y).any()) for y in yes]
    out["roc_auc"] = [number(m.roc_auc_score(y, table[:, c])) if ok else None for y, c, ok in zip(yes, labels, both)]
    out["average_precision"] = [
        number(m.average_precision_score(y, table[:, c])) if y.any() else None for y, c in zip(yes, labels)
    ]
    true, mean = calibration_curve(1 - wrong, confidence, n_bins=BINS, strategy="uniform")
    edges = np.linspace(0, 1, BINS + 1)
    counts = np.bincount(np.searchsorted(edges[1:-1], confidence), minlength=BINS)
    out["bins"] = [[int(n), float(a), float(c)] for n, a, c in zip(counts[counts > 0], mean, true)]
    out["ece"] = sum(n * abs(a - c) for n, a, c in out["bins"]) / len(gold)
    out["aurc"] = aurc(wrong, confidence)
    return json.loads(json.dumps(out, default=float))


def case(rng, name, *shape):
    gold, pred, table, article = generate(rng, *shape)
    # A draw of the bootstrap: every row as often as its article was drawn.
    articles = int(article.max()) + 1
    weights = np.bincount(rng.integers(0, articles, articles), minlength=articles)
    weights[article[0]] = max(1, weights[article[0]])
    drawn = np.repeat(np.arange(len(gold)), weights[article])
    kept = sorted(set(gold) | set(pred))
    draw = values(gold[drawn], pred[drawn], table[drawn])
    draw_keys = ("accuracy", "mcc", "kappa", "log_loss", "brier", "ece", "aurc")
    same = sorted(set(gold[drawn]) | set(pred[drawn])) == kept
    return {
        "name": name,
        "gold": gold.tolist(),
        "pred": pred.tolist(),
        "probabilities": table.tolist(),
        "article": article.tolist(),
        "values": values(gold, pred, table),
        "weights": weights.tolist(),
        "weighted": {k: draw[k] for k in draw_keys}
        | ({k: draw[k] for k in ("roc_auc", "average_precision", "f1")} if same else {}),
    }


def annotators(rng, items, raters, classes, agree, missing):
    truth = rng.integers(0, classes, items)
    table = np.where(rng.random((raters, items)) < agree, truth, rng.integers(0, classes, (raters, items)))
    data = table.astype(float)
    data[rng.random((raters, items)) < missing] = np.nan
    counts = [[int((column == c).sum()) for c in range(classes)] for column in data.T]
    whole = not np.isnan(data).any()
    several = len(set(data[~np.isnan(data)])) > 1
    pairable = any(sum(row) > 1 for row in counts)
    return {
        "counts": counts,
        "fleiss": number(fleiss_kappa(np.array(counts))) if whole and several and raters > 1 else None,
        "alpha": number(krippendorff.alpha(data, level_of_measurement="nominal", value_domain=list(range(classes))))
        if several and pairable and len({c for row in counts if sum(row) > 1 for c in range(classes) if row[c]}) > 1
        else None,
    }


def main():
    rng = np.random.default_rng(20)
    pairs = [(0, 0), (1, 0), (0, 7), (3, 3), (12, 5), (40, 61), (300, 250), (2000, 2100), (0, 60), (15000, 14500)]
    out = {
        "cases": [case(rng, *shape) for shape in CASES],
        "mcnemar": [
            {
                "only": [a, b],
                "p": float(mcnemar([[5, a], [b, 5]], exact=True).pvalue),
                "p_scipy": float(binomtest(a, a + b).pvalue) if a + b else 1.0,
            }
            for a, b in pairs
        ],
        "annotators": [
            annotators(rng, *shape)
            for shape in [
                (30, 2, 3, 0.7, 0.0),
                (50, 3, 3, 0.8, 0.0),
                (50, 4, 5, 0.6, 0.2),
                (20, 3, 2, 0.9, 0.4),
                (10, 2, 3, 1.0, 0.0),
                (8, 2, 1, 1.0, 0.0),
                (1, 3, 3, 0.2, 0.0),
            ]
        ],
    }
    print(json.dumps(out))


if __name__ == "__main__":
    main()
