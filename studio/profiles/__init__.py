"""The profile builder. `job` starts it from a template and a brand's answers; `instructions` has a model write."""
