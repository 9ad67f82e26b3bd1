"""Clients of the four store platforms behind one interface. They use no database models."""
