// The queue of a review: its rows, of which the page has a window, and the item that is shown beside them.

import { $, number, word } from "./workbench.js";

const rows = $("#rows");
const FRESH = 60_000; // milliseconds for which an item that was read ahead is shown
const MOST = 400, NEAR = 25; // the most rows on the page; how near its end the next ones are loaded
const NARROW = matchMedia("(max-width: 56rem)"); // the item stands below the rows
export const entries = () => [...rows.querySelectorAll(".entry")];
export const current = () => $(".entry[aria-current]", rows);
export const pane = () => $("#item .reading");

export function show(entry, { focus = true } = {}) {
  if (!entry) return;
  current()?.removeAttribute("aria-current");
  entry.setAttribute("aria-current", "true");
  if (focus) entry.focus({ preventScroll: true });
  entry.scrollIntoView({ block: "nearest" });
  if (NARROW.matches) $("#item").scrollIntoView();
  history.replaceState(null, "", entry.href);
  const read = ahead?.item === entry.dataset.item && Date.now() - ahead.at < FRESH ? ahead.text : null;
  ahead = null;
  if (read) bring(entry.dataset.url, read);
  else load(entry.dataset.url);
}

// The address of the item that is to be shown. An answer that comes after the next choice is not, nor is it decided on.
export let wanted = pane()?.dataset.url;
export function load(url) {
  wanted = url;
  htmx.ajax("GET", url, { target: "#item", swap: "innerHTML" }).catch(() => {}); // the notice says it
}

// The item behind the one that is shown is read ahead, so that it shows at once.
let ahead = null;
export function readAhead() {
  const all = entries(), next = all[all.indexOf(current()) + 1];
  if (!next || ahead?.item === next.dataset.item) return;
  const text = fetch(next.dataset.url, { headers: { "HX-Request": "true" } });
  ahead = { item: next.dataset.item, at: Date.now(), text: text.then((answer) => answer.ok && answer.text()).catch(() => "") };
}

async function bring(url, read) {
  wanted = url;
  busy(true);
  const text = await read;
  if (wanted !== url) return; // another one was chosen meanwhile
  busy(false);
  if (!text) return load(url);
  htmx.trigger("#item", "htmx:beforeSwap");
  htmx.swap("#item", text, { swapStyle: "innerHTML", swapDelay: 0, settleDelay: 20 });
}

// The places at the end of the rows, or at their beginning, that load further ones.
const further = (forwards) => [...rows.querySelectorAll(".more")].filter((more) => !more.nextElementSibling === forwards);

let waiting = null; // a step beyond the last row that is here: it is made once the next rows are
export function go(from, step) {
  const all = entries(), here = all.indexOf(from), at = here + step, forwards = step > 0;
  if (here < 0) return null;
  if (forwards ? at > all.length - NEAR : at < NEAR) // the next rows are loaded before they are needed
    for (const more of further(forwards)) htmx.trigger(more, "reached");
  waiting = null;
  if (all[at]) show(all[at]);
  else if (further(forwards).length) waiting = { from, step };
  return all[at] || waiting;
}

export function move(step) {
  const here = current(), top = rows.getBoundingClientRect().top;
  if (here) return go(here, step) || show(here);
  show(entries().find((entry) => entry.getBoundingClientRect().bottom > top));
}

// However long the queue is, the page has a window of it: rows far away go, and their place loads them again. What the
// reader looks at stays where it is.
let height = 0;
document.addEventListener("htmx:beforeSwap", (event) => { if (rows.contains(event.target)) height = rows.scrollHeight; });
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (!detail.requestConfig.elt.matches?.(".more")) return;
  if (detail.successful) narrow(detail.pathInfo.requestPath.includes("before="));
  const next = waiting;
  waiting = null;
  if (next && detail.successful && next.from === current()) go(next.from, next.step);
});

function narrow(above) {
  if (above) rows.scrollTop += rows.scrollHeight - height;
  const all = entries(), surplus = all.length - MOST;
  if (surplus <= 0) return;
  const edge = all[above ? MOST - 1 : surplus], full = rows.scrollHeight;
  for (const more of further(above)) more.remove();
  for (const entry of above ? all.slice(MOST) : all.slice(0, surplus)) entry.closest("li").remove();
  const more = $("#more").content.firstElementChild.cloneNode(true);
  more.setAttribute("hx-get", `${rows.dataset.url}&${above ? "after" : "before"}=${encodeURIComponent(edge.dataset.place)}`);
  edge.closest("li")[above ? "after" : "before"](more);
  htmx.process(more);
  if (!above) rows.scrollTop -= full - rows.scrollHeight;
}

// Whether an item is on its way into the pane. One that does not come leaves no other item there to be decided on.
export let loading = false;
const forPane = ({ requestConfig }) => requestConfig.verb === "get" && requestConfig.target?.id === "item";
function busy(on) {
  loading = on;
  $("#item").setAttribute("aria-busy", String(on));
}
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.requestConfig && forPane(detail) && detail.requestConfig.path !== wanted) detail.shouldSwap = false;
});
document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (!forPane(detail)) return;
  if (detail.requestConfig.elt !== document.body) wanted = detail.requestConfig.path; // a link to a language, a job's end
  busy(true);
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (!forPane(detail)) return;
  busy(false);
  if (!detail.successful && detail.requestConfig.path === wanted) $("#item").replaceChildren($("#unshown").content.cloneNode(true));
});

const stateName = (status) => $("#words").getAttribute(`data-state-${status}`) || status;

// The numbers of the filter follow what is decided here.
const WAITING = ["flagged", "generated"];
function recount(before, after) {
  const change = (option, by) => {
    if (!option || !by) return;
    const n = (option.dataset.count = Number(option.dataset.count) + by);
    option.textContent = `${option.dataset.label} (${number(n)})`;
  };
  if (before === after) return;
  const states = $("#states");
  change($(`[value="${before}"]`, states), -1);
  change($(`[value="${after}"]`, states), 1);
  change($("[value='']", states), WAITING.includes(after) - WAITING.includes(before));
}

// Give a row of the queue what the server said of its item. What it did not say stays.
export function mark(entry, { status, version, unsupported }) {
  if (!entry) return;
  recount(entry.dataset.status, status);
  entry.dataset.status = status;
  if (version) entry.dataset.version = version;
  if (unsupported !== undefined) entry.toggleAttribute("data-unsupported", unsupported);
  const doubt = "unsupported" in entry.dataset ? `, ${word("unsupported")}` : "";
  $(".state-name", entry).textContent = stateName(status) + doubt;
}
