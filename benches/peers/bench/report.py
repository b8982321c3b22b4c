"""The table and the JSON."""

from statistics import median

PRECISIONS = ("f32", "bf16", "int8")


def summarise(results, facts, key="infer"):
    """Sentences a second over the rounds: median, least, most; and useful GFLOP/s."""
    rates = sorted(facts["sentences"] / r[key] for r in results)
    return {"median": median(rates), "min": rates[0], "max": rates[-1],
            "gflops": median(facts["gflop"] / r[key] for r in results)}


def peaks(results):
    """The machine's ceiling for each precision in GOP/s, the most that `veracity bench` found."""
    found = {p: [r["peak"] for r in results.get(f"veracity {p}", []) if r.get("peak")] for p in PRECISIONS}
    return {p: max(values) for p, values in found.items() if values}


def ratios(rows, ceilings):
    """How many times as fast each precision of veracity is as each row, `row["times"][precision]`,
    and the share of the ceiling that a row reaches, `row["share_of_peak"]`."""
    ours = {p: row["infer"]["median"] for row in rows for p in PRECISIONS if row["name"] == f"veracity {p}"}
    for row in rows:
        row["times"] = {p: rate / row["infer"]["median"] for p, rate in ours.items()}
        ceiling = ceilings.get(row["precision"])
        row["share_of_peak"] = row["infer"]["gflops"] / ceiling if ceiling else None


def rate(value):
    return f"{value['median']:.0f} [{value['min']:.0f}, {value['max']:.0f}]" if value else "-"


def percent(value, digits=2):
    return "-" if value is None else f"{100 * value:.{digits}f} %"


def table(rows):
    """Fastest first, as a Markdown table."""
    ours = [p for p in PRECISIONS if any(p in row["times"] for row in rows)]
    head = ["engine", "sentences/s", "GFLOP/s", "of peak", "from text", *(f"veracity {p} is" for p in ours),
            "labels as f32", "largest diff.", "setting"]
    lines = [head]
    for row in sorted(rows, key=lambda r: -r["infer"]["median"]):
        agrees = row.get("agreement") or {}
        difference = agrees.get("largest_difference")
        lines.append([
            row["name"], rate(row["infer"]), f"{row['infer']['gflops']:.0f}", percent(row["share_of_peak"], 0),
            rate(row.get("all")),
            *(f"{row['times'][p]:.2f} x" for p in ours), percent(agrees.get("label_agreement")),
            "-" if difference is None else f"{difference:.1g}", row.get("setting", "-"),
        ])
    return markdown(lines)


def documents_table(rows):
    lines = [["engine", "sentences/s in the engine", "sentences/s from text"]]
    lines += [[row["name"], rate(row["infer"]), rate(row["all"])] for row in rows]
    return markdown(lines)


def markdown(lines):
    widths = [max(len(line[c]) for line in lines) for c in range(len(lines[0]))]
    body = [" | ".join(cell.ljust(w) for cell, w in zip(line, widths)) for line in lines]
    body.insert(1, "-|-".join("-" * w for w in widths))
    return "\n".join(f"| {line} |" if i != 1 else f"|-{line}-|" for i, line in enumerate(body))


def header(host, facts, config):
    load = host["load"][0]
    lines = [
        f"{host['cpu']} (family {host['family']}: {' '.join(host['instructions'])}), {host['cores']} cores, "
        f"{host['threads']} threads an engine, {host['system']}, {host['time']}, veracity at {host['commit']}",
        f"{facts['sentences']} sentences of {facts['input']} ({facts['different']} different; {facts['left_out']} of the "
        f"file left out: empty, or longer than the window), {facts['shortest']} to {facts['longest']} tokens, median "
        f"{facts['median']}, {facts['tokens']} in all; {facts['gflop']:.0f} GFLOP",
        f"model: {config.folder.name}, {config.layers} layers, {config.width} wide, "
        + ("a mixture of the layers" if config.mix else "the last layer") + " for each head",
        f"load average at the start: {load:.2f}" + (
            "  <- not an idle machine: these figures are worth nothing" if load > 0.5 else ""),
    ]
    return "\n".join(lines)
