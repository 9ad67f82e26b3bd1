"""The verifier: with `grounding: strict` a second model reads the finished text, sentence by sentence, against the
source.

For each sentence the model names the passage of the source that states it, or says that the source has no such passage,
or that the sentence states nothing. Each verdict is then checked without a model. A passage that isn't in the source
supports nothing, and words that aren't in the text count against nothing. Where the model and the tables of
`writing.checks` differ, a finding gives the reason.

`sentences` cuts the text. `passages` looks quotes up. `terms` are the prompt, schema and thresholds in use. `request`
builds what the model is sent. `verdicts` judges the answer.
"""
