// The module of every page: event streams, parts that load when they are opened, and forms that are sent once. Everything
// else is htmx and plain forms. Nothing here makes markup of the product's texts. The review has a module of its own.

export const $ = (selector, within = document) => within.querySelector(selector);
const token = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";
export const word = (name) => $("#words")?.dataset[name] || "";
export const number = (n) => n.toLocaleString(document.documentElement.lang);

export async function send(url, fields) {
  const body = new URLSearchParams(fields);
  const headers = { "HX-Request": "true", "HX-Current-URL": location.href, "X-CSRFToken": token() };
  try {
    return await fetch(url, { method: "POST", body, headers });
  } catch {
    return null; // the server was not reached
  }
}

export function notify(text) {
  const told = document.createElement("p");
  told.className = "notice bad";
  told.textContent = text;
  $("#notices").replaceChildren(told);
}

export async function explain(response) {
  if (!response) return notify(word("offline"));
  const on = response.headers.get("HX-Redirect");
  if (on) return location.assign(on);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  notify(page.body.textContent.trim());
}

export function ask(dialog) {
  return new Promise((resolve) => {
    dialog.returnValue = "";
    dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true });
    dialog.showModal();
  });
}

// --- every page

for (const tab of document.querySelectorAll(".tabs [aria-current], .sections [aria-current]"))
  tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft - 16; // on a narrow window, the one that one is on
document.addEventListener("submit", (event) => {
  const text = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (text && !window.confirm(text)) event.preventDefault();
});
// Who edits a text chooses it.
document.addEventListener("input", ({ target }) => {
  const choice = target.matches("textarea") && $("[type=radio]", target.closest(".side") ?? target);
  if (choice && !choice.checked) choice.click();
});
// How many choices of its form a button is for; also once the browser has brought them back.
function count(within) {
  for (const shown of within.querySelectorAll("[data-count]:not(option)")) {
    const n = shown.closest("form").querySelectorAll(shown.dataset.count).length;
    shown.textContent = shown.dataset.labels?.split("|")[n] ?? number(n);
  }
}
document.addEventListener("change", ({ target }) => count(target.form ?? target));
addEventListener("pageshow", () => count(document));
// A second click sends nothing more: the answer to the first one is on its way. Forms that htmx sends are its own.
const sent = new WeakSet();
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (sent.has(form)) return event.preventDefault();
  setTimeout(() => {
    if (event.defaultPrevented || form.method !== "post") return;
    sent.add(form);
    setTimeout(() => sent.delete(form), 5000);
  });
});

// htmx's form stays on the page: once it is answered, it may be sent anew, and counts as another one.
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const { elt } = detail.requestConfig;
  if (!detail.successful) elt.querySelector?.(":scope > .waiting")?.remove(); // the notice says it
  if (detail.successful && "resume" in (elt.dataset ?? {})) {
    touched = null;
    forgetForm();
  }
  const mark = detail.successful && elt.matches?.("form, button") && elt.closest("form")?.querySelector("input[name=once]");
  if (mark) mark.value = Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("");
});

// What is folded away is loaded when it is opened, until it is there.
document.addEventListener("toggle", ({ target }) => {
  if (target.open && target.hasAttribute("hx-get") && !("loaded" in target.dataset)) htmx.trigger(target, "opened");
}, true);
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const folded = detail.requestConfig.elt;
  if (detail.successful && folded.matches?.("details[hx-get]")) folded.dataset.loaded = "";
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
// A page that came without its own script, because the connection was cut in between, looks alive: its keys do nothing.
addEventListener("error", ({ target }) => target.tagName === "SCRIPT" && word("offline") && notify(word("offline")), true);

// Pages show and take times in the browser's own time zone.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone) document.cookie = `workbench-zone=${zone}; path=/app/; max-age=31536000; SameSite=Lax`;

// Who runs out of XCT tops up, is signed out, or leaves the page, and goes on with the form as it was, in this tab.
const here = () => location.pathname + location.search;
let touched = null; // the form in which something was typed or chosen: its page may be left for the sign-in at any time
const resumed = () => JSON.parse(sessionStorage.getItem("resume") || "null");
const forgetForm = () => sessionStorage.removeItem("resume");
function keepForm(form, sent = false) {
  if (!form?.isConnected || !("resume" in form.dataset)) return;
  const shut = (field) => field.matches?.(".edit:not([open]) textarea") && field.value === field.defaultValue; // nobody's words
  const fields = [...new FormData(form)].filter(([name]) => !["csrfmiddlewaretoken", "version", "once"].includes(name)
    && !shut(form.elements[name]));
  sessionStorage.setItem("resume", JSON.stringify({ path: here(), fields, sent }));
}
document.addEventListener("submit", (event) => {
  if (sent.has(event.target)) return; // kept at the first click
  keepForm(event.target, !event.defaultPrevented);
  if (!event.defaultPrevented) touched = null;
});
document.addEventListener("input", ({ target }) => { touched = target.form; });
addEventListener("pagehide", () => keepForm(touched));
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-go-on]")) sessionStorage.setItem("go-on", "1");
});
const returning = $("[data-returning]")?.dataset.returning, answered = resumed()?.sent;
if (answered && !returning && resumed().path !== here() && !$(".card[data-code]")) forgetForm(); // it has arrived
else if (answered) sessionStorage.setItem("resume", JSON.stringify({ ...resumed(), sent: false }));
if (returning && returning === resumed()?.path) sessionStorage.setItem("go-on", "1"); // signed out while the form was sent
const left = !answered && resumed()?.path === here() && $("form[data-resume=left]");
const stopped = (left || sessionStorage.getItem("go-on")) && resumed();
// Once htmx has taken the form: what is sent before would leave the page.
if (stopped && stopped.path === here()) addEventListener("DOMContentLoaded", () => goOn($("form[data-resume]"), stopped.fields));
else if (stopped?.path.startsWith("/app/") && /^\/app\/(account|billing)/.test(location.pathname)) {
  const offer = $("#go-on").content.cloneNode(true);
  $("a", offer).href = stopped.path;
  $("#notices").before(offer); // which the next notice would take away
}

function goOn(form, fields) {
  sessionStorage.removeItem("go-on");
  if (!form) return;
  const chosen = $("[data-chosen]", form); // ticks that a search brought: they are on the page once it is asked again
  for (const [name, value] of chosen ? fields.filter(([name]) => name === chosen.dataset.chosen) : []) {
    if ([...form.elements].some((element) => element.name === name && element.value === value)) continue;
    const tick = Object.assign(document.createElement("input"), { type: "checkbox", hidden: true, name, value });
    chosen.append(tick);
  }
  const state = () => JSON.stringify([...form.elements].map(({ checked, value }) => [checked, value])), before = state();
  for (const element of form.elements) {
    // A choice between other texts than those shown now is left to be made anew.
    const shown = element.type === "radio" ? element.closest(".clash")?.querySelectorAll("[type=hidden]") ?? [] : [];
    if ([...shown].some((one) => !fields.some(([name, value]) => name === one.name && value === one.value))) continue;
    const wanted = fields.filter(([name]) => name === element.name).map(([, value]) => value);
    if (element.type === "checkbox" || element.type === "radio") element.checked = wanted.includes(element.value);
    else if (element.name && wanted.length && element.type !== "hidden") element.value = wanted[0];
    if (element.type === "textarea" && element.value !== element.defaultValue) element.closest("details")?.setAttribute("open", "");
  }
  const shut = form.closest("details");
  if (shut) shut.open = true;
  if (state() !== before) $("#notices").append($("#brought-back").content.cloneNode(true));
  form.dispatchEvent(new Event("change", { bubbles: true }));
  if (form.dataset.resume !== "left") form.querySelector("textarea, button:not([name])")?.focus();
}

const support = $("form[data-token-from-fragment]");
if (support && location.hash.startsWith("#token=")) {
  $("input[name=token]", support).value = decodeURIComponent(location.hash.slice(7));
  history.replaceState(null, "", location.pathname); // the token stays in no history
  support.requestSubmit();
}
