"""What is plugged into a tablet: a printer, something that reads receipts."""
