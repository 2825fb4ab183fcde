"""Creates the authority, enrols tablets and officers, publishes the signed tables."""
