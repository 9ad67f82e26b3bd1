"""Forms of dates that Django has wrong in a language of the pages."""
