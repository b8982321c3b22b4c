"""From the input to what the engines read: texts, token ids, and articles for veracity."""

import gzip
import json


def fail(text, hint):
    raise SystemExit(f"error: {text}\n  hint: {hint}")


def read(path):
    """Rows `(article, title, text)`, empty texts left out."""
    rows = []
    try:
        with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
            for n, line in enumerate(lines, 1):
                if line.strip():
                    rows.append(row(path, n, line))
    except (OSError, UnicodeDecodeError, EOFError) as error:
        fail(f"{path}: {error}", "give a file of JSON lines in UTF-8, each with \"text\": --input FILE")
    rows = [r for r in rows if r[2].strip()]
    if not rows:
        fail(f"{path} has no sentences", "each line is an object with \"text\"")
    return rows


def row(path, n, line):
    try:
        value = json.loads(line)
    except ValueError as error:
        fail(f"{path}:{n}: {error}", "one JSON object a line")
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        fail(f"{path}:{n}: no string \"text\"", "one sentence a line, as {\"text\": \"...\"}")
    article = value.get("article", value.get("doc_id"))
    return article, value.get("title") or "", value["text"]


def prepare(options, config, work):
    """Writes texts.json, ids.json, lone.jsonl and documents.jsonl; returns a summary."""
    from tokenizers import Tokenizer

    rows = read(options.input)
    tokenizer = Tokenizer.from_file(str(options.model / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    encoded = [e.ids for e in tokenizer.encode_batch([text for _, _, text in rows])]
    # A sentence that exceeds the model's window would be cut by some and not by others.
    fits = [i for i, ids in enumerate(encoded) if 2 < len(ids) <= config.window]
    if not fits:
        fail(f"{options.input}: no sentence fits the model's window of {config.window} tokens", "give sentences, not articles")
    chosen = [fits[i % len(fits)] for i in range(options.sentences)]
    ids = [encoded[i] for i in chosen]
    dump(work / "texts.json", [rows[i][2] for i in chosen])
    dump(work / "ids.json", {"pad": config.pad, "ids": ids, "sample": sample(ids)})
    lines(work / "lone.jsonl", ({"id": str(n), "sentences": [rows[i][2]]} for n, i in enumerate(chosen)))
    documents = articles([rows[i] for i in chosen])
    lines(work / "documents.jsonl", documents)
    lengths = sorted(len(i) for i in ids)
    return {
        "input": options.input.name, "sentences": len(ids), "different": len(set(chosen)),
        "left_out": len(rows) - len(fits), "documents": len(documents), "tokens": sum(lengths),
        "shortest": lengths[0], "median": lengths[len(lengths) // 2], "longest": lengths[-1],
        "gflop": sum(flop(config, n) for n in lengths) / 1e9,
    }


def sample(ids, size=384):
    """Rows to choose settings on: every so many of them by length."""
    order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
    return order[::max(1, len(ids) // size)]


def articles(rows):
    """Consecutive sentences of one article, as veracity reads articles."""
    documents, last = [], None
    for article, title, text in rows:
        if not documents or article is None or article != last:
            documents.append({"id": str(len(documents)), "title": title, "sentences": []})
        documents[-1]["sentences"].append(text)
        last = article
    return documents


def flop(config, n):
    """Useful floating-point operations for n tokens: two a multiply-add, products only."""
    h, f = config.width, config.inner
    return config.layers * (2 * n * (4 * h * h + 2 * h * f) + 4 * n * n * h) + 2 * n * h * config.tags


def dump(path, value):
    path.write_text(json.dumps(value))


def lines(path, values):
    path.write_text("".join(json.dumps(v) + "\n" for v in values))
