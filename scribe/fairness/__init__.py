"""Nobody holds up anybody: who a caller is, and how much of what all callers use falls to one of them. docs/explanation/fairness.md draws it.

`callers` says who calls, without a query. `shares` divides what can be counted (threads, waits, streams, bytes) among them.
`lookups` takes the calls of third parties out of the request threads.
"""
