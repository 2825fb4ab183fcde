"""The centre: keeps what every tablet signed, tells each what it needs, shows each town hall its electors."""
