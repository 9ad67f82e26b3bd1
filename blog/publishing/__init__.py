"""Putting posts on sites, exactly once as readers see it.

`targets` says where to, `publication` takes people's wishes and begins attempts, `job` is the job of an attempt, `attempt`
delivers it and saves what came of it, `drafts` is the post as a site takes it. What beat does is in `blog.tasks`.
"""
