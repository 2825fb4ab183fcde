"""Our records in the hands of another implementation of COSE."""
