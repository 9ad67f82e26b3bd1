"""The parts of every admin page: the base classes, and deeds (actions with a reason and an audit entry)."""
