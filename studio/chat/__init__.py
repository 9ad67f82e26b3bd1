"""The support bots in Chatwoot. `deliveries` takes a delivery, `answers` works on it in a task, `account` looks up data
for a verified contact, `drafts` asks the model, and `bots` says how the three bots differ."""
