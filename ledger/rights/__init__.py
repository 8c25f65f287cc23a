"""What may be done with a piece, by whom, on what ground.

Pure: the standard library only, frozen values, and "today" is always passed in. Nothing in here reads or
writes.
"""
