"""The verifier: with `grounding: strict` a second model reads the finished text, sentence by sentence, against the source.

It names for each sentence the passage of the source that states it, or that there is none, or that the sentence states
nothing. What it says is looked at without a model: a passage that isn't in the source supports nothing, words that aren't in
the text accuse nothing, and where it and the tables of `writing.checks` differ, that is a finding with its reason.

`sentences` cuts the text, `passages` looks quotes up, `terms` are the prompt, schema and thresholds in use, `request` is what the
model is sent, `verdicts` judges the answer.
"""
