"""Having posts written: `starting` makes the job, `engine` works on it, `article` is the form of the answer."""
