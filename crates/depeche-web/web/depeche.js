// What the pages gain with a script: cards and words that light each other, keys, copying.
// Every page reads, and every form works, without it.
"use strict";

const message = document.getElementById("message");
const say = (text) => { message.textContent = ""; requestAnimationFrame(() => { message.textContent = text; }); };
const words = (item) => document.querySelectorAll(`[data-items~="${CSS.escape(item)}"]`);
const cards = () => [...document.querySelectorAll(".card")].filter((c) => c.offsetParent !== null);
let current = null;

// Lights an item: its card, and all its words.
function light(card, { scroll = false, focus = false } = {}) {
  document.querySelectorAll(".t.lit").forEach((e) => e.classList.remove("lit"));
  document.querySelectorAll(".card.current").forEach((e) => e.classList.remove("current"));
  current = card;
  if (!card) return;
  const details = card.closest("details.dates");
  if (details) details.open = true;
  card.classList.add("current");
  const more = card.querySelector("details.more");
  if (more) more.open = true;
  words(card.id).forEach((e) => e.classList.add("lit"));
  if (scroll) (words(card.id)[0] || card).scrollIntoView({ block: "center" });
  if (focus) { card.focus({ preventScroll: true }); card.scrollIntoView({ block: "nearest" }); }
}

// A piece of text may belong to several items: clicked again, the next one has its turn.
function opened(piece) {
  const items = piece.dataset.items.split(" ").filter((id) => document.getElementById(id));
  if (!items.length) return;
  const at = current ? items.indexOf(current.id) : -1;
  light(document.getElementById(items[(at + 1) % items.length]), { focus: true });
}

document.addEventListener("click", (event) => {
  const lamp = event.target.closest("a.light");
  if (lamp && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    light(document.getElementById(lamp.dataset.item), { scroll: true });
    history.replaceState(null, "", lamp.getAttribute("href"));
    return;
  }
  const piece = event.target.closest("[data-items]");
  if (piece && getSelection().isCollapsed) opened(piece);
});

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    say(document.body.dataset.copied);
  } catch {
    say(document.body.dataset.failed);
  }
}

function step(by) {
  const all = cards();
  if (!all.length) return;
  const at = all.indexOf(current);
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by;
  light(all[Math.max(0, Math.min(all.length - 1, next))], { scroll: true, focus: true });
}

function correct() {
  const fix = current && current.querySelector("details.fix");
  if (!fix) { say(document.body.dataset.none); return; }
  fix.open = true;
  fix.querySelector("input[type=radio]").focus();
}

// How many code points of the article stand before a point of the page: a paragraph says where it
// starts, and shows its text whole and in order.
function offset(node, at) {
  const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  const paragraph = element.closest("p[data-start]");
  if (!paragraph) return null;
  const range = document.createRange();
  range.setStart(paragraph, 0);
  range.setEnd(node, at);
  return Number(paragraph.dataset.start) + [...range.toString()].length;
}

// The address of the words that are selected, else of the card.
function link() {
  const selection = getSelection();
  const article = document.querySelector(".sheet[data-reference]");
  if (article && !selection.isCollapsed) {
    const range = selection.getRangeAt(0);
    const start = offset(range.startContainer, range.startOffset);
    const end = offset(range.endContainer, range.endOffset);
    if (start !== null && end !== null && start < end) {
      const quote = encodeURIComponent(selection.toString().trim()).replaceAll("-", "%2D");
      const part = quote.length < 300 ? `:~:text=${quote}` : "";
      copy(`${location.origin}/article/${article.dataset.reference}:${start}-${end}#passage${part}`);
      return;
    }
  }
  if (current && current.dataset.link) copy(location.origin + current.dataset.link);
  else say(document.body.dataset.none);
}

const help = document.getElementById("keys");
const keys = {
  "/": () => { const q = document.getElementById("q"); if (q) { q.focus(); q.select(); } else location.href = "/"; },
  j: () => step(1),
  k: () => step(-1),
  e: correct,
  c: () => { if (current && current.dataset.copy) copy(current.dataset.copy); else say(document.body.dataset.none); },
  l: link,
  "?": () => (help.open ? help.close() : help.showModal()),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
  if (event.ctrlKey || event.metaKey || event.altKey || typing) return;
  if (help.open && event.key !== "?") return;
  const act = keys[event.key];
  if (act) { event.preventDefault(); act(); }
});

document.getElementById("show-keys").addEventListener("click", () => help.showModal());
document.querySelectorAll(".scripted").forEach((e) => { e.hidden = false; });
document.body.classList.add("scripted-text");

// Whoever corrects often need not write their name each time.
const NAME = "depeche-author";
document.querySelectorAll("input[name=author]").forEach((field) => {
  try {
    field.value = field.value || localStorage.getItem(NAME) || "";
    field.form.addEventListener("submit", () => localStorage.setItem(NAME, field.value));
  } catch { /* a browser that keeps nothing */ }
});

const asked = new URLSearchParams(location.search).get("item") || location.hash.slice(1);
if (/^[a-z]+[0-9]+$/.test(asked)) {
  light(document.getElementById(asked));
} else {
  // Where the address names a passage, the keys begin at the card of its words.
  const ids = [...document.querySelectorAll(".sheet mark [data-items]")].flatMap((t) => t.dataset.items.split(" "));
  const told = ids.map((id) => document.getElementById(id)).find((c) => c && c.matches(".statement, .event"));
  if (told) light(told);
}
// On paper everything is open.
addEventListener("beforeprint", () => document.querySelectorAll("details.more").forEach((d) => { d.open = true; }));
