"""Charts: each draws tables, and knows neither a scenario nor a model."""
