"""The checks of the reconciliation, one module per noun. Each yields what does not add up."""
