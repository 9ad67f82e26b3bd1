"""The operations, one module per tag."""
