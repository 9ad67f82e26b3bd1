// Builds the editor of posts into the file that the page loads, with the licences of what is in it, and the digests by which a test
// knows that the file is made of this source. `make editor` runs it.

import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const OUT = "../static/workbench/";

const { metafile } = await build({
  entryPoints: ["src/editor.js"],
  outfile: `${OUT}editor.js`,
  banner: { js: "/* TipTap and ProseMirror, see editor.licences.txt. Built by `make editor` from workbench/editor. */" },
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  metafile: true,
});

const packages = [...new Set(Object.keys(metafile.inputs).map((path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]))];
const licences = packages.filter(Boolean).sort().map((name) => {
  const { version, license } = JSON.parse(readFileSync(`node_modules/${name}/package.json`));
  const file = readdirSync(`node_modules/${name}`).find((one) => /^licen[cs]e/i.test(one));
  return `${name} ${version} (${license})\n\n${file ? readFileSync(`node_modules/${name}/${file}`, "utf8").trim() : ""}\n`;
});
writeFileSync(`${OUT}editor.licences.txt`, licences.join("\n---\n\n"));

const sources = ["build.js", "package.json", "package-lock.json", ...readdirSync("src").sort().map((name) => `src/${name}`)];
const digest = (path) => createHash("sha256").update(readFileSync(path)).digest("hex");
const lines = [...sources, `${OUT}editor.js`, `${OUT}editor.licences.txt`].map((path) => `${digest(path)}  ${path}\n`);
writeFileSync("digests.txt", lines.join(""));
