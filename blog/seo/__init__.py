"""SEO and readability score of a post; see `blog.seo.score`."""

from blog.seo.score import ENGINE_VERSION, score
