"""Language models: one call for many providers.

`caller.Caller` sends a `types.Prompt` to a provider and returns a `types.Answer`. Code that differs between vendors
lives in `providers/`, the abilities of models in `capabilities`, the providers and their keys in `registry`. The
built-in `offline` writer needs no key and no network. Facts about the vendors' interfaces: docs of their SDKs
(anthropic 2.13, openai 3.57). This package imports no database model.
"""
