"""Files that carry texts to translators and back: XLIFF 1.2 and 2.1, PO, and the tables of Shopify, Magento, WPML and
Polylang.

A file is a sequence of rows (`rows.TranslationRow`): an item's key, one text of one of its fields, the original, and the
translation as far as there is one. `formats.FORMATS` has a format per name, each with

- `write(rows, head)`: the file, in chunks; `head` (`rows.Head`) names both languages;
- `read(file, faults)`: its rows, each with the line where it stands; what cannot be read is added to `faults` by line;
- `fill(file, targets)`: the same file with other translations in it, all other bytes as they were. `targets` maps
  `(item, field)` to a text; a translation that is there already leaves the file unchanged.

`matching.matched` compares rows with what the catalogue says today. It refuses by name rows whose original has moved
(`source_changed`), and puts the entries of lists together again.

Nothing here knows a database. Limits are those of `catalog.files.limits`.
"""
