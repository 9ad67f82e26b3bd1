// HTML to the editor's document and back. What the editor can't hold as it is, it doesn't take; what nobody touched comes back as it was.

import { DOMParser as Reader, DOMSerializer } from "@tiptap/pm/model";

const MARKS = new Set(["STRONG", "EM", "A"]);
const INLINE = new Set([...MARKS, "BR", "IMG"]);
const MIXED = "li, td, th, blockquote, figure"; // may hold words without a <p>
const BLANK = /[ \t\r\n\f]+/g;
const isInline = (node) => node.nodeType === 3 || INLINE.has(node.nodeName);
const isBlank = (node) => node.nodeType === 3 && !node.data.replace(BLANK, "");
const bodyOf = (html) => new DOMParser().parseFromString(`<body>${html}`, "text/html").body; // loads no picture

/** `{doc, render}`: the document of `html`, and what makes HTML of a later document. `{why, tag}` if the editor can't hold it:
 * `loose` for words outside of paragraphs, `nested` for an element where it has no place. */
export function read(html, schema) {
  const body = bodyOf(html);
  const tops = [...body.childNodes];
  if (tops.some((node) => isInline(node) && !isBlank(node))) return { why: "loose" };
  const sources = [];
  let gap = "";
  for (const node of tops) {
    if (node.nodeType === 3) { gap = node.data; continue; }
    sources.push({ gap, html: node.outerHTML });
    gap = "";
  }
  const original = tokens(body);
  prepare(body);
  const doc = Reader.fromSchema(schema).parse(body);
  const untouched = new Map(); // the document's own nodes: whoever edits one gets another
  const render = (now) => now.eq(doc) ? html : joined(now, untouched, schema);
  const back = tokens(bodyOf(joined(doc, untouched, schema)));
  const at = original.findIndex((token, place) => token !== back[place]);
  if (original.length && (at >= 0 || back.length !== original.length))
    return { why: "nested", tag: (original[at] ?? "").match(/^<(\w+)/)?.[1] ?? (back[at] ?? "").match(/^<(\w+)/)?.[1] ?? "" };
  if (doc.childCount === sources.length) doc.forEach((node, _offset, place) => untouched.set(node, sources[place]));
  return { doc, render };
}

/** Words beside blocks get a <div>, which the schema reads as a paragraph without its <p>. */
function prepare(body) {
  for (const holder of body.querySelectorAll(MIXED)) {
    let run = [];
    const wrap = () => {
      if (run.some((node) => !isBlank(node))) {
        const div = body.ownerDocument.createElement("div");
        run[0].before(div);
        div.append(...run);
      }
      run = [];
    };
    for (const node of [...holder.childNodes]) isInline(node) ? run.push(node) : wrap();
    wrap();
  }
}

function joined(doc, untouched, schema) {
  const out = [];
  doc.forEach((node, _offset, place) => {
    const source = untouched.get(node);
    out.push(source && (place || !source.gap) ? source.gap : place ? "\n" : "", source ? source.html : rendered(node, schema));
  });
  return out.join("");
}

function rendered(node, schema) {
  const page = document.implementation.createHTMLDocument(); // loads no picture
  const dom = DOMSerializer.fromSchema(schema).serializeNode(node, { document: page });
  unwrap(node, dom);
  return dom.outerHTML;
}

/** Take the <p> from bare paragraphs, where their words would not run into each other. */
function unwrap(node, dom) {
  if (node.isTextblock || !node.childCount) return;
  const children = [...dom.children];
  const bare = (place) => node.maybeChild(place)?.type.name === "paragraph" && node.child(place).attrs.bare;
  node.forEach((child, _offset, place) => {
    unwrap(child, children[place]);
    if (bare(place) && !bare(place - 1) && !bare(place + 1)) children[place].replaceWith(...children[place].childNodes);
  });
}

/** The elements and words of `root` in order, each with the marks that it stands in: the order of marks and blanks that nobody sees
 * are left out. */
function tokens(root) {
  const out = [];
  let words = []; // of the block at hand: [text, marks]
  const end = () => {
    const last = words.at(-1);
    if (last?.[0]) last[0] = last[0].replace(/ $/, "");
    for (const [text, marks] of words) if (text) out.push(`${marks}|${text}`);
    words = [];
  };
  const add = (text, marks) => {
    const last = words.at(-1);
    let found = text.replace(BLANK, " ");
    if (!last || /( |\n)$/.test(last[0])) found = found.replace(/^ /, "");
    if (last && last[1] === marks) last[0] += found;
    else if (found) words.push([found, marks]);
  };
  const walk = (node, marks) => {
    if (node.nodeType === 3) return add(node.data, marks.join());
    const open = `<${node.nodeName.toLowerCase()} ${[...node.attributes].map(({ name, value }) => `${name}=${value}`).sort().join(" ")}`;
    if (node.nodeName === "BR") words.push(["\n", marks.join()]);
    else if (node.nodeName === "IMG") words.push([open, marks.join()]);
    else if (MARKS.has(node.nodeName)) node.childNodes.forEach((one) => walk(one, [...new Set([...marks, open])].sort()));
    else {
      end();
      out.push(open + marks);
      node.childNodes.forEach((one) => walk(one, []));
      end();
      out.push(`</${node.nodeName}`);
    }
  };
  root.childNodes.forEach((one) => walk(one, []));
  end();
  return out;
}
