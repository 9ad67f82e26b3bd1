"""The profile builder: `starting` makes its job from a template and a brand's answers, `running` makes the one call."""
