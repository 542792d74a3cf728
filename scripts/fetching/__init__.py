"""Brings data and settings from where they are, into files that a build reads."""
