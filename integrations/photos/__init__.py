"""Stock photos from the outside."""
