"""Images of posts: judged, re-encoded, stored in several widths."""
