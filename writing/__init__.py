"""What turns an item into a prompt, and a model's answer into content that can be trusted.

`facts` reads an item's source. `settings` resolves how to write. `prompts` builds the request. `output` parses and
cleans the answer. `repair` asks once more. `quotes` estimates the cost beforehand. `writing.checks` judges whether the
text is true.
"""
