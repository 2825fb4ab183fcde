"""What a procuration is, in the words of the Code électoral. Pure: no file, network, database, clock or
random."""
