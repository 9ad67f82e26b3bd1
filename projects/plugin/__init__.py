"""The plugin API's rules: `generations` starts and reports, `kinds` gives the texts. The views of this app and of the blog
share `forms` and `door`."""
