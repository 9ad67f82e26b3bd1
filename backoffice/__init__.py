"""The staff's own pages: sign-in with a second factor, dashboard, money at risk. Stands above every other app."""
