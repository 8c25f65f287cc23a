"""What anybody may ask of the register: find a piece, read its rights, get an answer. Nothing is written."""
