"""Error rates of the statistics, measured by simulating experiments through the models."""
