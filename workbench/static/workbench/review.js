// The review: its keys, and steps on items, each shown at once, with an undo.

import { $, ask, explain, notify, send, word } from "./workbench.js";
import { current, entries, go, load, loading, mark, move, pane, readAhead, show, wanted } from "./queue.js";
import { bringDrafts, keepDraft, leave } from "./drafts.js";

const done = []; // steps that can be undone: what each says, and an async function that answers false when it is to be tried again
const typing = (event) => event.target.closest("input, textarea, select, dialog, [contenteditable]");

// Offered at once: whoever is quick takes back what they see last, not what the server has answered last.
function offerUndo(text, undo) {
  done.push({ text, undo });
  sayUndo();
}

function withdrawUndo(undo) {
  const at = done.findIndex((one) => one.undo === undo);
  if (at >= 0) done.splice(at, 1);
  sayUndo();
}

function sayUndo() {
  $("#undo span").textContent = done.at(-1)?.text ?? "";
  $("#undo").hidden = !done.length;
}

let pressed = null; // what the decision that was pressed last waits for: until then it offers no undo
async function undo() {
  await pressed;
  const last = done.pop();
  sayUndo();
  if (last && (await last.undo()) === false) offerUndo(last.text, last.undo);
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
  return { status: dataset.status, version: dataset.version, unsupported: "unsupported" in dataset, warning: dataset.warning, reason: dataset.reason };
}

function took(reading, told) {
  const { item, version } = reading.dataset;
  for (const input of reading.querySelectorAll("input[name=version]")) if (input.value === version) input.value = told.version;
  reading.dataset.version = told.version;
  reading.dataset.status = told.status;
  reading.dataset.reason = told.reason || "";
  reading.dataset.warning = told.warning || "";
  reading.toggleAttribute("data-unsupported", Boolean(told.unsupported));
  known.set(item, told.version);
}

const fieldName = (section) => $("h3", section).lastChild.textContent.trim();

// Take one field's text, or leave it out: the page shows it at once.
async function decideField(form, to) {
  const section = form.closest(".text"), name = fieldName(section);
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
  const declined = decision === "kept" || decision === "rejected";
  for (const button of section.querySelectorAll("[data-to]")) {
    const uses = button.dataset.to === "approved";
    button.setAttribute("aria-pressed", String(uses !== declined)); // a text without a decision is used
    button.value = (uses ? decision === "approved" : declined) ? "" : button.dataset.to;
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
  if (!judged(reading)) return;
  const entry = row?.dataset.item === item ? row : null; // a text in a further language has no row of its own
  if (underWay.get(item) === status) return; // the key was pressed twice
  underWay.set(item, status);
  try {
    await (pressed = lines.get(item));
    await decideOn(reading, entry, status, more);
  } finally {
    if (underWay.get(item) === status) underWay.delete(item);
  }
}

// Whether the reader may judge the text: else the page has no buttons for it.
const judged = (reading) => Boolean($("[data-decision=approved]", reading));

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
  // Who approves what was warned of is told so: a key is pressed quickly.
  const warned = status === "approved" && before.status !== "approved" ? reading.dataset.warning : "";
  const decided = word(warned ? "overruled" : status);
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
  offerUndo(`${decided}: ${$("h2", reading).textContent}${warned ? ` (${warned})` : ""}`, undo);
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

// The page's address names the item that it shows: a reload, or a sign-in in between, leads back to it.
function keepAddress(item) {
  const at = new URL(location);
  at.searchParams.set("item", item);
  history.replaceState(null, "", at);
}

async function confirmUnsupported() {
  const text = $("#question-text");
  text.textContent = text.dataset.unsupported;
  return ask($("#question"));
}

async function reject() {
  const reading = pane();
  if (!reading) return notShown(current());
  if (!judged(reading)) return;
  $("#reason").value = reading.dataset.reason || "";
  if (await ask($("#rejection"))) await decide("rejected", { reason: $("#reason").value });
}

// What is folded away is shown before it is gone to.
function unfold(element) {
  const rest = element?.closest("details.rest");
  if (rest) rest.open = true;
  return element;
}

function field(number) {
  unfold($(`#field-${number}`))?.focus();
  $(`#field-${number}`)?.scrollIntoView({ block: "start" });
}

function edit() {
  const text = document.activeElement.closest?.(".text") || $("#item .text");
  const editor = text && $(".edit", text);
  if (editor) openEditor(editor);
}

// Esc leaves the words as a draft, the button throws them away. Either is undone by the editor with the same words.
function leaveEditor(area, discard = false) {
  const { item, url } = pane().dataset, name = fieldName(area.closest(".text"));
  const back = leave(area, discard);
  if (!back) return;
  offerUndo(`${word(discard ? "discarded" : "drafted")}: ${name}`, () => {
    const entry = entries().find((one) => one.dataset.item === item);
    if (!back()) entry ? show(entry) : load(url);
  });
}

function openEditor(editor) {
  const area = $("textarea", editor);
  unfold(editor).open = true;
  area.focus();
  area.setSelectionRange(area.value.length, area.value.length);
}

// --- listeners

const keys = {
  j: () => move(1), k: () => move(-1), a: () => decide("approved"), A: () => $("#bulk")?.click(), r: reject, e: edit, u: undo,
  t: () => chosen(0), s: () => chosen(1), c: nextClaim, d: () => $("#marks").click(), n: showDiscussion, f: () => $("#replace")?.click(),
  g: () => { const anew = $("#item .anew"); if (anew) { anew.open = true; $("textarea", anew).focus(); } },
  "/": () => $("#search").focus(), "?": () => $("#help").showModal(),
};
document.addEventListener("keydown", (event) => {
  const area = event.target.closest?.("textarea[data-draft]"), form = event.target.closest?.("textarea")?.form;
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) return form.requestSubmit($("button:not([type=button])", form));
  if (event.key === "Escape") {
    if (area) return leaveEditor(area);
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
  else if (event.target.closest("[data-unquote]")) quotePassage({});
  else if (event.target.closest("[data-leave]")) leaveEditor($("textarea", event.target.closest("form")), true);
  else if (event.target.closest("[data-key]")) keys[event.target.closest("[data-key]").dataset.key]();
});
addEventListener("online", () => { // what failed without a connection is loaded by itself
  $("#notices .bad")?.remove();
  $("#item [data-again]")?.click();
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
  if (reading) {
    known.set(reading.dataset.item, reading.dataset.version);
    keepAddress(reading.dataset.item);
  }
  // An item whose decision is on its way may have been read before it.
  if (reading && current()?.dataset.item === reading.dataset.item && !underWay.has(reading.dataset.item))
    mark(current(), { ...reading.dataset, unsupported: "unsupported" in reading.dataset });
  bringDrafts();
  readAhead();
  if (reading?.dataset.undo) offerEditUndo(reading, was);
  if (!inside) return;
  const saved = reading?.dataset.saved && $(`[data-field="${CSS.escape(reading.dataset.saved)}"]`, reading);
  const clash = reading && $(".notice[role=alert]", reading) && $(".edit[open] textarea", reading);
  (unfold(saved) || clash || $("#item h2"))?.focus();
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

// The words of one text that the reader has marked, and the text's name.
function marked() {
  const selection = getSelection(), quote = selection.toString().trim().slice(0, 500), from = quote && selection.anchorNode;
  const text = from && (from.closest ? from : from.parentElement).closest("#item .new .prose");
  return text ? { quote, field: text.closest(".text").dataset.field, at: selection.getRangeAt(0).getBoundingClientRect() } : null;
}

function showDiscussion() {
  const details = $("#discussion"), passage = marked();
  if (!details) return;
  const say = () => {
    if (passage) quotePassage(passage);
    $("#comment")?.focus();
  };
  details.open = true;
  if ($("#comment")) say();
  else details.addEventListener("htmx:afterSwap", say, { once: true });
}

function quotePassage({ quote = "", field = "" }) {
  const form = $("#comment")?.form;
  if (!form) return;
  form.elements.quote.value = quote;
  form.elements.field.value = field;
  $("q", form).textContent = quote;
  $(".quoting", form).hidden = !quote;
}

// Beside words that are marked stands the button to comment on them.
document.addEventListener("selectionchange", () => {
  const button = $("#quote"), passage = button && marked();
  if (!button) return;
  button.hidden = !passage;
  if (!passage) return;
  button.style.left = `${Math.min(passage.at.left, innerWidth - button.offsetWidth - 12)}px`;
  button.style.top = `${Math.min(passage.at.bottom + 6, innerHeight - button.offsetHeight - 12)}px`;
});
$("#quote")?.addEventListener("pointerdown", (event) => event.preventDefault()); // the words stay marked
$("#quote")?.addEventListener("click", showDiscussion);

// Whether changes are marked is the reader's choice, on every item.
const marks = $("#marks");
marks.checked = localStorage.getItem("marks") !== "off";
marks.addEventListener("change", () => localStorage.setItem("marks", marks.checked ? "on" : "off"));

function nextClaim() {
  const within = document.activeElement.closest?.(".text[data-field]") || $("#item");
  const claims = [...within.querySelectorAll(".claim")];
  const claim = claims[(claims.indexOf(document.activeElement) + 1) % claims.length];
  if (!claim) return;
  unfold(claim).focus();
  evidence(claim, true);
}

if (pane()) known.set(pane().dataset.item, pane().dataset.version);
readAhead();
current()?.scrollIntoView({ block: "nearest" });
bringDrafts()?.focus();
