"""The one generation engine. `job` starts and ends it, `engine` works through its items, `item` writes and saves one."""
