"""The house itself: publishers and their staff, coming in, backups, checkpoints, erasure, the mail that left."""
