"""Every run of these tests tries the same examples: a failure here is a failure everywhere."""

from hypothesis import settings

settings.register_profile("same", derandomize=True, database=None, deadline=None, max_examples=40)
settings.load_profile("same")
