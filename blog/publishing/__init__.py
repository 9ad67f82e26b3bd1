"""Putting posts on sites, exactly once as readers see it.

`targets` says where to, `starting` makes an attempt and its job, `delivery` carries it out, `settling` saves what came of
it. What beat does (publishing what is due, clearing up what is in doubt) is in `blog.tasks`.
"""
