"""The console of the central administrators: tablets, bundles, events set aside, messages. It shows no
personal data."""
