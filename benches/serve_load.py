#!/usr/bin/env python3
"""Load on `veracity serve`: many clients at once, for a while.

    benches/serve_load.py target/release/veracity [--clients 200] [--seconds 60] [--input FILE]

Starts the server, lets each client send one article after the other over its own connection, and
says how many sentences a second were labelled, how long a request took (median, 99th percentile),
and what was answered but 200. Fails when anything but 200 and 429 came, or when the labels of an
article differ from those of `veracity label`. Nothing else should run on the machine.
"""

import argparse
import asyncio
import collections
import json
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--input", type=Path, default=ROOT / "data/sample/articles.jsonl")
    return parser.parse_args()


def expected(program, path):
    """Rows of each article as the command writes them."""
    output = subprocess.run([program, "label", "--quiet", str(path)], capture_output=True, check=True, text=True).stdout
    rows = collections.defaultdict(list)
    for line in output.splitlines():
        row = json.loads(line)
        rows[row["article"]].append(row)
    return rows


async def request(reader, writer, body):
    head = f"POST /v1/label HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    await writer.drain()
    answer = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = int(re.search(r"content-length: (\d+)", answer).group(1))
    retry = re.search(r"retry-after: (\d+)", answer)
    return int(answer.split()[1]), await reader.readexactly(length), int(retry.group(1)) if retry else 0


async def client(number, port, articles, until, found):
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 24)
    at = number
    while time.monotonic() < until:
        name, body, rows = articles[at % len(articles)]
        at += 1
        start = time.monotonic()
        status, answer, retry = await request(reader, writer, body)
        found["statuses"][status] += 1
        if status == 429:
            await asyncio.sleep(retry)
            continue
        found["times"].append(time.monotonic() - start)
        if status == 200:
            found["sentences"] += len(rows)
            if json.loads(answer)["sentences"] != rows:
                found["different"].add(name)
    writer.close()


async def load(port, articles, options):
    found = {"statuses": collections.Counter(), "times": [], "sentences": 0, "different": set()}
    start = time.monotonic()
    until = start + options.seconds
    clients = [client(number, port, articles, until, found) for number in range(options.clients)]
    await asyncio.gather(*clients)
    found["seconds"] = time.monotonic() - start
    return found


def main():
    options = arguments()
    rows = expected(options.program, options.input)
    articles = []
    for line in options.input.read_text().splitlines():
        name = json.loads(line)["id"]
        articles.append((name, line.encode(), rows[name]))
    command = [options.program, "serve", "--port", "0", "--quiet"]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        port = int(re.search(r":(\d+)\s*$", server.stderr.readline()).group(1))
        found = asyncio.run(load(port, articles, options))
    finally:
        server.terminate()
        ended = server.wait()
    times = sorted(found["times"])
    share = lambda part: 1e3 * times[min(len(times) - 1, int(part * len(times)))]
    print(f"{options.clients} clients, {found['seconds']:.1f} s: {found['sentences'] / found['seconds']:.0f} sentences a second")
    print(f"requests {len(times)}, median {share(0.5):.0f} ms, p99 {share(0.99):.0f} ms")
    print("statuses " + ", ".join(f"{status}: {count}" for status, count in sorted(found["statuses"].items())))
    print(f"labels differ in {len(found['different'])} articles; the server ended with {ended}")
    bad = set(found["statuses"]) - {200, 429}
    return 1 if bad or found["different"] or ended else 0


if __name__ == "__main__":
    sys.exit(main())
