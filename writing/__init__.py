"""What turns an item into a prompt, and a model's answer into content that can be trusted.

`facts` reads an item's source, `settings` resolves how to write, `prompts` asks, `output` takes the answer apart and
cleans it, `repair` asks once more, `quotes` says beforehand what it costs. Whether the text is true is the matter of
`writing.checks`.
"""
