#!/usr/bin/env python3
"""Turn training rows (docs/training.md) into articles for `veracity label`.

    to_articles.py ROWS.jsonl[.gz] ARTICLES.jsonl [--lone] [--gold GOLD.jsonl]

The sentences stay as they are. --lone makes every sentence an article of its own,
without title or neighbours; --gold writes gold rows for `veracity evaluate`, which
document rows (with character offsets) and --lone need.
"""
import argparse
import gzip
import json

ROLES = ("source", "cue", "content")


def rows(path):
    with open(path, "rb") as f:
        zipped = f.read(2) == b"\x1f\x8b"
    with (gzip.open if zipped else open)(path, "rt", encoding="utf-8") as f:
        for line in f:
            if line.strip():
                yield json.loads(line)


def documents(path):
    """Rows of each document, in order."""
    grouped = {}
    for row in rows(path):
        grouped.setdefault(row["doc_id"], []).append(row)
    return grouped


def byte_spans(text, doc):
    """Byte offsets of the sentences, and of each attribution, one entry a content piece."""
    at = [0]
    for c in text:
        at.append(at[-1] + len(c.encode()))
    span = lambda s: {"text": text[s[0]:s[1]], "start": at[s[0]], "end": at[s[1]]}
    entries = []
    for a in doc["attributions"]:
        pieces = [a.get(role) or [None] for role in ROLES]
        for source in pieces[0]:
            for cue in pieces[1]:
                for content in pieces[2]:
                    entries.append({r: p and span(p) for r, p in zip(ROLES, (source, cue, content))})
    return [span(s) for s in doc["sentences"]], entries


def from_document(doc):
    sentences, entries = byte_spans(doc["text"], doc)
    article = {"id": doc["doc_id"], "text": doc["text"], "sentences": [s["text"] for s in sentences]}
    gold = []
    for i, s in enumerate(sentences):
        first = lambda e: min(p["start"] for p in e.values() if p)
        own = [e for e in entries if s["start"] <= first(e) < s["end"]]
        gold.append({"article": doc["doc_id"], "sentence": i, **s, "label": None, "attributions": own})
    return article, gold


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("rows")
    p.add_argument("articles")
    p.add_argument("--lone", action="store_true")
    p.add_argument("--gold")
    a = p.parse_args()
    articles, gold = [], []
    for doc_id, group in documents(a.rows).items():
        if "attributions" in group[0] and "sentences" in group[0]:
            article, own = from_document(group[0])
            articles.append(article)
            gold += own
        elif a.lone:
            for i, row in enumerate(group):
                articles.append({"id": f"{doc_id}#{i}", "sentences": [row["text"]]})
                gold.append({**row, "article": f"{doc_id}#{i}", "group": doc_id})
        else:
            article = {"id": doc_id, "title": group[0].get("title"), "sentences": [r["text"] for r in group]}
            articles.append({k: v for k, v in article.items() if v})
            gold += group
    for path, lines in ((a.articles, articles), (a.gold, gold)):
        if path:
            with open(path, "w", encoding="utf-8") as f:
                f.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


if __name__ == "__main__":
    main()
