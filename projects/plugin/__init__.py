"""The plugin API's rules: `generations` starts and gives the texts, `replies` reports. The views of this app and of the blog
share `forms` and `door`."""
