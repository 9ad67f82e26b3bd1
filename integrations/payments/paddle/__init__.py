"""Paddle Billing."""
