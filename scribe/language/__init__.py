"""What we know of languages: which one a text is in, the scripts of Serbian, and what shops call things. No rule of the product."""
