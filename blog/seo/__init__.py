"""SEO and readability score of a post; see `scoring`."""

from blog.seo.score import ENGINE_VERSION, score

__all__ = ["ENGINE_VERSION", "score"]
