// The review: its keys, and steps on items, each shown at once, with an undo.

import { $, ask, explain, notify, send, word } from "./workbench.js";
import { current, entries, go, load, loading, mark, move, pane, readAhead, show, wanted } from "./queue.js";
import { bringDrafts, keepDraft, leave } from "./drafts.js";

const review = $("#review");
const done = []; // steps that can be undone: each an async function that answers false when it is to be tried again
const typing = (event) => event.target.closest("input, textarea, select, dialog, [contenteditable]");

// Offered at once: whoever is quick takes back what they see last, not what the server has answered last.
function offerUndo(text, undo) {
  done.push(undo);
  $("#undo span").textContent = text;
  $("#undo").hidden = false;
}

function withdrawUndo(undo) {
  const at = done.indexOf(undo);
  if (at >= 0) done.splice(at, 1);
  $("#undo").hidden = !done.length;
}

async function undo() {
  const last = done.pop();
  $("#undo").hidden = !done.length;
  if (last && (await last()) === false) offerUndo($("#undo span").textContent, last);
}

// Steps on one item go to the server one after another, each with the version that the one before it left. Answers with
// what the server said of the item, or with null, once the page has said why.
const lines = new Map(), known = new Map();
function step(item, path, fields) {
  const next = async () => {
    const answer = await send(path, { ...fields, version: known.get(item) ?? "" });
    if (!answer?.ok) {
      await explain(answer);
      return null;
    }
    const told = await toldBy(answer);
    known.set(item, told.version);
    const reading = pane();
    if (reading?.dataset.item === item) took(reading, told);
    return told;
  };
  const made = (lines.get(item) || Promise.resolve()).then(next, next);
  lines.set(item, made);
  return made;
}

async function toldBy(answer) {
  if (answer.headers.get("Content-Type").startsWith("application/json")) return answer.json();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html"), { dataset } = $(".reading", page);
  return { status: dataset.status, version: dataset.version, unsupported: "unsupported" in dataset, reason: dataset.reason };
}

function took(reading, told) {
  const { item, version } = reading.dataset;
  for (const input of reading.querySelectorAll("input[name=version]")) if (input.value === version) input.value = told.version;
  reading.dataset.version = told.version;
  reading.dataset.status = told.status;
  reading.dataset.reason = told.reason || "";
  reading.toggleAttribute("data-unsupported", Boolean(told.unsupported));
  known.set(item, told.version);
}

// Take one field's text, or leave it out: the page shows it at once.
async function decideField(form, to) {
  const section = form.closest(".text"), name = $("h3", section).lastChild.textContent.trim();
  const before = section.dataset.decision, { item, url } = pane().dataset, field = form.elements.field.value;
  const set = (decision) => {
    showDecision(section, decision);
    return step(item, `${url}/field`, { field, decision });
  };
  const sent = set(to);
  const undo = async () => {
    if (!(await sent) || (await set(before))) return true;
    showDecision(section, to);
    return false;
  };
  offerUndo(`${name}: ${word(to === "approved" ? to : to ? "kept" : "none")}`, undo);
  if (await sent) return;
  withdrawUndo(undo);
  showDecision(section, before);
}

function showDecision(section, decision) {
  section.dataset.decision = decision;
  for (const button of section.querySelectorAll("[data-to]")) {
    const on = button.dataset.to === "approved" ? decision === "approved" : decision === "kept" || decision === "rejected";
    button.setAttribute("aria-pressed", String(on));
    button.value = on ? "" : button.dataset.to;
  }
}

function chosen(place) {
  const section = document.activeElement.closest?.(".text[data-field]") || $("#item .text[data-field]");
  const button = section?.querySelectorAll("[data-to]")[place];
  if (button) decideField(button.form, button.value);
}

// Decide on one item: the page shows it at once, and takes it back when the server refuses.
const underWay = new Map(); // the decision that is on its way, by item
async function decide(status, more = {}) {
  const reading = pane(), row = current(), item = reading?.dataset.item;
  if (!reading || reading.dataset.url !== wanted) return notShown(row);
  const entry = row?.dataset.item === item ? row : null; // a text in a further language has no row of its own
  if (underWay.get(item) === status) return; // the key was pressed twice
  underWay.set(item, status);
  try {
    await lines.get(item);
    await decideOn(reading, entry, status, more);
  } finally {
    if (underWay.get(item) === status) underWay.delete(item);
  }
}

// What undoing a later decision goes back to.
const decisionOn = ({ dataset: { status, reason } }) => ({ status, reason: status === "rejected" ? reason : "" });

function notShown(entry) {
  if (loading || !entry) return; // it is on its way
  notify(word("unshown"));
  show(entry);
}

async function decideOn(reading, entry, status, more) {
  const { item, url } = reading.dataset, before = decisionOn(reading);
  if (before.status === status && status === "approved") return void (entry && go(entry, 1));
  if (status === "approved" && "unsupported" in reading.dataset && before.status !== "approved") {
    if (!(await confirmUnsupported())) return;
    more = { ...more, override: "1" };
  }
  mark(entry, { status });
  Object.assign(reading.dataset, { status, reason: more.reason || "" });
  const next = entry && go(entry, 1);
  const sent = step(item, `${url}/decision`, { status, ...more });
  const undo = async () => {
    if (!(await sent)) return true;
    const told = await step(item, `${url}/decision`, { ...before, override: "1" });
    if (!told) return false;
    mark(entry, told);
    entry ? show(entry) : load(url);
  };
  offerUndo(`${word(status)}: ${$(entry ? ".name" : "h2", entry || reading).textContent}`, undo);
  const told = await sent;
  if (told) {
    if (entry?.dataset.status === status) mark(entry, told);
    if (!entry) load(url);
    else if (!next) show(entry, { focus: false });
    return;
  }
  withdrawUndo(undo);
  mark(entry, before);
  Object.assign(reading.dataset, before);
  entry ? show(entry, { focus: false }) : load(url);
}

// A saved edit is undone by the version that was kept of the text before it.
function offerEditUndo(reading, before) {
  const { item, url, undo } = reading.dataset, name = $("h2", reading).textContent;
  let restored = false;
  offerUndo(`${word("edited")}: ${name}`, async () => {
    restored ||= await step(item, `${url}/versions/${undo}`, {});
    if (!restored) return false;
    if (["approved", "rejected"].includes(before.status)) await step(item, `${url}/decision`, { ...before, override: "1" });
    const entry = entries().find((one) => one.dataset.item === item);
    entry ? show(entry) : load(url);
  });
}

async function confirmUnsupported() {
  const text = $("#question-text");
  text.textContent = text.dataset.unsupported;
  return ask($("#question"));
}

async function reject() {
  const reading = pane();
  if (!reading) return notShown(current());
  $("#reason").value = reading.dataset.reason || "";
  if (await ask($("#rejection"))) await decide("rejected", { reason: $("#reason").value });
}

async function approveClean() {
  const clean = entries().filter((entry) => entry.dataset.status === "generated" && !("unsupported" in entry.dataset));
  const text = $("#question-text");
  text.textContent = clean.length ? text.dataset.many.replace("{n}", clean.length) : text.dataset.none;
  if (!(await ask($("#question"))) || !clean.length) return;
  const seen = new Map(clean.map((entry) => [entry.dataset.item, entry.dataset.version]));
  const moved = await setMany(clean, "approved", seen);
  if (moved)
    offerUndo(`${word("approved")}: ${moved.length}`, async () => Boolean(await setMany(moved, "generated", known)));
}

// Give rows a status. Those that have changed since they had the version that was `seen` are left alone.
async function setMany(some, status, seen) {
  const items = some.map(({ dataset: { item } }) => `${item}:${seen.get(item)}`).join(",");
  const answer = await send(review.dataset.decisions, { items, status });
  if (!answer?.ok) return void await explain(answer);
  const { count, versions } = await answer.json();
  const moved = some.filter((entry) => entry.dataset.item in versions);
  for (const entry of moved) {
    const version = versions[entry.dataset.item];
    known.set(entry.dataset.item, version);
    mark(entry, { status, version });
  }
  if (count < some.length) notify(word("changed").replace("{n}", some.length - count));
  show(current(), { focus: false });
  return moved;
}

function field(number) {
  $(`#field-${number}`)?.focus();
  $(`#field-${number}`)?.scrollIntoView({ block: "start" });
}

function edit() {
  const text = document.activeElement.closest?.(".text") || $("#item .text");
  const editor = text && $(".edit", text);
  if (editor) openEditor(editor);
}

function openEditor(editor) {
  editor.open = true;
  $("textarea", editor).focus();
}

// --- listeners

const keys = {
  j: () => move(1), k: () => move(-1), a: () => decide("approved"), A: approveClean, r: reject, e: edit, u: undo,
  t: () => chosen(0), s: () => chosen(1), c: nextClaim, n: talk, f: () => $("#replace").click(),
  g: () => { const anew = $("#item .anew"); if (anew) { anew.open = true; $("textarea", anew).focus(); } },
  "/": () => $("#search").focus(), "?": () => $("#help").showModal(),
};
document.addEventListener("keydown", (event) => {
  const area = event.target.closest?.("textarea[data-draft]");
  if (area && event.key === "Enter" && (event.ctrlKey || event.metaKey)) return area.closest("form").requestSubmit();
  if (event.key === "Escape") {
    if (area) return leave(area);
    const anew = $("#item .anew[open]");
    if (anew) { anew.open = false; return $("summary", anew).focus(); }
  }
  if (typing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  const deed = /^[1-9]$/.test(event.key) ? () => field(event.key) : keys[event.key];
  if (deed) { event.preventDefault(); deed(); }
});
document.addEventListener("click", (event) => {
  const entry = event.target.closest(".entry"), claim = event.target.closest(".claim");
  if (entry && !event.ctrlKey && !event.metaKey) { event.preventDefault(); show(entry); }
  else if (event.target.closest(".more a")) { event.preventDefault(); htmx.trigger(event.target.closest(".more"), "reached"); }
  else if (event.target.closest("[data-again]")) show(current());
  else if (claim) { event.preventDefault(); evidence(claim); }
  else if (event.target.closest("[data-leave]")) leave($("textarea", event.target.closest("form")));
  else if (event.target.closest("[data-key]")) keys[event.target.closest("[data-key]").dataset.key]();
});
document.addEventListener("submit", (event) => {
  if ("fieldDecision" in event.target.dataset) {
    event.preventDefault();
    return void decideField(event.target, event.submitter.value);
  }
  const decision = event.target.dataset.decision;
  if (!decision) return;
  event.preventDefault();
  decision === "rejected" ? reject() : decide(decision);
});
document.addEventListener("input", (event) => event.target.matches("textarea[data-draft]") && keepDraft(event.target));
let inside = false, was = {}; // whether the reader was in the item that a swap replaces, and what was decided on it
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target.id !== "item") return;
  inside = event.target.contains(document.activeElement) || document.activeElement === document.body;
  was = pane() ? decisionOn(pane()) : {};
});
document.addEventListener("htmx:afterSwap", (event) => {
  const reading = pane(), assigned = reading && $("[data-item-version]", reading);
  if (assigned) took(reading, { ...reading.dataset, version: assigned.dataset.itemVersion, unsupported: "unsupported" in reading.dataset });
  if (event.target.id !== "item") return;
  if (reading && Number(known.get(reading.dataset.item)) > Number(reading.dataset.version)) {
    $("#item").replaceChildren(); // it was read before a step of ours that has arrived meanwhile: nothing is decided on it
    return load(reading.dataset.url);
  }
  if (reading) known.set(reading.dataset.item, reading.dataset.version);
  if (reading && current()?.dataset.item === reading.dataset.item) mark(current(), reading.dataset);
  bringDrafts();
  readAhead();
  if (reading?.dataset.undo) offerEditUndo(reading, was);
  if (!inside) return;
  const saved = reading?.dataset.saved && $(`[data-field="${CSS.escape(reading.dataset.saved)}"]`, reading);
  const clash = reading && $(".notice[role=alert]", reading) && $(".edit[open] textarea", reading);
  (saved || clash || $("#item h2"))?.focus();
});

function evidence(claim, keep = false) {
  const said = $(claim.getAttribute("href"));
  if (!said) return;
  const shut = !keep && said.classList.contains("supported") && "open" in said.dataset;
  $(".claim[aria-current]")?.removeAttribute("aria-current");
  claim.setAttribute("aria-expanded", String(!shut));
  if (shut) return void delete said.dataset.open;
  claim.setAttribute("aria-current", "true");
  said.dataset.open = "";
  said.scrollIntoView({ block: "nearest" });
}

function talk() {
  const details = $("#talk"), comment = $("#comment");
  if (!details) return;
  if (comment) { details.open = true; return comment.focus(); }
  details.addEventListener("htmx:afterSwap", () => $("#comment")?.focus(), { once: true });
  details.open = true;
}

function nextClaim() {
  const within = document.activeElement.closest?.(".text[data-field]") || $("#item");
  const claims = [...within.querySelectorAll(".claim")];
  const claim = claims[(claims.indexOf(document.activeElement) + 1) % claims.length];
  if (!claim) return;
  claim.focus();
  evidence(claim, true);
}

if (pane()) known.set(pane().dataset.item, pane().dataset.version);
bringDrafts();
readAhead();
current()?.scrollIntoView({ block: "nearest" });
