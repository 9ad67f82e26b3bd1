"""The pages, a module per noun."""
