"""How the centre is set up: settings, addresses, keys, the object that holds them."""
