"""The one generation engine. `job` starts and ends a job, `engine` works through its items, `item` writes and saves one."""
