"""What people do at a tablet, one verb each. No Kivy, no SQL: rules of the domain, then one signed event."""
