"""Clients of stock-photo libraries."""
