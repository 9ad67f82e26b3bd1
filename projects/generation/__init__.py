"""The one generation engine. `starting` makes a job, `engine` works on it, `attempt` writes one item, `settling` saves."""
