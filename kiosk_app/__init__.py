"""The tablet: an elector files a request at a point d’accueil, an officer decides on it at a brigade."""
