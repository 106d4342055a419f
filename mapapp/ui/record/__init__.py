"""One incident: its panel, who says so, its history; and the list of disagreements."""
