"""Pushing generated content to stores, never over a merchant's own words, and taking it back."""
