"""May it be said where the shop sells? The rules of law as rows, and what a writer is told of them.

No legal advice: a finding names a rule's article, so that a lawyer can judge it (docs/reference/law.md).
"""
