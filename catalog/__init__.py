"""A shop's catalogue as data: files of every platform, what their columns mean, the texts of a row. No database."""
