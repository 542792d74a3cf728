"""Plans of experiments, and A/A checks, from what happened before."""
