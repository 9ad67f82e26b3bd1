"""Outreach: what became of the mails that staff wrote to prospects. `counting` counts opens and clicks, `links` judges
where a click may lead."""
