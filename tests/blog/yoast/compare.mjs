// Scores posts with the npm package yoastseo: JSON array of posts on stdin, JSON array of results on stdout.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(import.meta.url);
const { Paper, assessors } = require("yoastseo");

const KNOWN = new Set(["en", "de"]);
const researcherOf = (language) =>
  require(`yoastseo/build/languageProcessing/languages/${KNOWN.has(language) ? language : "_default"}/Researcher.js`).default;

function results(assessor, paper) {
  assessor.assess(paper);
  return Object.fromEntries(
    assessor.results.map((r) => [r.getIdentifier(), { score: r.hasScore() ? r.getScore() : null, text: r.getText() }]),
  );
}

function score(post) {
  const Researcher = researcherOf(post.language);
  const paper = new Paper(post.content, {
    keyword: post.focus_keyword,
    description: post.description,
    title: post.title,
    titleWidth: post.title_width,
    slug: post.slug,
    permalink: `https://shop.example.com/${post.slug}/`,
    locale: { en: "en_US", de: "de_DE" }[post.language] ?? "sr_RS",
  });
  const seo = new assessors.SEOAssessor(new Researcher(paper));
  const readability = new assessors.ContentAssessor(new Researcher(paper));
  const checks = { ...results(seo, paper), ...results(readability, paper) };
  return {
    id: post.id,
    seo: seo.calculateOverallScore(),
    readability: readability.calculateOverallScore(),
    checks,
  };
}

const log = console.log;
console.log = console.warn = console.error = () => {}; // the package talks to the console
const posts = JSON.parse(readFileSync(0, "utf8"));
log(JSON.stringify(posts.map(score)));
