// The rich-text editor of posts: TipTap with the blog's tags. The page around it is workbench/static/workbench/rich.js.

import { Editor, getSchema } from "@tiptap/core";
import { Gapcursor } from "@tiptap/extensions/gap-cursor";
import { UndoRedo } from "@tiptap/extensions/undo-redo";
import { EditorState } from "@tiptap/pm/state";
import { read } from "./html.js";
import { schema } from "./schema.js";

const HEADING = /^h([2-4])$/;
const LISTS = { ul: "bulletList", ol: "orderedList" };
const MARKS = { strong: "bold", em: "italic", a: "link" };

/** What the editor can hold: each tag with its attributes. */
export function allowed() {
  const { nodes, marks } = getSchema(schema);
  const found = {};
  for (const type of [...Object.values(nodes), ...Object.values(marks)]) {
    if (type.name === "doc" || type.name === "text") continue;
    const names = Object.keys(type.spec.attrs ?? {}).filter((name) => !["bare", "level"].includes(name));
    for (const rule of type.spec.parseDOM ?? []) found[rule.tag.replace(/\[.*/, "")] = names;
  }
  return found;
}

/** Open `html` for editing within `place`. `{why, tag}` if the editor can't hold it, see `read`; else an object of:
 * `html()`, the text as it is now, byte for byte the one that was opened while nothing differs from it; `run(name, value)`, a command;
 * `isOn(name)` and `can(name)` for a command; `link()` and `picture()`, the attributes of the one at the cursor or null; `focus()`; `close()`.
 * `changed` is called after each change of the text, `moved` after each step. `address(src)`: where the page shows a picture. */
export function open(place, html, { attributes, address, changed, moved }) {
  const editor = new Editor({
    element: null,
    extensions: [...schema.map((one) => (one.name === "image" ? one.configure({ address }) : one)), Gapcursor, UndoRedo],
    injectCSS: false,
    enableInputRules: false,
    enablePasteRules: false,
    editorProps: { attributes },
  });
  const held = read(html, editor.schema);
  if (held.why) {
    editor.destroy();
    return held;
  }
  editor.mount(place);
  editor.view.updateState(EditorState.create({ doc: held.doc, plugins: editor.state.plugins }));
  editor.on("update", changed);
  editor.on("transaction", moved);

  const heading = (name) => ({ level: Number(name.match(HEADING)[1]) });
  const steps = {
    p: (chain) => chain.clearNodes(),
    blockquote: (chain) => chain.toggleWrap("blockquote").updateAttributes("paragraph", { bare: false }),
    undo: (chain) => chain.undo(),
    redo: (chain) => chain.redo(),
    a: (chain, href) => link(chain, href),
    img: (chain, picture) => editor.isActive("image")
      ? chain.updateAttributes("image", picture)
      : chain.insertContent({ type: "figure", content: [{ type: "paragraph", content: [{ type: "image", attrs: picture }] }] }),
  };
  for (const name of ["strong", "em"]) steps[name] = (chain) => chain.toggleMark(MARKS[name]);
  for (const name of ["h2", "h3", "h4"]) steps[name] = (chain) => chain.toggleNode("heading", "paragraph", heading(name));
  for (const name of ["ul", "ol"]) // the words of an item stand in it without a <p>
    steps[name] = (chain) => chain.toggleList(LISTS[name], "listItem").updateAttributes("paragraph", { bare: true });

  function link(chain, href) {
    const { empty } = editor.state.selection;
    if (!href) return chain.extendMarkRange("link").unsetMark("link");
    if (empty && !editor.isActive("link")) return chain.insertContent({ type: "text", text: href, marks: [{ type: "link", attrs: { href } }] });
    return chain.extendMarkRange("link").setMark("link", { href });
  }

  return {
    html: () => held.render(editor.state.doc),
    run(name, value) {
      editor.view.focus(); // at once: the editor's own command waits for the next frame, and a key can come before it
      steps[name](editor.chain(), value).scrollIntoView().run();
    },
    can: (name) => steps[name](editor.can().chain(), "").run(),
    isOn(name) {
      if (name === "p") return editor.isActive("paragraph");
      if (HEADING.test(name)) return editor.isActive("heading", heading(name));
      return editor.isActive(LISTS[name] ?? MARKS[name] ?? name);
    },
    link: () => (editor.isActive("link") ? editor.getAttributes("link") : null),
    picture: () => (editor.isActive("image") ? editor.getAttributes("image") : null),
    focus: () => editor.view.focus(),
    close: () => editor.destroy(),
  };
}
