"""What every web page shares: layout, words, dates, sign-in, security headers, error pages."""
