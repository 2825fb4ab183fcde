"""Who is in front of the browser: electors by FranceConnect or NC Connect, agents by ProConnect or an
account."""
