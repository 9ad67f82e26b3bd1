"""Putting posts on sites, exactly once as readers see it.

`targets` says where to, `starting` makes an attempt and its job, `delivery` carries it out, `settling` saves what came of
it, `due` is what beat does: publish what is due, and reconcile what is in doubt.
"""
