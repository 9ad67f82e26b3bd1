"""Identity checks by Google, Apple and Cloudflare Turnstile."""
