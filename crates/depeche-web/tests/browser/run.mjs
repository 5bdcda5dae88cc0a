// Drives a browser through the pages: every screen, light and dark, wide and narrow, with and
// without a script, by keyboard alone, with a hostile article, and a correction.
//
// node run.mjs BASE CHROMIUM MODULES REPORT [SCREENS]
import { createRequire } from "node:module";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import assert from "node:assert/strict";

const [base, executablePath, modules, report, screens] = process.argv.slice(2);
const require = createRequire(join(modules, "x.js"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run"],
});

let done = 0;
async function test(name, work) {
  try {
    await work();
    done += 1;
    console.log(`ok ${name}`);
  } catch (error) {
    console.log(`FAILED ${name}\n${error.stack}`);
    process.exitCode = 1;
  }
}

// What a browser complains about is an error: scripts, security policy, missing files.
function watched(page, complaints) {
  page.on("console", (m) => { if (m.type() === "error" && !/status of 4\d\d/.test(m.text())) complaints.push(m.text()); });
  page.on("pageerror", (e) => complaints.push(String(e)));
  page.on("request", (r) => { if (!r.url().startsWith(base) && !r.url().startsWith("data:")) complaints.push(`asked ${r.url()}`); });
  return page;
}

async function open(options = {}) {
  const context = await browser.newContext({ locale: "fr-FR", viewport: { width: 1280, height: 900 }, ...options });
  const complaints = [];
  const page = watched(await context.newPage(), complaints);
  return { context, page, complaints };
}

async function violations(page) {
  await page.evaluate(axe);
  const result = await page.evaluate(() => axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  return result.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => `${n.html.slice(0, 160)} ${(n.any[0] || {}).message || ""}`).join(" | ")}`);
}

const json = async (path) => (await fetch(base + path)).json();
const found = await json("/search.json?who=Abiy%20Ahmed");
const article = found.statements[0].reference;
const screensOf = {
  search: "/search?q=accord",
  events: "/search?q=accord&in=events",
  articles: "/search?q=accord&in=articles",
  positions: "/search?in=positions",
  relevance: "/search?q=accord&sort=relevance",
  nothing: "/search?q=xyzzyx",
  article: `/article/${article}#passage`,
  actor: "/actor/Abiy%20Ahmed",
  country: "/actor/RUS",
  chronology: "/chronology",
  check: "/check?q=" + encodeURIComponent("Nous sommes épuisés, mais nous avons un accord"),
  compare: "/compare?a=RUS&b=UKR",
  matrix: "/matrix",
  network: "/network",
  map: "/map",
  read: "/read",
  corrections: "/corrections",
  missing: "/article/ffffffffffff",
};

for (const [name, path] of Object.entries(screensOf)) {
  await test(`screen ${name}`, async () => {
    for (const options of [{}, { colorScheme: "dark" }, { viewport: { width: 360, height: 740 } }]) {
      const { context, page, complaints } = await open(options);
      await page.goto(base + path);
      assert.deepEqual(await violations(page), [], `${name} ${JSON.stringify(options)}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${name} is ${wide} px too wide at ${JSON.stringify(options)}`);
      assert.deepEqual(complaints, [], name);
      await context.close();
    }
  });
}

await test("every screen reads without a script", async () => {
  const { context, page } = await open({ javaScriptEnabled: false });
  for (const [name, path] of Object.entries(screensOf)) {
    await page.goto(base + path);
    assert.ok((await page.locator("h1").innerText()).length >= 3, name);
  }
  await page.goto(base + `/article/${article.split(":")[0]}?item=s2`);
  assert.ok(await page.locator("mark").count() > 0, "an item is lit by the server");
  await context.close();
});

await test("twins say what the page says", async () => {
  for (const path of ["/chronology", "/matrix", "/network", "/map", "/corrections", "/compare", "/check", "/actor/RUS"]) {
    const twin = await fetch(`${base}${path}.json`);
    assert.equal(twin.status, 200, path);
    assert.match(twin.headers.get("content-type"), /^application\/json/);
    await twin.json();
    const csv = await fetch(`${base}${path}.csv`);
    assert.match(csv.headers.get("content-type"), /^text\/csv/);
    assert.equal(csv.status, 200, path);
  }
});

await test("a search can be followed as a feed", async () => {
  for (const kind of ["statements", "events", "positions"]) {
    const view = await json(`/search.json?in=${kind}&since=2016&page=1&lang=en`);
    const feed = await fetch(base + view.feed);
    assert.equal(feed.status, 200, view.feed);
    assert.match(feed.headers.get("content-type"), /atom/);
  }
});

await test("languages", async () => {
  const { context, page } = await open({ locale: "en-GB" });
  await page.goto(base + "/");
  assert.equal(await page.getAttribute("html", "lang"), "en");
  await page.getByRole("link", { name: "Français" }).click();
  assert.equal(await page.getAttribute("html", "lang"), "fr");
  // The choice stays.
  await page.goto(base + "/map");
  assert.equal(await page.getAttribute("html", "lang"), "fr");
  await context.close();
});

await test("cards light words, words open cards", async () => {
  const { context, page } = await open();
  await page.goto(base + `/article/${article.split(":")[0]}`);
  const card = page.locator(".card.statement").first();
  const id = await card.getAttribute("id");
  await card.locator("a.light").click();
  assert.ok(await page.locator(`.t.lit[data-items~="${id}"]`).count() > 0);
  assert.match(page.url(), new RegExp(`item=${id}`));
  const event = page.locator(".sheet .t.event").first();
  const items = (await event.getAttribute("data-items")).split(" ");
  await event.click();
  assert.ok(items.includes(await page.locator(".card.current").getAttribute("id")));
  await context.close();
});

await test("the passage that the address names is lit", async () => {
  const { context, page } = await open();
  await page.goto(base + `/article/${article}`);
  const lit = (await page.locator(".sheet mark").allInnerTexts()).join("");
  assert.equal(lit.replace(/\s/g, ""), found.statements[0].content.map((r) => r.text).join("").replace(/\s/g, ""));
  await context.close();
});

await test("keyboard only", async () => {
  const { context, page } = await open({ permissions: ["clipboard-read", "clipboard-write"] });
  await page.goto(base + "/chronology");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  await page.keyboard.press("Enter");
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement.id), "q");
  await page.goto(base + "/");
  await page.keyboard.press("/");
  await page.keyboard.type("accord");
  await page.keyboard.press("Enter");
  await page.waitForURL(/q=accord/);
  const first = page.locator(".hit .words").first();
  await first.focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/article\//);
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  assert.equal(await page.locator(".card.current").count(), 1);
  assert.ok(await page.evaluate(() => document.activeElement.classList.contains("current")));
  // Dates have cards too, and nothing that could be corrected: back to the statement.
  const fixable = () => page.locator(".card.current details.fix").count();
  for (let cards = await page.locator(".card").count(); cards > 0 && !(await fixable()); cards -= 1) {
    await page.keyboard.press("k");
  }
  await page.keyboard.press("c");
  await page.waitForFunction(() => document.getElementById("message").textContent !== "");
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /http:\/\/127\.0\.0\.1:\d+\/article\/[0-9a-f]+:\d+-\d+/);
  await page.keyboard.press("e");
  assert.ok(await page.locator(".card.current details.fix").evaluate((d) => d.open));
  assert.equal(await page.evaluate(() => document.activeElement.type), "radio");
  await page.goto(base + "/");
  await page.locator("h1").click();
  await page.keyboard.press("?");
  assert.ok(await page.locator("dialog").evaluate((d) => d.open));
  await page.keyboard.press("Escape");
  await context.close();
});

await test("a selected passage has a link", async () => {
  const { context, page } = await open({ permissions: ["clipboard-read", "clipboard-write"] });
  const id = article.split(":")[0];
  await page.goto(base + `/article/${id}`);
  await page.evaluate(() => {
    const paragraphs = [...document.querySelectorAll(".sheet .text p")];
    const pieces = paragraphs.map((p) => p.querySelectorAll(".t")).find((t) => t.length > 2);
    const range = document.createRange();
    range.setStart(pieces[0].firstChild, 0);
    range.setEnd(pieces[1].firstChild, 3);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  });
  const selected = await page.evaluate(() => getSelection().toString());
  await page.keyboard.press("l");
  await page.waitForFunction(() => document.getElementById("message").textContent !== "");
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await page.goto(link);
  assert.equal((await page.locator(".sheet mark").allInnerTexts()).join(""), selected);
  await context.close();
});

if (screens) {
  await test("screenshots", async () => {
    mkdirSync(screens, { recursive: true });
    const shown = ["search", "article", "actor", "chronology", "check", "compare", "matrix", "network", "map"];
    for (const name of shown) {
      const { context, page } = await open({ viewport: { width: 1100, height: 720 } });
      await page.goto(base + (name === "article" ? `/article/${article.split(":")[0]}?item=s2` : screensOf[name]));
      await page.screenshot({ path: join(screens, `${name}.png`) });
      await context.close();
    }
    const dark = await open({ viewport: { width: 360, height: 740 }, colorScheme: "dark" });
    await dark.page.goto(base + `/article/${article.split(":")[0]}?item=s2`);
    await dark.page.screenshot({ path: join(screens, "article-dark-360.png") });
    const paste = await open({ viewport: { width: 1100, height: 720 } });
    await paste.page.goto(base + "/read");
    await paste.page.fill("#text", "Le port restera ouvert, a assuré mardi la ministre des Transports, Anne Martin.\n\n« Nous ne fermerons pas ce quai », a-t-elle promis.");
    await paste.page.fill("#published", "2025-02-18");
    await paste.page.locator("form.paste button").click();
    await paste.page.waitForLoadState();
    await paste.page.screenshot({ path: join(screens, "read.png") });
  });
}

// Article text is hostile input.
const hostile = [
  "<script>window.hacked = 1</script> <img src=x onerror=\"window.hacked = 2\">",
  "",
  "Le ministre <b onclick=alert(1)>Jean Dupont</b> a déclaré mardi : « L'accord \"tient\" & </p></textarea></script><script>window.hacked = 3</script> tiendra. »",
  "",
  "\u202eCe texte est à l’envers\u202c, a affirmé \u2066Anne Martin, ministre des Transports.",
].join("\n");

await test("a hostile article stays text", async () => {
  const { context, page, complaints } = await open();
  let dialogs = 0;
  page.on("dialog", (d) => { dialogs += 1; d.dismiss(); });
  await page.goto(base + "/read");
  await page.fill("#text", hostile);
  await page.fill("#published", "2025-02-18");
  await page.fill("#outlet", "<i>La Gazette</i> \u202e\"'&");
  await page.fill("#title", "</title><script>window.hacked = 4</script>");
  await page.locator("form.paste button").click();
  await page.waitForLoadState();
  const before = (await json("/search.json")).holds.articles;
  const text = await page.locator(".sheet").evaluate((s) => [...s.querySelectorAll(".text p")].map((p) => p.textContent).join("\n"));
  for (const line of hostile.split("\n").filter(Boolean)) assert.ok(text.includes(line), line);
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  assert.deepEqual(await violations(page), []);
  // Offered for adding, and only then kept.
  await page.locator("form[action='/add'] button").click();
  await page.waitForURL(/\/article\//);
  assert.equal((await json("/search.json")).holds.articles, before + 1);
  const kept = await json(new URL(page.url()).pathname + ".json");
  assert.equal(kept.record.article.text, hostile);
  for (const path of ["/search?q=accord", "/actor/Anne%20Martin", "/network", "/chronology", new URL(page.url()).pathname]) {
    await page.goto(base + path);
    assert.equal(await page.evaluate(() => window.hacked), undefined, path);
  }
  assert.equal(dialogs, 0);
  assert.deepEqual(complaints, []);
  await context.close();
});

await test("a correction is made, told and undone", async () => {
  const { context, page, complaints } = await open({ permissions: ["clipboard-read", "clipboard-write"] });
  await page.goto(base + `/article/${article.split(":")[0]}`);
  const card = page.locator(".card.statement").filter({ has: page.locator(".what a.who") }).first();
  const id = await card.getAttribute("id");
  await card.locator("a.light").click();
  await page.keyboard.press("e");
  await card.locator("input[name=speaker]").fill("Awa Traoré");
  await card.locator("input[name=reason]").fill("le pronom « il » <b>désigne</b> une autre personne");
  await card.locator("input[name=author]").fill("Claire");
  await card.locator("details.fix button").click();
  await page.waitForURL(/done=corrected/);
  assert.match(await page.locator(`#${id} .what`).innerText(), /Awa Traoré/);
  await page.goto(base + "/corrections");
  assert.match(await page.locator(".decisions").innerText(), /Awa Traoré/);
  assert.match(await page.locator(".decisions").innerText(), /<b>désigne<\/b>/);
  assert.deepEqual(await violations(page), []);
  if (screens) await page.screenshot({ path: join(screens, "corrections.png") });
  // A second one, by somebody without a script, which is undone.
  const plain = await open({ javaScriptEnabled: false });
  await plain.page.goto(base + `/article/${article.split(":")[0]}`);
  const event = plain.page.locator(".card.event").first();
  await event.locator("details.more > summary").click();
  await event.locator("details.fix > summary").click();
  await event.locator("input[value=factuality]").check();
  await event.locator("select[name=factuality]").selectOption("CT-");
  await event.locator("input[name=reason]").fill("démenti");
  await event.locator("details.fix button").click();
  await plain.page.goto(base + "/corrections");
  const last = plain.page.locator(".decisions > li").first();
  await last.locator("summary").click();
  await last.locator("input[name=reason]").fill("lu trop vite");
  await last.locator("button").click();
  assert.equal(await plain.page.locator(".undone").count(), 1);
  assert.equal((await json("/corrections.json")).in_force, 1);
  assert.deepEqual(complaints, []);
  writeFileSync(report, JSON.stringify({ article: article.split(":")[0], item: id }));
  await plain.context.close();
  await context.close();
});

await test("a stranger's page can send nothing", async () => {
  const sent = await fetch(`${base}/correct`, {
    method: "POST",
    headers: { Origin: "http://example.org", "Content-Type": "application/x-www-form-urlencoded" },
    body: "reference=abcd:1-2&what=not-a-statement&reason=x",
  });
  assert.equal(sent.status, 403);
});

await browser.close();
console.log(`${done} tests in the browser`);
