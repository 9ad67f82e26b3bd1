"""Languages: detecting a text's language, Serbian's two scripts, and words of shops. It has no rules of the product."""
