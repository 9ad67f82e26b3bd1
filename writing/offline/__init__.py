"""The built-in writer: rules instead of a model. It says only what the facts say, costs nothing, and is deterministic.

`writer.write(brief)` is the entry point. `facts` reads the shop's data. `lexicon` and `values` translate known words.
`grammar` says them in a language. `product`, `article`, `instructions` and `alt_text` compose the texts.
"""
