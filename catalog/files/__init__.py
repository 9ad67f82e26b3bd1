"""Files of shops: their form, their contents, and writing them back with only our cells changed.

Read in this order: `detection` (the kind of a file), `encodings` and `dialects` (the form of a text file), `records` (the
byte-exact tokenizer), `mapping` (the meaning of columns), `adapters` (rows to items), `merge` (generated fields back into
the very same bytes), `workbooks` and `wxr` (the two kinds that are not CSV). Nothing here touches the database.
"""
