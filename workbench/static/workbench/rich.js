// The text of a post as one writes it: a rich-text editor over the textarea, which holds what is sent. What the editor can't hold as it
// is stays HTML, and says why. Without this module the textarea is all there is.

import { $, ask } from "./workbench.js";

/** The editor of `field`, the part parts/post_text.html. */
export function richText(field) {
  const area = $("textarea", field), place = $("[data-page]", field), bar = $("[role=toolbar]", field), why = $("[data-why]", field);
  const toggle = $("[data-html]", field), label = $("label", field), buttons = [...bar.querySelectorAll("[data-do]")];
  const addresses = JSON.parse(field.dataset.addresses);
  const source = import(field.dataset.source);
  let text = null; // the open editor; null while the text is HTML

  const attributes = {
    id: "rich-text", class: "rich-page", role: "textbox", "aria-multiline": "true", "aria-labelledby": label.id,
    lang: field.dataset.lang, dir: "auto", spellcheck: "true",
  };
  for (const name of ["aria-invalid", "aria-describedby"]) if (area.hasAttribute(name)) attributes[name] = area.getAttribute(name);

  function show(next) {
    text?.close();
    text = next;
    bar.hidden = place.hidden = !text;
    area.hidden = Boolean(text);
    toggle.hidden = false;
    toggle.setAttribute("aria-pressed", String(!text));
    if (text) mark();
  }

  // Opens what the textarea holds. A text that the editor can't hold stays in it.
  async function open() {
    const { open } = await source;
    show(null);
    const found = open(place, area.value, { attributes, address: (src) => addresses[src], changed, moved: () => text && mark() });
    why.textContent = found.why ? field.dataset[found.why].replace("{tag}", `<${found.tag}>`) : "";
    if (!found.why) show(found);
  }

  function changed() {
    area.value = text.html();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function mark() {
    for (const button of buttons) {
      const name = button.dataset.do;
      if (name === "undo" || name === "redo") button.setAttribute("aria-disabled", String(!text.can(name)));
      else if (name !== "img") button.setAttribute("aria-pressed", String(text.isOn(name)));
    }
  }

  // --- the bar: one stop of Tab, arrows within
  const reach = (button) => buttons.forEach((one) => { one.tabIndex = one === button ? 0 : -1; });
  reach(buttons[0]);
  bar.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(event.target), last = buttons.length - 1;
    const next = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at ? at - 1 : last, Home: 0, End: last }[event.key];
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    buttons[next].focus();
  });
  bar.addEventListener("focusin", ({ target }) => reach(target));
  bar.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays in the text
  bar.addEventListener("click", (event) => {
    const name = event.target.closest("[data-do]")?.dataset.do;
    if (name === "a") editLink();
    else if (name === "img") field.dispatchEvent(new CustomEvent("picture", { bubbles: true }));
    else if (name) text.run(name);
  });
  place.addEventListener("keydown", (event) => {
    if (event.key !== "k" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    editLink();
  });
  label.addEventListener("click", () => text?.focus());
  toggle.addEventListener("click", () => {
    if (!text) return open().then(() => (text ?? area).focus());
    show(null);
    why.textContent = "";
    area.focus();
  });

  async function editLink() {
    const dialog = $("#link-dialog"), input = $("input", dialog);
    input.value = text.link()?.href ?? "";
    $("[value=remove]", dialog).hidden = !text.link();
    const step = await ask(dialog);
    const href = input.value.trim();
    if (step === "set" && href) text.run("a", /^[\w-]+(\.[\w-]+)+([/?#]|$)/.test(href) ? `https://${href}` : href);
    else if (step) text.run("a", "");
    else text.focus();
  }

  open().catch(() => show(null));
  return {
    reload: () => open(),
    /** The attributes of the chosen picture, or null. */
    picture: () => text?.picture() ?? null,
    describe: (alt) => text.run("img", { ...text.picture(), alt }),
    /** Put a picture at the cursor, shown from `address`. Answers whether it is there: in HTML it is the caller's. */
    insert({ address, ...picture }) {
      if (!text) return false;
      addresses[picture.src] = address;
      text.run("img", picture);
      return true;
    },
  };
}
