// Tests of the pages in Chromium: `node run.mjs VERACITY [FOLDER FOR SCREENSHOTS]`.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import axe from "axe-core";
import { chromium } from "playwright-core";

const [program, shots] = process.argv.slice(2);
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "veracity-browser-"));
const veracity = (...args) => execFileSync(program, args, { cwd: root, encoding: "utf8" });

const HOSTILE = 'The <script>window.hit=1</script><img src=x onerror="window.hit=1"> mayor said "no" & \u202eleft. It rained. </article><h1>x';
const TEXT = [
  "The council closed the footbridge at Lindholm on Monday after divers found cracks in two of its pillars.",
  "The contractor had known of the cracks for a year, said Mira Osthaus, a former engineer of the firm.",
  "The bridge was built for the garden show of 1998. Some two thousand people cross it on a working day.",
].join("\n\n");

// The server on a free port.
const serve = async () => {
  const child = spawn(program, ["serve", "--port", "0"], { cwd: root, stdio: ["ignore", "ignore", "pipe"] });
  const lines = createInterface({ input: child.stderr });
  for await (const line of lines) {
    const found = line.match(/listening on (http:\S+)/);
    if (found) return { child, url: found[1] };
    throw new Error(line);
  }
  throw new Error("the server did not start");
};

const sound = async (page, what) => {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => window.axe.run());
  const serious = violations.filter((one) => ["serious", "critical"].includes(one.impact));
  assert.deepEqual(serious.map((one) => `${one.id}: ${one.nodes[0].html.slice(0, 200)}`), [], what);
};

// Without serious findings in light and dark, and never wider than the window.
const soundEverywhere = async (page, what) => {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    for (const width of [1200, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await sound(page, `${what} ${colorScheme} ${width}`);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(over <= 0, `${what}: ${over} px wider than ${width}`);
    }
  }
  await page.setViewportSize({ width: 1200, height: 900 });
};

// Nothing of the article ran, and nothing that comes to stand in the page later will.
const inert = async (page, broken, within) => {
  assert.equal(await page.locator(`${within} :is(script, img, iframe)`).count(), 0);
  await page.evaluate(async () => {
    const script = document.createElement("script");
    script.textContent = "window.hit = 1";
    const image = document.createElement("img");
    image.setAttribute("onerror", "window.hit = 1");
    image.src = "data:,";
    document.body.append(script, image);
    await new Promise((done) => setTimeout(done, 200));
    script.remove();
    image.remove();
  });
  assert.equal(await page.evaluate(() => window.hit), undefined);
  assert.ok(broken.length > 0 && broken.every((text) => text.includes("Content Security Policy")), broken.join("\n"));
  broken.length = 0;
};

const tests = [];
const test = (name, body) => tests.push([name, body]);

test("paste, label, filter", async ({ page }) => {
  await page.fill("#text", TEXT);
  await page.click("#go");
  await page.waitForSelector("article .s");
  assert.equal(await page.locator("article .s").count(), 4);
  assert.equal(await page.locator("article .para").count(), 3);
  await page.selectOption("#who", { index: 1 });
  assert.equal(await page.locator("article .s:not(.dim)").count(), 1);
  await page.selectOption("#who", "");
  const color = () => page.locator("article .k2").first().evaluate((one) => getComputedStyle(one).backgroundColor);
  const before = await color();
  await page.uncheck(".legend input[value=k2]");
  assert.notEqual(await color(), before);
  await page.check(".legend input[value=k2]");
  await page.fill("#words", "no such words");
  assert.equal(await page.locator("article:visible").count(), 0);
  await page.fill("#words", "");
  assert.equal(await page.locator("article:visible").count(), 1);
});

test("probabilities on hover", async ({ page }) => {
  await page.locator("article .s").first().hover();
  assert.match(await page.locator("#card").innerText(), /fact\s+\d+ %/);
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("#card").isVisible(), false);
});

test("correct by click and by keyboard alone, download, evaluate", async ({ page }) => {
  const first = page.locator("article .s").first();
  await first.click();
  await page.locator("#pick button", { hasText: "background" }).click();
  assert.match(await first.getAttribute("class"), /k2 gold/);
  await first.focus();
  for (const key of ["ArrowRight", "2", "ArrowDown", "Enter"]) await page.keyboard.press(key);
  assert.ok(await page.locator("#pick").isVisible());
  await page.keyboard.press("1");
  assert.equal(await page.locator("article .s.gold").count(), 3);
  assert.match(await page.locator("#count").innerText(), /^3 checked/);
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#save")]);
  const gold = path.join(folder, "gold.jsonl");
  await download.saveAs(gold);
  const rows = fs.readFileSync(gold, "utf8").trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(rows.map((row) => row.label), ["background", "allegation", "fact", null]);
  const pred = path.join(folder, "pred.jsonl");
  const row = ({ predicted, title, ...rest }) => JSON.stringify({ ...rest, label: predicted });
  fs.writeFileSync(pred, rows.map(row).join("\n"));
  const scores = JSON.parse(veracity("evaluate", "--gold", gold, "--pred", pred, "--json", "--draws", "0"));
  assert.equal(scores.systems[0].sentences, 3);
  await page.keyboard.press("Escape");
});

test("drop a file", async ({ page }) => {
  const rows = fs.readFileSync(path.join(root, "data/sample/articles.jsonl"), "utf8").split("\n").slice(0, 2).join("\n");
  await page.setInputFiles("#file", { name: "two.jsonl", mimeType: "text/plain", buffer: Buffer.from(rows) });
  await page.locator("article").nth(2).waitFor();
  const data = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(["The bridge is closed. It was built in 1998."], "dropped.txt", { type: "text/plain" }));
    return data;
  });
  await page.dispatchEvent("body", "dragover", { dataTransfer: data });
  assert.ok(await page.evaluate(() => document.body.classList.contains("drop")));
  await page.dispatchEvent("body", "drop", { dataTransfer: data });
  await page.locator("article").nth(3).waitFor();
  assert.match(await page.locator("article").first().innerText(), /^dropped\n/);
});

test("hostile text is inert", async ({ page, url, broken }) => {
  await page.fill("#text", "A day in Lindholm\n\n" + HOSTILE);
  await page.click("#go");
  await page.locator("article").nth(4).waitFor();
  assert.equal(await page.locator("article h1").count(), 0);
  const policy = (await page.request.get(url)).headers()["content-security-policy"];
  assert.match(policy, /^default-src 'none'; script-src 'self';/);
  assert.doesNotMatch(policy, /unsafe|\*/);
  await inert(page, broken, "main");
  assert.match(await page.locator("article").first().innerText(), /<script>/);
});

test("accessible, light and dark, wide and narrow", async ({ page }) => {
  await soundEverywhere(page, "page");
  const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.equal(background, "rgb(20, 23, 26)");
});

test("keyboard alone, from an empty page to gold", async ({ page, url }) => {
  page.once("dialog", (dialog) => dialog.accept());
  await page.goto(url);
  const reach = async (key, selector) => {
    for (let at = 0; at < 40; at += 1) {
      await page.keyboard.press(key);
      if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) return;
    }
    assert.fail(`${selector} is not reached by ${key}`);
  };
  await reach("Tab", "#text");
  await page.keyboard.insertText(TEXT);
  await reach("Tab", "#go");
  await page.keyboard.press("Enter");
  await page.waitForSelector("article .s");
  await reach("Tab", "article .s");
  await page.keyboard.press("3");
  await reach("Shift+Tab", "#save");
  const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
  const first = fs.readFileSync(await download.path(), "utf8").split("\n")[0];
  assert.equal(JSON.parse(first).label, "background");
});

test("the page of the interface is accessible", async ({ page, url }) => {
  await page.goto(url + "/api");
  await soundEverywhere(page, "/api");
});

// The report is a file.
let made = "";
const report = () => {
  if (made) return made;
  const input = path.join(folder, "hostile.jsonl");
  const sample = fs.readFileSync(path.join(root, "data/sample/articles.jsonl"), "utf8").trim();
  fs.writeFileSync(input, `${sample}\n${JSON.stringify({ id: "hostile", title: HOSTILE, source: HOSTILE, sentences: [HOSTILE, "It rained."] })}\n`);
  const html = path.join(folder, "report.html");
  veracity("label", input, "--quiet", "-o", path.join(folder, "rows.jsonl"), "--html", html);
  made = pathToFileURL(html).href;
  return made;
};

test("the report: inert, accessible, filtered", async ({ page, broken }) => {
  await page.goto(report());
  assert.equal(await page.locator("article h1").count(), 0);
  await inert(page, broken, "main");
  const articles = await page.locator("article").count();
  await page.locator("#sources summary").click();
  await soundEverywhere(page, "report");
  await page.locator("article .s").first().focus();
  await page.keyboard.press("ArrowRight");
  assert.ok(await page.locator("#card").isVisible());
  await page.locator("button.link").first().click();
  assert.ok((await page.locator("article:visible").count()) < articles);
  assert.ok((await page.locator("article .s:not(.dim)").count()) > 0);
});

test("the report on paper", async ({ page }) => {
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  assert.equal(await page.locator(".filters").isVisible(), false);
  const looks = await page.locator("article .s").first().evaluate((one) => {
    const { printColorAdjust, textDecorationStyle } = getComputedStyle(one);
    return [printColorAdjust, textDecorationStyle, getComputedStyle(one, "::before").content, getComputedStyle(document.body).backgroundColor];
  });
  assert.deepEqual(looks, ["exact", "solid", '"F\u00a0"', "rgb(255, 255, 255)"]);
  await page.emulateMedia({ media: "screen", colorScheme: "light" });
});

// Pages of `evaluate` and `sources` from the same rows; gold says otherwise of every fifth.
const others = () => {
  const rows = fs.readFileSync(path.join(folder, "rows.jsonl"), "utf8").trim().split("\n").map((line) => JSON.parse(line));
  const other = { fact: "allegation", allegation: "background", background: "fact" };
  const gold = rows.map((row, at) => (at % 5 === 0 || row.article === "hostile" ? { ...row, label: other[row.label] } : row));
  // Whatever the model finds in the hostile sentence, its outlet says it.
  const claims = rows.map((row) => (row.article === "hostile" ? { ...row, label: "fact", attributions: [] } : row));
  const [pred, right, told, known] = ["rows.jsonl", "right.jsonl", "claims.jsonl", "known.csv"].map((name) => path.join(folder, name));
  fs.writeFileSync(right, gold.map((row) => JSON.stringify(row)).join("\n"));
  fs.writeFileSync(told, claims.map((row) => JSON.stringify(row)).join("\n"));
  fs.writeFileSync(known, "article,sentence,outcome\ncrossing-portugal,1,true\ncrossing-portugal,2,false\n");
  const html = (name) => path.join(folder, name);
  const more = ["--by", "outlet", "--suspects", "5", "--draws", "50"];
  veracity("evaluate", "--gold", right, "--pred", pred, "--pred", right, ...more, "--html", html("scores.html"));
  veracity("sources", told, "--quiet", "--html", html("sources.html"));
  veracity("sources", told, "--quiet", "--outcomes", known, "--html", html("outcomes.html"));
  return ["scores.html", "sources.html", "outcomes.html"].map(html);
};

test("the pages of evaluate and sources: inert, accessible", async ({ page, broken }) => {
  const files = others();
  for (const file of files) {
    await page.goto(pathToFileURL(file).href);
    assert.match(await page.locator("main").textContent(), /<img src=x/, file);
    await inert(page, broken, "main");
    for (const details of await page.locator("details:not([open]) summary").all()) await details.click();
    await soundEverywhere(page, path.basename(file));
  }
  await page.goto(pathToFileURL(files[0]).href);
  const box = page.locator(".browser").first();
  const errors = await box.locator(".error").count();
  await box.locator("input").fill("no such words");
  assert.equal(await box.locator(".error:visible").count(), 0);
  await box.locator("input").fill("");
  assert.equal(await box.locator(".error:visible").count(), errors);
});

test("the report without JavaScript", async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 800 } });
  const page = await context.newPage();
  await page.goto(report());
  assert.match(await page.locator("article").first().textContent(), /BRAGANSELO/);
  assert.match(await page.locator("article .s").first().getAttribute("title"), /fact \d+ %/);
  assert.equal(await page.locator(".filters").isVisible(), false);
  await context.close();
});

test("a thousand articles stay fluent", async ({ page }) => {
  const rows = fs.readFileSync(path.join(folder, "rows.jsonl"), "utf8").trim().split("\n").map((line) => JSON.parse(line));
  const many = path.join(folder, "many.jsonl");
  const count = new Set(rows.map((row) => row.article)).size;
  const out = [];
  for (let copy = 0; copy * count < 1000; copy += 1) {
    for (const row of rows) out.push(JSON.stringify({ ...row, article: `${row.article}-${copy}` }));
  }
  fs.writeFileSync(many, out.join("\n"));
  const html = path.join(folder, "many.html");
  veracity("report", many, "-o", html);
  await page.goto(pathToFileURL(html).href);
  assert.ok((await page.locator("article").count()) >= 1000);
  // What is not near the window is not laid out.
  const skipped = await page.evaluate(() => {
    const last = [...document.querySelectorAll("article .s")].at(-1);
    return !last.checkVisibility({ contentVisibilityAuto: true });
  });
  assert.ok(skipped);
  await page.fill("#words", "maize field");
  assert.ok((await page.locator("article:visible").count()) > 50);
});

const { child, url } = await serve();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
let failed = 0;
try {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  const broken = [];
  page.on("pageerror", (error) => broken.push(error.message));
  page.on("console", (message) => message.type() === "error" && broken.push(message.text()));
  page.on("dialog", (dialog) => dialog.type() === "beforeunload" || broken.push("a dialog: " + dialog.message()));
  await page.goto(url);
  for (const [name, body] of tests) {
    try {
      await body({ page, browser, url, broken });
      assert.deepEqual(broken, []);
      console.log(`ok    ${name}`);
    } catch (error) {
      failed += 1;
      broken.length = 0;
      console.log(`FAIL  ${name}\n${error.stack}`);
    }
  }
  if (shots) await pictures(browser, url, shots);
} finally {
  await browser.close();
  child.kill("SIGTERM");
  fs.rmSync(folder, { recursive: true, force: true });
}
console.log(failed ? `${failed} of ${tests.length} failed` : `${tests.length} passed`);
process.exit(failed ? 1 : 0);

async function pictures(browser, url, shots) {
  fs.mkdirSync(shots, { recursive: true });
  for (const [name, colorScheme, width, height] of [["light", "light", 1200, 950], ["dark", "dark", 1200, 950], ["narrow", "light", 390, 950]]) {
    const context = await browser.newContext({ colorScheme, viewport: { width, height }, deviceScaleFactor: 1 });
    const page = await context.newPage();
    page.on("dialog", (dialog) => dialog.accept());
    await page.goto(report());
    await page.screenshot({ path: path.join(shots, `report-top-${name}.png`) });
    await page.locator("article").nth(1).scrollIntoViewIfNeeded();
    await page.locator("article").nth(1).evaluate((one) => one.scrollIntoView());
    await page.locator("article").nth(1).locator(".s").nth(3).hover();
    await page.screenshot({ path: path.join(shots, `report-${name}.png`) });
    await page.goto(url);
    await page.screenshot({ path: path.join(shots, `page-top-${name}.png`) });
    await page.click("#example");
    await page.waitForSelector("article .s");
    await page.locator("article .s").nth(1).focus();
    await page.keyboard.press("Enter");
    await page.screenshot({ path: path.join(shots, `page-${name}.png`) });
    await context.close();
  }
}
