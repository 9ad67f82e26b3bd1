"""An app whose only migration alters the table of jobs, for tests of `migrate`."""
