"""The plugin API's rules: `generations` start and report, `kinds` give the texts, `forms` and `door` are what the views of
this app and of the blog above it share."""
