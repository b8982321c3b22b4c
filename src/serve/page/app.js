// The page of `veracity serve`: articles in, prose out, labels corrected by click or key, and
// the corrections as gold. Nothing is stored, nothing is sent but to this server, and all text
// goes in as text.
(() => {
  const { all, make, place, hide, refresh } = reader;
  const get = (id) => document.getElementById(id);
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const LETTERS = { fact: "F", allegation: "A", background: "B" };
  const LOOKS = 8;
  let labels = ["fact", "allegation", "background"];
  let articles = [];
  const sources = new Map();
  let saved = true;

  // Looks of labels: those of the report.
  const order = () => ["fact", "allegation", "background", ...labels.filter((label) => !LETTERS[label])];
  const look = (label) => {
    const at = order().indexOf(label);
    return { name: "k" + Math.max(0, at) % LOOKS, letter: LETTERS[label] || label.slice(0, 2) };
  };

  const say = (text, bad) => {
    get("status").textContent = text;
    get("status").className = bad ? "bad" : "soft";
  };
  const call = async (path, body) => {
    const headers = body ? { "Content-Type": "application/json" } : {};
    if (get("token").value) headers.Authorization = "Bearer " + get("token").value;
    const answer = await fetch(path, body ? { method: "POST", headers, body: JSON.stringify(body) } : { headers });
    if (answer.status === 401) {
      get("key").hidden = false;
      get("token").focus();
    }
    const value = await answer.json();
    if (!answer.ok) {
      const again = answer.headers.get("Retry-After");
      throw new Error(value.error + (value.hint ? "; " + value.hint : "") + (again ? " (in " + again + " s)" : ""));
    }
    return value;
  };
  const about = async () => {
    const model = await call("/v1/model");
    labels = model.labels;
    get("model").textContent = model.name + ", " + model.precision + " \u00b7 ";
    const keys = labels.map((label, at) => at + 1 + " " + label).join(", ");
    get("keys").textContent = "Click a sentence, or reach it with Tab and the arrow keys, to correct it. Keys: " + keys + "; 0 takes it back.";
  };

  // An article as paragraphs, subheads and sentences. Offsets count bytes.
  const blocks = (article) => {
    const bytes = encoder.encode(article.text);
    const of = (from, to) => decoder.decode(bytes.subarray(from, to));
    const lines = !article.split && !/\n\s*\n/.test(article.text.trim());
    const found = [];
    let open = [];
    let end = 0;
    const close = () => {
      if (open.length) found.push({ rows: open });
      open = [];
    };
    const heads = (gap) => {
      for (const line of gap.split("\n").map((text) => text.trim())) {
        if (line && line !== article.title) found.push({ head: line });
      }
    };
    for (const row of article.rows) {
      const gap = of(end, row.start);
      if (/\n\s*\n/.test(gap) || (lines && gap.includes("\n")) || gap.trim()) close();
      heads(gap);
      open.push(row);
      end = Math.max(end, row.end);
    }
    close();
    heads(of(end, bytes.length));
    return found;
  };

  const nameOf = (said) => said.entity?.name || said.source?.text.replace(/\s+/g, " ") || "";
  const keyOf = (said) => said.entity?.id || nameOf(said).toLowerCase().replace(/^(the|an?) /, "");
  const noteOf = (said) => {
    const via = (said.via || []).map((entity) => ", through " + entity.name).join("");
    return (said.cue ? " " + said.cue.text.replace(/\s+/g, " ") : "") + via;
  };
  const shares = (row) =>
    Object.entries(row.probabilities)
      .sort((a, b) => b[1] - a[1])
      .map(([label, p]) => label + " " + Math.round(100 * p) + " %")
      .join(" \u00b7 ");

  const paint = (row) => {
    const label = row.gold || row.label;
    const { name, letter } = look(label);
    row.element.className = "s " + name + (row.gold ? " gold" : "");
    row.element.dataset.l = letter + (row.gold ? "\u00a0\u2713" : "");
    const was = row.gold ? [row.gold === row.label ? "confirmed" : "corrected from " + row.label] : [];
    row.element.dataset.about = [shares(row), ...was, ...row.said].join("\n");
    row.element.setAttribute("aria-label", label + (row.gold ? ", checked" : "") + ": " + row.text);
  };

  const sentence = (row) => {
    const element = make("span");
    row.element = element;
    row.attributions = row.attributions.filter((said) => nameOf(said) || said.cue);
    row.said = row.attributions.map((said) => (nameOf(said) || "nobody named") + noteOf(said));
    row.said = [...new Set(row.said)];
    const keys = row.attributions.map(keyOf).filter(Boolean);
    for (const said of row.attributions.filter(nameOf)) {
      const source = sources.get(keyOf(said)) || { name: nameOf(said), claims: 0, number: sources.size };
      source.claims += 1;
      sources.set(keyOf(said), source);
    }
    element.dataset.w = [...new Set(keys.map((key) => sources.get(key).number))].join(" ");
    // The words that stand for a source or attribute, each in an element of its own.
    const bytes = encoder.encode(row.text);
    const marks = row.attributions
      .flatMap((said) => [said.source && [said.source, "b"], said.cue && [said.cue, "i"]])
      .filter((mark) => mark && mark[0].start >= row.start && mark[0].end <= row.end)
      .sort((a, b) => a[0].start - b[0].start);
    let at = 0;
    for (const [span, tag] of marks) {
      const [from, to] = [span.start - row.start, span.end - row.start];
      if (from < at) continue;
      element.append(decoder.decode(bytes.subarray(at, from)), make(tag, "", decoder.decode(bytes.subarray(from, to))));
      at = to;
    }
    element.append(decoder.decode(bytes.subarray(at)));
    element.setAttribute("role", "button");
    element.tabIndex = -1;
    element.row = row;
    paint(row);
    return element;
  };

  const render = (article) => {
    const box = make("article");
    const head = make("header");
    const title = make("h2");
    title.append(make("bdi", "", article.title || article.id));
    const count = article.rows.length + (article.rows.length === 1 ? " sentence" : " sentences");
    const meta = [article.outlet, article.date, count].filter(Boolean).join(" \u00b7 ");
    const right = make("button", "", "All labels are right");
    right.type = "button";
    right.addEventListener("click", () => {
      article.rows.forEach((row) => (row.gold ||= row.label));
      changed(article.rows);
    });
    const row = make("div", "row");
    row.append(right);
    head.append(title, make("p", "meta", meta), row);
    box.append(head);
    let notes = 0;
    for (const block of blocks(article)) {
      if (block.head) {
        box.append(make("p", "sub", block.head));
        continue;
      }
      const part = make("div", "para");
      const prose = make("p");
      const margin = make("div", "notes");
      for (const one of block.rows) {
        prose.append(sentence(one));
        if (one.said.length) {
          notes += 1;
          prose.append(make("sup", "", String(notes)));
          const seen = new Set();
          for (const said of one.attributions) {
            const [name, rest] = [nameOf(said), noteOf(said)];
            if (seen.has(name + rest)) continue;
            const note = make("p", "note");
            if (!seen.size) note.append(make("sup", "", String(notes)), " ");
            seen.add(name + rest);
            note.append(make(name ? "b" : "i", "", name || "nobody named"), rest);
            margin.append(note);
          }
        }
        prose.append(" ");
      }
      part.append(prose);
      if (margin.firstChild) part.append(margin);
      box.append(part);
    }
    return box;
  };

  const legend = () => {
    const rows = articles.flatMap((article) => article.rows);
    const off = new Set(all(".legend input").filter((box) => !box.checked).map((box) => box.value));
    get("found").querySelector(".legend").replaceChildren(
      ...order().filter((label) => labels.includes(label)).map((label) => {
        const { name, letter } = look(label);
        const box = make("input");
        Object.assign(box, { type: "checkbox", value: name, checked: !off.has(name) });
        const swatch = make("span", "s " + name, label);
        swatch.dataset.l = letter;
        const share = rows.filter((row) => (row.gold || row.label) === label).length / Math.max(1, rows.length);
        const line = make("label");
        line.append(box, " ", swatch, " ", make("span", "soft", Math.round(100 * share) + " %"));
        const item = make("li");
        item.append(line);
        return item;
      }),
    );
  };

  const changed = (rows) => {
    rows.forEach(paint);
    saved = false;
    const gold = articles.flatMap((article) => article.rows).filter((row) => row.gold);
    const corrected = gold.filter((row) => row.gold !== row.label).length;
    get("count").textContent = gold.length ? gold.length + " checked, " + corrected + " of them corrected" : "";
    get("save").disabled = !gold.length;
    legend();
    refresh();
  };

  // Correcting.
  const pick = get("pick");
  let picking = null;
  const set = (row, label) => {
    row.gold = label;
    changed([row]);
  };
  const shut = (back) => {
    if (!picking) return;
    const row = picking;
    picking = null;
    pick.hidden = true;
    if (back) row.element.focus();
  };
  const ask = (row) => {
    shut();
    picking = row;
    const button = (text, key, label) => {
      const element = make("button", label ? look(label).name : "", text);
      element.type = "button";
      element.append(make("kbd", "", key));
      element.addEventListener("click", () => {
        set(row, label);
        shut(true);
      });
      return element;
    };
    pick.replaceChildren(...labels.map((label, at) => button(label, String(at + 1), label)), button("take back", "0", null));
    hide();
    pick.hidden = false;
    place(pick, row.element);
    pick.querySelector("button").focus();
  };
  const rowOf = (event) => event.target instanceof Element && event.target.closest("article .s")?.row;
  document.addEventListener("click", (event) => {
    if (rowOf(event)) ask(rowOf(event));
    else if (!pick.contains(event.target)) shut();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") shut(true);
    const row = rowOf(event) || (pick.contains(event.target) ? picking : null);
    if (!row || event.ctrlKey || event.altKey || event.metaKey) return;
    const label = labels[Number(event.key) - 1];
    if (label || event.key === "0") {
      set(row, label || null);
      shut(true);
    } else if (rowOf(event) && (event.key === "Enter" || event.key === " ")) {
      ask(row);
    } else {
      return;
    }
    event.preventDefault();
  });

  // Asking the server.
  const send = async (given) => {
    if (!given.length) return;
    say("Labelling\u2026");
    get("go").disabled = true;
    try {
      const answer = await call("/v1/label", { articles: given });
      const failed = answer.articles.filter((one) => one.error);
      answer.articles.forEach((one, at) => {
        if (one.error) return;
        const sentences = given[at].sentences;
        const text = given[at].text ?? sentences.join("\n");
        articles.push({ ...one, rows: one.sentences, text, split: Boolean(sentences) });
        get("articles").prepend(render(articles[articles.length - 1]));
      });
      get("found").hidden = false;
      get("who").replaceChildren(make("option", "", "anybody"));
      get("who").firstChild.value = "";
      for (const source of [...sources.values()].sort((a, b) => b.claims - a.claims)) {
        const option = make("option", "", source.name + " (" + source.claims + ")");
        option.value = String(source.number);
        get("who").append(option);
      }
      legend();
      refresh();
      say(failed.length ? failed.length + " could not be labelled: " + failed[0].error : "", failed.length > 0);
      if (failed.length < given.length) get("found").scrollIntoView({ block: "start" });
    } catch (error) {
      say(error.message, true);
    } finally {
      get("go").disabled = false;
    }
  };
  let number = 0;
  const fresh = () => "page-" + Date.now().toString(36) + "-" + (number += 1);
  get("ask").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = get("text").value.replace(/\r\n?/g, "\n");
    if (!text.trim()) {
      say("Paste an article first.", true);
      get("text").focus();
      return;
    }
    const title = get("title").value.trim();
    send([{ id: fresh(), text, ...(title && { title }) }]);
  });
  const files = async (list) => {
    const given = [];
    for (const file of list) {
      const text = await file.text();
      const name = file.name.replace(/\.[^.]*$/, "");
      if (!/\.(jsonl|ndjson|json)$/i.test(file.name)) {
        given.push({ id: name, text });
        continue;
      }
      for (const [at, line] of text.split("\n").entries()) {
        if (!line.trim()) continue;
        try {
          given.push({ id: name + ":" + (at + 1), ...JSON.parse(line) });
        } catch {
          say(file.name + ", line " + (at + 1) + ": no JSON", true);
          return;
        }
      }
    }
    send(given);
  };
  get("open").addEventListener("click", () => get("file").click());
  get("file").addEventListener("change", () => files(get("file").files).then(() => (get("file").value = "")));
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    document.body.classList.add("drop");
  });
  document.addEventListener("dragleave", (event) => event.relatedTarget || document.body.classList.remove("drop"));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("drop");
    files(event.dataTransfer.files);
  });
  get("example").addEventListener("click", () => {
    get("title").value = "Footbridge at Lindholm closed after cracks are found";
    get("text").value = [
      "The council closed the footbridge at Lindholm on Monday after divers found cracks in two of its pillars. A fence went up at noon.",
      "The contractor had known of the cracks for a year, said Mira Osthaus, a former engineer of the firm. \u201cWe were told to paint over them,\u201d she told the council.",
      "The firm, Brandt & Sons, denied the accusation. Its spokesman declined to comment further.",
      "The bridge was built for the garden show of 1998. Some two thousand people cross it on a working day.",
    ].join("\n\n");
    get("ask").requestSubmit();
  });

  // Gold: the rows of every article that has been looked at. What was not checked has no label,
  // and is context to the rest.
  get("save").addEventListener("click", () => {
    const lines = [];
    for (const article of articles.filter((one) => one.rows.some((row) => row.gold))) {
      for (const row of article.rows) {
        const { article: id, outlet, date, sentence: at, start, end, text } = row;
        const title = article.title || undefined;
        lines.push(JSON.stringify({ article: id, title, outlet, date, sentence: at, start, end, text, label: row.gold || null, predicted: row.label }));
      }
    }
    const link = make("a");
    link.href = URL.createObjectURL(new Blob([lines.join("\n") + "\n"], { type: "application/x-ndjson" }));
    link.download = "gold.jsonl";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    saved = true;
  });
  window.addEventListener("beforeunload", (event) => saved || event.preventDefault());
  get("token").addEventListener("change", () => about().then(() => say(""), (error) => say(error.message, true)));
  about().catch((error) => say(error.message, true));
})();
