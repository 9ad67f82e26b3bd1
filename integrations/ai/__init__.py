"""Models of language: one call, many providers.

`calling.Caller` sends a `types.Prompt` to a provider and gives back a `types.Answer`; everything that differs between
vendors lives in `providers/`, what a model can do in `capabilities`, who is configured in `registry`. The built-in
`offline` writer needs no key and no network. Facts about the vendors' interfaces: docs of their SDKs (anthropic 2.13,
openai 3.57). Nothing here knows a model of our database.
"""
