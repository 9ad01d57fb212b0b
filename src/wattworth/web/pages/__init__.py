"""The pages: each file some of them; what they show, the API gives too."""
