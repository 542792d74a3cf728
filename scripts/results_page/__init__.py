"""The results page: HTML files that show what the published tables say of every experiment."""
