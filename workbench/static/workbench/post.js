// The editor of a post: its draft is kept in this browser, with the version it was made from, until the server has it.
// Pictures go into the text at the cursor.

import { $, ask, explain, send } from "./workbench.js";
import { richText } from "./rich.js";

const form = document.querySelector("#editor[data-kept]");
if (form) keep(form);

function keep(form) {
  const key = form.dataset.kept, fields = form.elements, note = form.querySelector("[data-note]");
  const names = [...fields].map((one) => one.name).filter((name) => name.match(/^[a-z_]+$/) && !["csrfmiddlewaretoken"].includes(name));
  const texts = names.filter((name) => !["version", "seen", "draft"].includes(name));
  const read = () => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
  const drop = () => { localStorage.removeItem(key); fields.draft.value = ""; };
  let text = null;

  function save() {
    fields.draft.value ||= String(Date.now());
    const draft = Object.fromEntries(names.map((name) => [name, fields[name].value]));
    try { localStorage.setItem(key, JSON.stringify(draft)); } catch { /* no room: the editor still has it */ }
  }

  function bring() {
    const draft = read();
    if (!draft) return;
    if (draft.draft === new URLSearchParams(location.search).get("kept")) return drop(); // the server has it
    if ("conflict" in form.dataset) return save(); // the editor has it, with today's version
    if (texts.every((name) => !(name in draft) || draft[name] === fields[name].value)) return drop();
    for (const name of names) if (name in draft) fields[name].value = draft[name];
    note.textContent = form.dataset.restored;
    form.querySelector("[data-forget]").hidden = false;
    form.dispatchEvent(new Event("input", { bubbles: true })); // the score is of what the editor shows
  }

  form.addEventListener("input", (event) => event.target !== form && save());
  form.querySelector("[data-forget]").addEventListener("click", () => { drop(); location.assign(location.pathname); });
  document.addEventListener("click", (event) => {
    const featured = event.target.closest("[data-featured]"), insert = event.target.closest("[data-insert]");
    if (featured) put(fields.featured_image_url, featured.dataset.featured, true);
    if (insert) place(insert.dataset.insert, insert.dataset);
    if (event.target.closest("[data-choose]")) choose(true);
  });
  form.addEventListener("picture", () => choose(false));

  function put(field, text, whole = false) {
    if (whole) field.value = text;
    else field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  const place = (src, { alt, width, height, address }) =>
    text.insert({ src, alt, width, height, address }) || put(fields.content, figure(src, alt, width, height));

  // The words of an image are escaped by the browser itself; the server sanitizes whatever is sent.
  function figure(src, alt, width, height) {
    const image = document.implementation.createHTMLDocument().createElement("img"); // loads nothing
    for (const [name, value] of Object.entries({ src, alt, width, height })) image.setAttribute(name, value);
    return `\n<figure>${image.outerHTML}</figure>\n`;
  }

  // The pictures of the post and of the organization's others, for the text or as the post's own.
  async function choose(featured) {
    const dialog = $("#picture-dialog"), alt = $("[name=alt]", dialog), chosen = featured ? null : text.picture();
    alt.value = chosen?.alt ?? "";
    $("[data-alt-field]", dialog).hidden = featured;
    const describe = $("[value=alt]", dialog);
    describe.hidden = describe.disabled = !chosen;
    htmx.trigger("#pictures", "opened");
    let picked = null;
    const pick = (event) => {
      picked = event.target.closest("[data-picture]");
      if (picked) dialog.close("picked");
    };
    dialog.addEventListener("click", pick);
    const step = await ask(dialog);
    dialog.removeEventListener("click", pick);
    if (step === "alt") return text.describe(alt.value.trim());
    if (step !== "picked") return;
    const picture = picked.dataset.copy ? await copy(picked.dataset.copy) : picked;
    if (!picture) return;
    if (featured) put(fields.featured_image_url, picture.dataset.picture, true);
    else place(picture.dataset.picture, { ...picture.dataset, alt: alt.value.trim() || picture.dataset.alt });
  }

  // A picture of another post becomes one of this post, so that it stays when the other goes.
  async function copy(image) {
    const response = await send($("#pictures").getAttribute("hx-get"), { image });
    if (!response?.ok) return explain(response);
    htmx.trigger("#images", "changed");
    return new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-picture]");
  }

  window.addEventListener("load", () => {
    bring();
    text = richText($("#text"));
  });
}
