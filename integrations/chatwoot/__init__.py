"""Chatwoot: its signed webhooks and the calls that an agent bot's token may make."""
