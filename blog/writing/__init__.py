"""Having posts written: `job` starts and ends it, `post` does the work, `article` is the form of the answer."""
