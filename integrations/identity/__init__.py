"""Who somebody is, as Google, Apple and Cloudflare Turnstile say it."""
