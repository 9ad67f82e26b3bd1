"""The merchants' own pages at `/app/`: Django templates and htmx over the same functions that the API calls."""
