"""`make demo`: one procuration from the kiosk to the town hall's decision, on the real programs, each a
process."""
