// The editor of a post: its draft is kept in this browser, with the version it was made from, until the server has it.
// Images go into the text at the cursor.

const form = document.querySelector("#editor[data-kept]");
if (form) keep(form);

function keep(form) {
  const key = form.dataset.kept, fields = form.elements, note = form.querySelector("[data-note]");
  const names = [...fields].map((one) => one.name).filter((name) => name.match(/^[a-z_]+$/) && !["csrfmiddlewaretoken"].includes(name));
  const texts = names.filter((name) => !["version", "seen", "draft"].includes(name));
  const read = () => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
  const drop = () => { localStorage.removeItem(key); fields.draft.value = ""; };

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
    if (insert) put(fields.content, figure(insert.dataset));
  });

  function put(field, text, whole = false) {
    if (whole) field.value = text;
    else field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // The words of an image are escaped by the browser itself; the server sanitizes whatever is sent.
  function figure({ insert, alt, width, height }) {
    const image = new Image();
    image.setAttribute("src", insert);
    image.setAttribute("alt", alt);
    image.setAttribute("width", width);
    image.setAttribute("height", height);
    return `\n<figure>${image.outerHTML}</figure>\n`;
  }

  window.addEventListener("load", bring);
}
