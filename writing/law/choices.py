"""What a rule of law may be about, and how grave it is."""

from django.db import models


class Trade(models.TextChoices):
    FOOD = "food", "Food and dietary supplements"
    COSMETICS = "cosmetics", "Cosmetics"
    ELECTRONICS = "electronics", "Electronics"
    TEXTILES = "textiles", "Textiles"
    TOYS = "toys", "Toys"
    HOUSEHOLD = "household", "Household"
    OTHER = "other", "Other"


class Severity(models.TextChoices):
    NOTE = "note", "Note"
    WARN = "warn", "Flags the text"
    BLOCK = "block", "Approval needs an override with a reason"
