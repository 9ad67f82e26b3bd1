"""The built-in writer: a preview of the facts instead of a model's text. It costs nothing and is deterministic.

`writer.write(brief)` is the entry point. `facts` reads the shop's data. `lexicon` and `values` translate known words.
`phrases` says them in a language, with the labels of `grammar`. `product`, `article`, `instructions` and `alt_text`
compose the texts.
"""
