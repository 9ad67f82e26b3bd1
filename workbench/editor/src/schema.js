// What a post may hold, as the editor's schema: the tags and attributes of the blog's allow-list (blog/content.py), no others.

import { Mark, Node } from "@tiptap/core";

const optional = (...names) => () => Object.fromEntries(names.map((name) => [name, { default: null }]));
const element = (name, tag, content, more = {}) =>
  Node.create({ name, content, parseHTML: () => [{ tag }], renderHTML: () => [tag, 0], ...more });
const mark = (name, tags, more = {}) =>
  Mark.create({ name, parseHTML: () => tags.map((tag) => ({ tag })), renderHTML: () => [tags[0], 0], ...more });

const Doc = Node.create({ name: "doc", topNode: true, content: "block+" });
const Text = Node.create({ name: "text", group: "inline" });

// A paragraph within a list item, a cell or a quote mostly has no <p> there: it is `bare`. `prepare` makes a <div> of such words.
const Paragraph = Node.create({
  name: "paragraph",
  priority: 1000, // the first in the schema is what a new line becomes
  group: "block",
  content: "inline*",
  addAttributes: () => ({ bare: { default: true, rendered: false } }),
  parseHTML: () => [{ tag: "p", attrs: { bare: false } }, { tag: "div", attrs: { bare: true } }],
  renderHTML: () => ["p", 0],
});

const Heading = Node.create({
  name: "heading",
  group: "block",
  content: "inline*",
  defining: true,
  addAttributes: () => ({ level: { default: 2, rendered: false } }),
  parseHTML: () => [["h1", 2], ["h2", 2], ["h3", 3], ["h4", 4]].map(([tag, level]) => ({ tag, attrs: { level } })),
  renderHTML: ({ node }) => [`h${node.attrs.level}`, 0],
});

const block = { group: "block" };
const Quote = element("blockquote", "blockquote", "block+", { ...block, defining: true });
const Bullets = element("bulletList", "ul", "listItem+", { group: "block list" });
const Numbers = element("orderedList", "ol", "listItem+", { group: "block list" });
const Item = element("listItem", "li", "block+", {
  defining: true,
  // Tab leaves the editor, as it leaves any field.
  addKeyboardShortcuts() {
    return {
      Enter: () => this.editor.commands.splitListItem("listItem"),
      "Mod-]": () => this.editor.commands.sinkListItem("listItem"),
      "Mod-[": () => this.editor.commands.liftListItem("listItem"),
    };
  },
});

const Table = element("table", "table", "(tableHead | tableBody)+", { ...block, isolating: true });
const Head = element("tableHead", "thead", "tableRow+");
const Body = element("tableBody", "tbody", "tableRow+");
const Row = element("tableRow", "tr", "(tableCell | tableHeader)+");
const Cell = element("tableCell", "td", "block+", { isolating: true });
const Header = element("tableHeader", "th", "block+", { isolating: true });

const Figure = element("figure", "figure", "(block | figcaption)+", { ...block, isolating: true });
const Caption = element("figcaption", "figcaption", "inline*", {
  // The line after a caption is one of the text.
  addKeyboardShortcuts() {
    return {
      Enter: () => {
        const { $from } = this.editor.state.selection;
        if ($from.parent.type.name !== "figcaption") return false;
        return this.editor.chain().insertContentAt($from.after(-1), { type: "paragraph" }).focus($from.after(-1) + 1).run();
      },
    };
  },
});

const Break = Node.create({
  name: "hardBreak",
  group: "inline",
  inline: true,
  linebreakReplacement: true,
  parseHTML: () => [{ tag: "br" }],
  renderHTML: () => ["br"],
  renderText: () => "\n",
  addKeyboardShortcuts() {
    return { "Shift-Enter": () => this.editor.commands.insertContent({ type: "hardBreak" }) };
  },
});

// `address(src)`: where the page shows a picture; the browser may load none from another host.
const Picture = Node.create({
  name: "image",
  group: "inline",
  inline: true,
  draggable: true,
  addOptions: () => ({ address: () => "" }),
  addAttributes: optional("src", "alt", "width", "height"),
  parseHTML: () => [{ tag: "img[src]", getAttrs: (img) => /^(https:\/\/|http:\/\/|\/api\/v1\/files\/)/.test(img.getAttribute("src")) && null }],
  renderHTML: ({ HTMLAttributes }) => ["img", HTMLAttributes],
  addNodeView() {
    return ({ node }) => {
      const address = this.options.address(node.attrs.src);
      const dom = document.createElement(address ? "img" : "span");
      dom.className = "picture";
      if (address) Object.assign(dom, { src: address, alt: node.attrs.alt ?? "" });
      else dom.textContent = node.attrs.alt || node.attrs.src;
      return { dom };
    };
  },
});

const Strong = mark("bold", ["strong", "b"], {
  addKeyboardShortcuts() { return { "Mod-b": () => this.editor.commands.toggleMark("bold") }; },
});
const Emphasis = mark("italic", ["em", "i"], {
  addKeyboardShortcuts() { return { "Mod-i": () => this.editor.commands.toggleMark("italic") }; },
});
const Link = Mark.create({
  name: "link",
  priority: 900, // outside the others
  inclusive: false,
  addAttributes: optional("href", "rel"),
  parseHTML: () => [{ tag: "a[href]" }],
  renderHTML: ({ HTMLAttributes }) => ["a", HTMLAttributes, 0],
});

export const schema = [
  Doc, Text, Paragraph, Heading, Quote, Bullets, Numbers, Item, Table, Head, Body, Row, Cell, Header, Figure, Caption, Break, Picture,
  Strong, Emphasis, Link,
];
