"""What the tablet says and asks, page by page, without any drawing: all the logic of the screens is here."""
