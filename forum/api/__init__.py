"""The API: tokens, what is answered, the calls of version 1, and the document that describes them."""
