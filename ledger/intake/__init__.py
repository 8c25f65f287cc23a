"""Reading what was published: bytes in, a draft record out. Pure: no file, no network, no clock."""
