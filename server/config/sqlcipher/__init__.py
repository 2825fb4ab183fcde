"""Django on SQLCipher: a database that is unreadable without its key. ENGINE = "server.config.sqlcipher"."""
