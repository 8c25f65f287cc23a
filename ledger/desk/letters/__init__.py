"""What leaves the house: letters issued, amended, taken back, shown and verified."""
