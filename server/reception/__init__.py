"""The public list of places that receive electors: points d’accueil numériques, brigades, commissariats,
consulates. Anybody may read it, and nothing of a procuration is in it."""
