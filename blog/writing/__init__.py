"""Writing posts. `job` starts and ends the job, `post` runs it, `prompts` asks, `article` reads the model's answer."""
