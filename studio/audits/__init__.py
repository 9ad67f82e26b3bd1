"""The store audit: `starting` makes it, `running` goes through the products, `checks` judges each, `duplicates` compares
them, `health` makes the score, `fixing` starts a project from one issue."""
