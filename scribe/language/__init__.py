"""Which language a text is in. This is the one place that tells; it knows languages, and no rule of the product."""
