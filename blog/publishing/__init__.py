"""Putting posts on sites. Readers see each post exactly once.

`targets` says where a post goes. `publication` takes people's requests and begins attempts. `job` is the job of an
attempt; `attempt` delivers it and saves the result. `drafts` makes the post as a site takes it. Beat's part is in
`blog.tasks`.
"""
