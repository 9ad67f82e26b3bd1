"""Outreach: the reactions to mails that staff wrote to prospects. `hits` counts opens and clicks, `links` decides
where a click may lead."""
