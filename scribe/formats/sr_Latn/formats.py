"""Serbian has the month of a day in the genitive: `E`, where Django has the nominative `F`."""

DATE_FORMAT = "j. E Y."
DATETIME_FORMAT = "j. E Y. H:i"
MONTH_DAY_FORMAT = "j. E"
