// The workbench's one module: event streams, keys, optimistic decisions with their undo, and drafts. Everything else is
// htmx and plain forms. Nothing here makes markup of the product's texts.

const $ = (selector, within = document) => within.querySelector(selector);
const token = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";
const word = (name) => $("#words")?.dataset[name] || "";

async function send(url, fields) {
  const body = new URLSearchParams(fields);
  try {
    return await fetch(url, { method: "POST", body, headers: { "HX-Request": "true", "X-CSRFToken": token() } });
  } catch {
    return null; // the server was not reached
  }
}

function notify(text) {
  const told = document.createElement("p");
  told.className = "notice bad";
  told.textContent = text;
  $("#notices").replaceChildren(told);
}

async function explain(response) {
  if (!response) return notify(word("offline"));
  const on = response.headers.get("HX-Redirect");
  if (on) return location.assign(on);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  notify(page.body.textContent.trim());
}

function ask(dialog) {
  return new Promise((resolve) => {
    dialog.returnValue = "";
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    dialog.showModal();
  });
}

// --- every page

document.addEventListener("submit", (event) => {
  const text = event.target.dataset.confirm;
  if (text && !window.confirm(text)) event.preventDefault();
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".menu[open], .anew[open]"))
    if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("htmx:xhr:progress", (event) => {
  const bar = event.target.closest("[data-progress]")?.querySelector("progress.upload");
  if (!bar || !event.detail.lengthComputable) return;
  bar.hidden = false;
  bar.value = (100 * event.detail.loaded) / event.detail.total;
});

// A job's event stream: what stands inside is loaded anew, at most twice a second, and once more at the job's end. The
// browser itself comes back after a dropped connection, with the number of the last event that it had.
function follow(element) {
  const source = new EventSource(element.dataset.events);
  const inside = $("[hx-trigger]", element);
  let soon = 0;
  const tell = (name) => element.isConnected ? htmx.trigger(inside, name) : source.close();
  const later = () => { soon ||= setTimeout(() => { soon = 0; tell("job"); }, 500); };
  for (const name of ["start", "progress", "item_failed", "waiting"]) source.addEventListener(name, later);
  for (const name of ["complete", "failed", "cancelled"])
    source.addEventListener(name, () => { clearTimeout(soon); source.close(); tell("job"); tell("job-ended"); });
}
document.querySelectorAll("[data-events]").forEach(follow);
document.addEventListener("htmx:afterSwap", (event) => event.target.querySelectorAll("[data-events]").forEach(follow));
document.addEventListener("htmx:sendError", () => word("offline") && notify(word("offline")));

// Pages show and take times in the browser's own time zone.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone) document.cookie = `workbench-zone=${zone}; path=/app/; max-age=31536000; SameSite=Lax`;

// Who runs out of XCT tops up, and goes on with the form as it was, in this tab.
const here = () => location.pathname + location.search;
document.addEventListener("submit", (event) => {
  if (!("resume" in event.target.dataset)) return;
  const fields = [...new FormData(event.target)].filter(([name]) => name !== "csrfmiddlewaretoken" && name !== "version");
  sessionStorage.setItem("resume", JSON.stringify({ path: here(), fields }));
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-go-on]")) sessionStorage.setItem("go-on", "1");
});
const stopped = sessionStorage.getItem("go-on") && JSON.parse(sessionStorage.getItem("resume") || "null");
if (stopped && stopped.path === here()) goOn($("form[data-resume]"), stopped.fields);
else if (stopped?.path.startsWith("/app/") && /^\/app\/(account|billing)/.test(location.pathname)) {
  const offer = $("#go-on").content.cloneNode(true);
  $("a", offer).href = stopped.path;
  $("#notices").append(offer);
}

function goOn(form, fields) {
  sessionStorage.removeItem("go-on");
  if (!form) return;
  for (const element of form.elements) {
    const wanted = fields.filter(([name]) => name === element.name).map(([, value]) => value);
    if (element.type === "checkbox" || element.type === "radio") element.checked = wanted.includes(element.value);
    else if (element.name && wanted.length && element.type !== "hidden") element.value = wanted[0];
  }
  const shut = form.closest("details");
  if (shut) shut.open = true;
  form.dispatchEvent(new Event("change", { bubbles: true }));
  form.querySelector("textarea, button:not([name])")?.focus();
}

const support = $("form[data-token-from-fragment]");
if (support && location.hash.startsWith("#token=")) {
  $("input[name=token]", support).value = decodeURIComponent(location.hash.slice(7));
  history.replaceState(null, "", location.pathname); // the token stays in no history
  support.requestSubmit();
}

// --- the review

const review = $("#review");
if (review) startReview();

function startReview() {
  const rows = $("#rows"), MOST = 400, NEAR = 25; // the most rows on the page; how near its end the next ones are loaded
  const done = []; // decisions that can be undone: each an async function
  const entries = () => [...review.querySelectorAll(".entry")];
  const current = () => $(".entry[aria-current]", review);
  const pane = () => $("#item .reading");
  const typing = (event) => event.target.closest("input, textarea, select, dialog, [contenteditable]");

  function show(entry, { focus = true } = {}) {
    if (!entry) return;
    current()?.removeAttribute("aria-current");
    entry.setAttribute("aria-current", "true");
    if (focus) entry.focus({ preventScroll: true });
    entry.scrollIntoView({ block: "nearest" });
    history.replaceState(null, "", entry.href);
    htmx.ajax("GET", entry.dataset.url, { target: "#item", swap: "innerHTML" });
  }

  function move(step) {
    const all = entries(), here = all.indexOf(current());
    const seen = () => all.findIndex((entry) => entry.getBoundingClientRect().bottom > rows.getBoundingClientRect().top);
    const at = here < 0 ? seen() : here + step;
    show(all[Math.min(Math.max(at, 0), all.length - 1)]);
    if (step < 0 ? at < NEAR : at > all.length - NEAR) // the next rows are loaded before they are needed
      for (const more of rows.querySelectorAll(".more")) if (!more.nextElementSibling === step > 0) htmx.trigger(more, "reached");
  }

  // However long the queue is, the page has a window of it: rows far away go, and their place loads them again. What the
  // reader looks at stays where it is.
  let height = 0;
  document.addEventListener("htmx:beforeSwap", (event) => { if (rows.contains(event.target)) height = rows.scrollHeight; });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!height || !event.target.contains(rows) && !rows.contains(event.target)) return;
    const above = event.detail.pathInfo.requestPath.includes("before=");
    if (above) rows.scrollTop += rows.scrollHeight - height;
    height = 0;
    const all = entries(), surplus = all.length - MOST;
    if (surplus <= 0) return;
    const edge = all[above ? MOST - 1 : surplus], full = rows.scrollHeight;
    for (const more of rows.querySelectorAll(".more")) if (!more.nextElementSibling === above) more.remove();
    for (const entry of above ? all.slice(MOST) : all.slice(0, surplus)) entry.closest("li").remove();
    const more = $("#more").content.firstElementChild.cloneNode(true);
    more.setAttribute("hx-get", `${rows.dataset.url}&${above ? "after" : "before"}=${encodeURIComponent(edge.dataset.place)}`);
    more.setAttribute("hx-trigger", "intersect once, reached once");
    more.setAttribute("hx-swap", "outerHTML");
    edge.closest("li")[above ? "after" : "before"](more);
    htmx.process(more);
    if (!above) rows.scrollTop -= full - rows.scrollHeight;
  });

  function mark(entry, { status, version }) {
    if (!entry) return;
    entry.dataset.status = status;
    if (version) entry.dataset.version = version;
    $(".state-name", entry).textContent = status;
  }

  // Offered at once: whoever is quick takes back what they see last, not what the server has answered last.
  function offerUndo(text, undo) {
    done.push(undo);
    const bar = $("#undo");
    $("span", bar).textContent = text;
    bar.hidden = false;
  }

  function withdrawUndo(undo) {
    done.splice(done.indexOf(undo), 1);
    $("#undo").hidden = !done.length;
  }

  async function undo() {
    const last = done.pop();
    $("#undo").hidden = !done.length;
    if (last) await last();
  }

  // Steps on one item go to the server one after another, each with the version that the one before it left.
  const lines = new Map(), known = new Map();
  function inLine(item, step) {
    const next = (lines.get(item) || Promise.resolve()).then(step, step);
    lines.set(item, next);
    return next;
  }

  function took(reading, told) {
    const { item, version } = reading.dataset;
    for (const input of reading.querySelectorAll("input[name=version]")) if (input.value === version) input.value = told.version;
    reading.dataset.version = told.version;
    reading.dataset.status = told.status;
    reading.toggleAttribute("data-unsupported", Boolean(told.unsupported));
    known.set(item, told.version);
  }

  // Take one field's text, or leave it out: the page shows it at once.
  async function decideField(form, to) {
    const reading = pane(), section = form.closest(".text"), name = $("h3", section).lastChild.textContent.trim();
    const before = section.dataset.decision, { item, url } = reading.dataset;
    const set = async (decision) => {
      showDecision(section, decision);
      const field = form.elements.field.value;
      const response = await inLine(item, async () => {
        const answer = await send(`${url}/field`, { field, decision, version: known.get(item) });
        if (answer?.ok) took(reading, await answer.json());
        return answer;
      });
      return response?.ok || void await explain(response);
    };
    const sent = set(to);
    const undo = async () => { if (await sent) await set(before) || showDecision(section, to); };
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
  async function decide(status, more = {}) {
    const reading = pane(), entry = current();
    if (!reading || (entry && entry.dataset.item !== reading.dataset.item)) return; // the next item is not here yet
    await lines.get(reading.dataset.item);
    const { item, url, version } = reading.dataset;
    const before = { status: reading.dataset.status, version };
    if (status === "approved" && "unsupported" in reading.dataset && before.status !== "approved") {
      if (!(await confirmUnsupported())) return;
      more = { ...more, override: "1" };
    }
    const same = entry?.dataset.item === item ? entry : null;
    mark(same, { status });
    const all = entries(), next = same && all[all.indexOf(same) + 1];
    if (next) show(next);
    const sent = inLine(item, () => send(`${url}/decision`, { status, version, ...more }));
    const undo = async () => {
      if (!(await sent)?.ok) return;
      const back = await send(`${url}/decision`, { status: before.status, override: "1" });
      if (!back?.ok) return explain(back);
      const told = await back.json();
      known.set(item, told.version);
      mark(same, told);
      show(same);
    };
    offerUndo(`${word(status)}: ${$(same ? ".name" : "h2", same || reading).textContent}`, undo);
    const response = await sent;
    if (!response?.ok) {
      withdrawUndo(undo);
      mark(same, before);
      await explain(response);
      return show(same, { focus: false });
    }
    const told = await response.json();
    known.set(item, told.version);
    if (same?.dataset.status === status) mark(same, told);
    if (!next) show(same);
  }

  // A saved edit is undone by the version that was kept of the text before it.
  function offerEditUndo(reading, before) {
    const { item, url, undo } = reading.dataset, name = $("h2", reading).textContent;
    offerUndo(`${word("edited")}: ${name}`, async () => {
      const back = await inLine(item, () => send(`${url}/versions/${undo}`, { version: known.get(item) }));
      if (!back?.ok) return explain(back);
      if (before && before !== "generated" && before !== "flagged") await send(`${url}/decision`, { status: before, override: "1" });
      const entry = entries().find((one) => one.dataset.item === item);
      entry ? show(entry) : htmx.ajax("GET", url, { target: "#item", swap: "innerHTML" });
    });
  }

  async function confirmUnsupported() {
    const dialog = $("#question"), text = $("#question-text");
    text.textContent = text.dataset.unsupported;
    return ask(dialog);
  }

  async function reject() {
    const dialog = $("#rejection");
    if (!pane()) return;
    $("#reason").value = pane().dataset.reason || "";
    if (await ask(dialog)) await decide("rejected", { reason: $("#reason").value });
  }

  async function approveClean() {
    const clean = entries().filter((entry) => entry.dataset.status === "generated" && !("unsupported" in entry.dataset));
    const text = $("#question-text");
    text.textContent = clean.length ? text.dataset.many.replace("{n}", clean.length) : text.dataset.none;
    if (!(await ask($("#question"))) || !clean.length) return;
    const items = clean.map((entry) => `${entry.dataset.item}:${entry.dataset.version}`).join(",");
    const response = await send(review.dataset.decisions, { items, status: "approved" });
    if (!response?.ok) return explain(response);
    const { count, versions } = await response.json();
    const moved = clean.filter((entry) => entry.dataset.item in versions);
    const markAll = (status, to) => moved.forEach((entry) => {
      known.set(entry.dataset.item, to[entry.dataset.item]);
      mark(entry, { status, version: to[entry.dataset.item] });
    });
    markAll("approved", versions);
    if (count < clean.length) notify(word("changed").replace("{n}", clean.length - count));
    show(current(), { focus: false });
    offerUndo(`${word("approved")}: ${count}`, async () => {
      const back = await send(review.dataset.decisions, { items: Object.keys(versions).join(","), status: "generated" });
      if (!back?.ok) return explain(back);
      markAll("generated", (await back.json()).versions);
      show(current(), { focus: false });
    });
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

  // --- drafts: kept in this browser until the server has them, with the version that they were made from

  const draftKey = (form) => `draft:${pane().dataset.item}:${form.elements.field.value}`;

  function keepDraft(area) {
    const form = area.closest("form");
    const draft = { text: area.value, version: form.elements.version.value };
    try { localStorage.setItem(draftKey(form), JSON.stringify(draft)); } catch { /* no room: the editor still has it */ }
  }

  function bringDrafts() {
    const reading = pane();
    if (!reading) return;
    if (reading.dataset.saved) localStorage.removeItem(`draft:${reading.dataset.item}:${reading.dataset.saved}`);
    for (const area of reading.querySelectorAll("[data-draft]")) {
      const form = area.closest("form");
      const kept = localStorage.getItem(draftKey(form));
      if (!kept) continue;
      if (form.closest(".edit").open) { keepDraft(area); continue; } // after a clash: the words, with today's version
      const draft = JSON.parse(kept);
      if (draft.text === area.value) { localStorage.removeItem(draftKey(form)); continue; }
      area.value = draft.text;
      form.elements.version.value = draft.version;
      $("[data-draft-note]", form).textContent = word("draft");
      form.closest(".edit").open = true;
    }
  }

  function leave(area) {
    const form = area.closest("form");
    localStorage.removeItem(draftKey(form));
    area.value = area.defaultValue;
    form.elements.version.value = pane().dataset.version;
    form.closest(".edit").open = false;
    form.closest(".text").focus();
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
  let inside = false, was = ""; // whether the reader was in the item that a swap replaces, and its state
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.target.id !== "item") return;
    inside = event.target.contains(document.activeElement) || document.activeElement === document.body;
    was = pane()?.dataset.status || "";
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const reading = pane(), assigned = reading && $("[data-item-version]", reading);
    if (assigned) took(reading, { version: assigned.dataset.itemVersion, status: reading.dataset.status, unsupported: "unsupported" in reading.dataset });
    if (event.target.id !== "item") return;
    if (reading) known.set(reading.dataset.item, reading.dataset.version);
    if (reading && current()?.dataset.item === reading.dataset.item) mark(current(), reading.dataset);
    bringDrafts();
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
  current()?.scrollIntoView({ block: "nearest" });
}
