"use strict";
// What a page of labelled articles does beyond being read: shows a sentence's probabilities on
// hover, focus or tap, moves by arrow keys, and filters. All text goes in as text.
const reader = (() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const make = (tag, name, text) => {
    const element = document.createElement(tag);
    if (name) element.className = name;
    if (text !== undefined) element.textContent = text;
    return element;
  };

  // The card.
  const card = make("div");
  card.id = "card";
  card.setAttribute("role", "tooltip");
  card.hidden = true;
  document.body.append(card);
  let shown = null;
  const hide = () => {
    if (shown) shown.removeAttribute("aria-describedby");
    shown = null;
    card.hidden = true;
  };
  // Puts a box below a sentence, or above where there is no room.
  const place = (box, sentence) => {
    const lines = sentence.getClientRects();
    const line = lines[lines.length - 1] || sentence.getBoundingClientRect();
    const room = document.documentElement.clientWidth - box.offsetWidth - 8;
    const below = line.bottom + 8 + box.offsetHeight < window.innerHeight;
    const top = below ? line.bottom + 8 : (lines[0] || line).top - box.offsetHeight - 8;
    box.style.left = Math.max(8, Math.min(line.left, room)) + window.scrollX + "px";
    box.style.top = top + window.scrollY + "px";
  };
  const show = (sentence) => {
    if (shown === sentence) return;
    hide();
    shown = sentence;
    // A tooltip of the browser's own beside the card would be one too many.
    if (sentence.title) {
      sentence.dataset.about = sentence.title;
      sentence.removeAttribute("title");
    }
    const [shares, ...said] = (sentence.dataset.about || "").split("\n");
    card.textContent = "";
    for (const share of shares.split(" \u00b7 ")) {
      const [, label, percent] = share.match(/^(.*) (\d+) %$/) || [null, share, ""];
      const row = make("p", "p");
      const bar = make("span", "meter");
      const part = make("span");
      part.style.width = (percent || 0) + "%";
      bar.append(part);
      row.append(make("span", "", label), bar, make("span", "", percent && percent + " %"));
      card.append(row);
    }
    said.forEach((text, index) => card.append(make("p", index === 0 ? "said" : "", text)));
    card.hidden = false;
    sentence.setAttribute("aria-describedby", "card");
    place(card, sentence);
  };
  const of = (event) => event.target instanceof Element && event.target.closest("article .s");
  document.addEventListener("pointerover", (event) => (of(event) ? show(of(event)) : event.pointerType === "mouse" && hide()));
  document.addEventListener("click", (event) => (of(event) ? show(of(event)) : hide()));
  document.addEventListener("focusin", (event) => of(event) && show(of(event)));
  document.addEventListener("focusout", hide);

  // Keys: Tab goes from article to article, arrows from sentence to sentence.
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
    const sentence = of(event);
    if (!sentence) return;
    const sentences = all(".s", sentence.closest("article"));
    const at = sentences.indexOf(sentence);
    const to = { Home: 0, End: sentences.length - 1 }[event.key] ?? at + (steps[event.key] ?? NaN);
    if (!sentences[to]) return;
    event.preventDefault();
    sentence.tabIndex = -1;
    sentences[to].tabIndex = 0;
    sentences[to].focus();
  });

  // Filters.
  const who = document.getElementById("who");
  const words = document.getElementById("words");
  const filter = () => {
    const boxes = all(".legend input");
    const kept = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    const source = who ? who.value : "";
    const wanted = words.value.toLowerCase();
    const free = !source && !wanted && kept.size === boxes.length;
    let count = 0;
    for (const article of all("article")) {
      const found = !wanted || article.textContent.toLowerCase().includes(wanted);
      let any = false;
      for (const sentence of all(".s", article)) {
        const by = !source || (sentence.dataset.w || "").split(" ").includes(source);
        sentence.classList.toggle("dim", !by);
        any ||= by && kept.has(sentence.classList[1]);
      }
      article.hidden = !(found && (any || free));
      count += !article.hidden;
    }
    document.getElementById("shown").textContent = free ? "" : count + (count === 1 ? " article" : " articles");
  };
  for (const control of all(".controls")) control.addEventListener("input", filter);
  for (const filters of all(".filters")) filters.hidden = false;
  for (const cell of all("td[data-source]")) {
    const button = make("button", "link");
    button.type = "button";
    button.append(...cell.childNodes);
    cell.append(button);
    button.addEventListener("click", () => {
      who.value = who.value === cell.dataset.source ? "" : cell.dataset.source;
      filter();
      document.querySelector("article:not([hidden])")?.scrollIntoView({ block: "start" });
    });
  }
  // Articles have come or gone.
  const refresh = () => {
    for (const article of all("article")) {
      if (!article.querySelector(".s[tabindex='0']")) article.querySelector(".s")?.setAttribute("tabindex", "0");
    }
    // A browser keeps what was chosen when a page is loaded again.
    filter();
  };
  refresh();
  return { all, make, place, hide, refresh };
})();
