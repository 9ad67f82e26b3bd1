"""The store audit. `job` starts and runs it, `product` reads a product, `checks` judges it, `duplicates` compares them
all, `health` computes the score, and `fix_project` starts a project from one issue."""
