"""What the commands in scripts/ do: build, publish, summarise and export."""
