"""Payloads that no allowed HTML may be made of, one a line of hostile_html.txt."""

from pathlib import Path

HOSTILE = (Path(__file__).parent / "hostile_html.txt").read_text("utf-8").rstrip("\n").split("\n")
