"""Files of shops: how they are written, what they hold, and how they are given back untouched but for our cells.

Read in this order: `opening` (what kind of file is this), `encodings` and `dialects` (how a text file is written),
`records` (the byte-exact tokenizer), `mapping` (which column means what), `adapters` (rows to items), `merging`
(generated fields back into the very same bytes), `workbooks` and `wxr` (the two kinds that are not CSV).
Nothing here touches the database.
"""
