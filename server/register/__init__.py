"""The Répertoire électoral unique behind its port: it controls what no town hall decides (regime B; DOMAIN
1.1, DESIGN decision 2)."""
