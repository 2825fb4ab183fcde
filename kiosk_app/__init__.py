"""The tablet: an elector files a request at a point d’accueil, an officer finds it and decides at a brigade."""
