"""Posts in further languages. A translation is a post of its own, with status, address and schedule, that names its
original.

`originals` reads what a translation is made from, and what of it has moved since. `plan` says how each is written and what
that costs, `job` starts the work, `write` does it.
"""
