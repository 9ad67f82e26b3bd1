"""The parts of every admin page: the base classes, and actions of staff (with a reason and an audit entry)."""
