"""Translations: texts made from the approved text in the shop's main language, its *original*.

What each module gives; all of it is pure and calls no model:

- `facts_of(facts, content, language)` in `originals`: the item's facts with the original on them. From there on
  `writing.checks.run`, the second reading and `quotes.quote` treat the text as a translation. `settings_of` gives the
  writing settings of the translation: they ask for exactly the fields that the original has (or those named), in its
  form. `by_built_in(settings)`: the built-in writer translates nothing; it writes from the facts, so its texts have no
  original and no check `translation`.
- `prompt.build(facts, settings, …)`: the request. Its answer has the form of a generated text, so that
  `writing.output.accept`, `writing.rounds` and `writing.repair` take it as they are.
- `latin.content_of(content)`: Serbian in Cyrillic as the same text in Latin letters, without a model, and
  `latin.lost(before, after)`: what it could not carry over.
- `memory.key(text)`, `memory.digest(text)`: the form in which an original is looked up and told to have moved, and
  `memory.near(text, candidates, language)`: earlier originals like it, for the prompt.
"""

from writing.translation.originals import by_built_in, facts_of, settings_of

__all__ = ["by_built_in", "facts_of", "settings_of"]
