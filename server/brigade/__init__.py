"""Officers on line: a brigade or commissariat with a network works in the browser, with a security key."""
