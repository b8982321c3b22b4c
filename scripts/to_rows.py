#!/usr/bin/env python3
"""Turn what `veracity label` wrote into training rows that have no labels (docs/training.md).

    to_rows.py LABELLED.jsonl ARTICLES.jsonl ROWS.jsonl

For articles that nobody labelled: the rows give `veracity train` the sentences, as `veracity label`
split them, with the articles' titles; LABELLED itself, as --teacher, gives the probabilities.
"""
import argparse
import json
import sys

sys.dont_write_bytecode = True

from to_articles import rows  # noqa: E402


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("labelled")
    p.add_argument("articles")
    p.add_argument("rows")
    a = p.parse_args()
    titles = {article["id"]: article.get("title") for article in rows(a.articles)}
    with open(a.rows, "w", encoding="utf-8") as f:
        for row in rows(a.labelled):
            if row["article"] not in titles:
                p.error(f"{a.labelled}: article {row['article']} is not in {a.articles}")
            row = {"doc_id": row["article"], "text": row["text"], "title": titles[row["article"]]}
            f.write(json.dumps({k: v for k, v in row.items() if v}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
