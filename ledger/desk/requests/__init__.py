"""The life of a request: asked, followed, priced, referred to the owner, decided."""
