"""The support bots in Chatwoot. `receiving` takes a delivery, `answering` works on it in a task, `account` looks up what a
verified contact may know, `thinking` asks the model, `bots` says how the three differ."""
