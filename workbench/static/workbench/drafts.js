// Edits that were not saved: kept in this browser until the server has them, with the version that they were made from.

import { $, word } from "./workbench.js";
import { pane } from "./queue.js";

const draftKey = (form) => `draft:${pane().dataset.item}:${form.elements.field.value}`;

export function keepDraft(area) {
  const form = area.closest("form");
  const draft = { text: area.value, version: form.elements.version.value };
  try { localStorage.setItem(draftKey(form), JSON.stringify(draft)); } catch { /* no room: the editor still has it */ }
}

// Open the editors whose words were not saved. Answers with the first of them.
export function bringDrafts() {
  const reading = pane();
  let first = null;
  if (!reading) return first;
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
    const rest = form.closest("details.rest");
    if (rest) rest.open = true;
    first ||= area;
  }
  return first;
}

// Shut the editor. Its words stay a draft, or go with `discard`. Answers with the way back to them, if there were any: it says
// whether the editor is still on the page.
export function leave(area, discard = false) {
  const form = area.closest("form"), edit = form.closest(".edit"), key = draftKey(form);
  const text = area.value, version = form.elements.version.value, typed = text !== area.defaultValue;
  if (discard || !typed) {
    localStorage.removeItem(key);
    area.value = area.defaultValue;
    form.elements.version.value = pane().dataset.version;
  }
  $("[data-draft-note]", form).textContent = typed && !discard ? word("draft") : "";
  edit.open = false;
  form.closest(".text").focus();
  return typed && (() => {
    Object.assign(area, { value: text });
    form.elements.version.value = version;
    try { localStorage.setItem(key, JSON.stringify({ text, version })); } catch { /* no room: the editor still has it */ }
    edit.open = true;
    area.focus();
    return area.isConnected;
  });
}
