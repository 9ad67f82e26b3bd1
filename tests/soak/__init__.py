"""A soak test of the whole stack: mixed load, faults, and the invariants at the end. `make soak`."""
