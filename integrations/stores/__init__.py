"""Clients of the four store platforms behind one interface; they know no row of ours."""
