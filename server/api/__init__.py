"""What the agents speak to: sealed bundles, enrolments, trust files, health."""
