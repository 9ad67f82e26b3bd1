"""What every admin page is made of: the bases of pages, and deeds (actions with a reason and an audit entry)."""
