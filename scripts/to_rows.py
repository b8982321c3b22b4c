#!/usr/bin/env python3
"""Turn what `veracity label` wrote into training rows that have no labels (docs/training.md).

    to_rows.py LABELLED.jsonl ARTICLES.jsonl ROWS.jsonl

For articles that nobody labelled: the rows give `veracity train` the sentences, as `veracity label`
split them, with the articles' titles; LABELLED itself, as --teacher, gives the probabilities.
"""
import argparse
import json


def lines(path):
    with open(path, encoding="utf-8") as f:
        for line in f:
            if line.strip():
                yield json.loads(line)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("labelled")
    p.add_argument("articles")
    p.add_argument("rows")
    a = p.parse_args()
    titles = {article["id"]: article.get("title") for article in lines(a.articles)}
    with open(a.rows, "w", encoding="utf-8") as f:
        for row in lines(a.labelled):
            if row["article"] not in titles:
                p.error(f"{a.labelled}: article {row['article']} is not in {a.articles}")
            row = {"doc_id": row["article"], "text": row["text"], "title": titles[row["article"]]}
            f.write(json.dumps({k: v for k, v in row.items() if v}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
