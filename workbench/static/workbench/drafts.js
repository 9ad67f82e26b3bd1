// Edits that were not saved: kept in this browser until the server has them, with the version that they were made from.

import { $, word } from "./workbench.js";
import { pane } from "./queue.js";

const draftKey = (form) => `draft:${pane().dataset.item}:${form.elements.field.value}`;

export function keepDraft(area) {
  const form = area.closest("form");
  const draft = { text: area.value, version: form.elements.version.value };
  try { localStorage.setItem(draftKey(form), JSON.stringify(draft)); } catch { /* no room: the editor still has it */ }
}

export function bringDrafts() {
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

export function leave(area) {
  const form = area.closest("form");
  localStorage.removeItem(draftKey(form));
  area.value = area.defaultValue;
  form.elements.version.value = pane().dataset.version;
  form.closest(".edit").open = false;
  form.closest(".text").focus();
}
