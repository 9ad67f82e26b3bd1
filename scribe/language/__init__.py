"""Languages: detecting that of a text, the scripts of Serbian, and the words of shops. It contains no rules of the product."""
