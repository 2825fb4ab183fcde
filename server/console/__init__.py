"""The console of the central administrators: the human queue, tablets, bundles, events set aside, messages.
Only the page of a case shows personal data: nobody can decide between two people without it."""
