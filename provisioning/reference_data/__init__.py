"""What a tablet decides with when it has no network: communes, calendar of ballots, figures of the law."""
